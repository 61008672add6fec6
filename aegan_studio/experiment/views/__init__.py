"""What live views show of a model: frozen values of numbers and NumPy arrays, a class a kind."""

from aegan_studio.experiment.views.base import View

__all__ = ["View"]
