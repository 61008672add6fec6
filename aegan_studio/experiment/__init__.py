"""What a run is: the experiment, its options, its files and the events of its training."""

from aegan_studio.experiment.model import Experiment
from aegan_studio.experiment.problems import InputError, Mend, Problem

__all__ = ["Experiment", "InputError", "Mend", "Problem"]
