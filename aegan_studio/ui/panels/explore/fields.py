"""Fields that several pages have."""

from __future__ import annotations

from aegan_studio.i18n import tr
from aegan_studio.ui.widgets.number_field import NumberField

MOST_STEPS = 5000


def steps_field(steps: int, tooltip: str) -> NumberField:
    """How many updates a search or a drag may take, 1 to :data:`MOST_STEPS`."""
    field = NumberField(
        steps,
        lo=1,
        hi=MOST_STEPS,
        integer=True,
        log=True,
        unit=tr("steps"),
        name=tr("Number of steps"),
    )
    field.setToolTip(tooltip)
    return field
