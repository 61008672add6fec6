"""The loss mixer: a fader for every weighted term, and marks at the models that have a name."""

from aegan_studio.ui.panels.train.mixer.panel import MixerPanel

__all__ = ["MixerPanel"]
