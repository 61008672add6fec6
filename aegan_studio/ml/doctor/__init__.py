"""The training doctor: watches what a training reports and says what is wrong with it.

It needs numbers alone: no weights, no pictures, no torch.

    doctor = Doctor(experiment)
    for event in trainer.run():
        found = doctor.watch(event)  # Findings where something has changed
"""

from __future__ import annotations

from aegan_studio.ml.doctor.doctor import Doctor, examined
from aegan_studio.ml.doctor.recorded import recorded

__all__ = ["Doctor", "examined", "recorded"]
