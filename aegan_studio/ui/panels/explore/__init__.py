"""The explore workspace: map, canvas, sliders, walk."""
