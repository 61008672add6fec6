"""The menu of step mode: for how long to run, until what, and how slowly."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.panels.train.step.run import RunCard
from aegan_studio.ui.panels.train.step.slow import pace_text
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.menus import Menu

PACES = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Updates a second on offer."""


def step_menu(session: Session, parent: QWidget, below: QWidget) -> Menu:
    """Run for, run until, slow motion and its pace; cards open below a widget."""
    stepping = session.stepping
    menu = Menu(parent=parent)
    can = stepping.why_not is None
    menu.add(
        tr("Run steps…"),
        lambda: open_run_card(session, parent, below, "for"),
        icon_name="step",
        enabled=can,
    )
    menu.add(
        tr("Run until…"),
        lambda: open_run_card(session, parent, below, "until"),
        icon_name="play",
        enabled=can,
    )
    menu.addSeparator()
    on = stepping.slow.on
    menu.add(
        tr("End slow motion") if on else tr("Slow motion"),
        stepping.slow_motion,
        icon_name="pulse",
        enabled=can,
    )
    paces = Menu(tr("Pace of slow motion"), menu)
    for pace in PACES:
        action = paces.add(pace_text(pace), partial(stepping.slow.set_pace, pace))
        action.setCheckable(True)
        action.setChecked(abs(stepping.slow.pace - pace) < 1e-9)
    menu.addMenu(paces)
    return menu


def open_run_card(session: Session, parent: QWidget, below: QWidget, what: str) -> RunCard:
    """Ask for how long, or until what, to run."""
    card = RunCard(session, what, parent)
    card.open_below(below)
    return card
