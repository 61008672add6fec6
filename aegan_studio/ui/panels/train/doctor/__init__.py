"""What the training doctor has found, why, and what may help."""

from aegan_studio.ui.panels.train.doctor.panel import DoctorPanel

__all__ = ["DoctorPanel"]
