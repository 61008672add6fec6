"""Bundled demos in the window: opened, shown, reset."""
