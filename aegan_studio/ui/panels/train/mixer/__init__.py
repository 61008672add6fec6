"""The loss mixer: a fader for every weighted term, and marks at the models that have a name."""

from aegan_studio.ui.panels.train.mixer.panel import MixerPanel, has_mixer

__all__ = ["MixerPanel", "has_mixer"]
