"""The doctor in the window: what it found, in the foot and in its panel, and its remedies."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aegan_studio.catalog.findings import FINDINGS
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Findings, Instant, Kept
from aegan_studio.experiment.findings import Curve, Finding, Remedy
from aegan_studio.messages import msg
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.status import StatusBar
from aegan_studio.ui.panels.train.doctor import DoctorPanel
from aegan_studio.ui.panels.train.doctor.frames import Frame
from aegan_studio.ui.training.session import Session
from tests.ui.training_fakes import dark

LOWER = Remedy(
    msg("Lower its rate"),
    msg("{phase}: learning rate from {old:g} to {new:g}.", phase="D", old=0.002, new=0.0005),
    {"phases.discriminator.lr": 0.0005},
    live=True,
)
STRONG = Finding(
    "strong-critic",
    "warning",
    0.82,
    1600,
    1200,
    about="discriminator",
    numbers={"held-out.told_apart": 0.99},
    curves=(Curve("held-out.told_apart", np.arange(5), np.linspace(0.6, 0.99, 5), limit=0.95),),
    remedies=(LOWER,),
)


class Scene:
    """A document, its session without a training, the doctor's panel and the foot."""

    def __init__(self, qtbot: QtBot) -> None:
        self.document = Document(Experiment.parse({"dataset": "ring", "method": "gan"}))
        self.session = Session(self.document)
        self.panel = DoctorPanel(self.document, self.session)  # type: ignore[arg-type]
        self.foot = StatusBar(self.document, self.session)
        for widget in (self.panel, self.foot):
            qtbot.addWidget(widget)
        self.panel.resize(360, 420)
        self.foot.resize(1200, 28)
        self.panel.show()
        self.foot.show()

    def find(self, *findings: Finding) -> None:
        """The doctor reports; the run rests."""
        self.session._state = "paused"
        self.session.watching._on_found(Findings(1600, findings))


@pytest.fixture
def scene(qtbot: QtBot, qapp: QApplication) -> Iterator[Scene]:
    with dark(qapp):
        yield Scene(qtbot)


def test_the_finding_used_here_exists() -> None:
    assert STRONG.name in FINDINGS


def test_before_a_run_and_without_findings_it_says_so(scene: Scene) -> None:
    assert "Press Train" in scene.panel.well.text
    scene.find()
    scene.session.state_changed.emit("paused")
    assert "Nothing is wrong" in scene.panel.well.text
    assert not scene.foot.why_button.isVisible()


def test_a_finding_is_shown_with_its_evidence_and_in_the_foot(scene: Scene) -> None:
    scene.find(STRONG)
    (card,) = scene.panel.cards
    assert card.isVisible()
    assert card.accessibleName() == "Overpowering discriminator"
    assert scene.foot.health == "Doctor: the discriminator is too far ahead"
    assert scene.foot.mend_button.text() == "Lower its rate"
    scene.find()
    assert not scene.panel.cards or not scene.panel._area.isVisible()
    assert not scene.foot.mend_button.isVisible()


@pytest.mark.parametrize("where", ["card", "foot"])
def test_a_remedy_edits_the_experiment_and_can_be_undone(
    scene: Scene, qtbot: QtBot, where: str
) -> None:
    scene.find(STRONG)
    before = scene.document.experiment
    card = scene.panel.cards[0]
    button = card.remedies[0] if where == "card" else scene.foot.mend_button
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert scene.document.experiment.get("phases.discriminator.lr") == 0.0005
    scene.document.undo_stack.undo()
    assert scene.document.experiment == before


def test_what_was_made_when_it_began_and_now_stands_beside_it(scene: Scene, qtbot: QtBot) -> None:
    scene.panel.resize(900, 420)
    scene.find(STRONG)
    shown = scene.panel.cards[0].frames
    assert not shown.frames
    scene.session.moments.take(_kept(0, 800, 1300))
    then, now = shown.frames
    assert (then.text(), now.text()) == ("step 800", "step 1,300")
    assert then.isVisible()
    assert now.isVisible()
    scene.session.moments.take(_kept(0, 800, 1300, 1500))
    assert shown.frames == [then, now]
    assert now.text() == "step 1,500"
    looked: list[int] = []
    shown.looked_at.connect(looked.append)
    qtbot.mouseClick(then, Qt.MouseButton.LeftButton)
    assert looked == [800]
    assert _white(then) > 0.5 > _white(now)
    # where there is little room the newest stays, and the words before all
    scene.panel.resize(500, 420)
    QApplication.processEvents()
    assert not then.isVisible()
    assert now.isVisible()
    scene.panel.resize(360, 420)
    QApplication.processEvents()
    assert not now.isVisible()


def _kept(*steps: int) -> Kept:
    """Instants of white pictures up to step 1,000, and of black ones later."""
    added = tuple(
        Instant(step, 1.0, 1.0, np.full((6, 8, 8), 255 * (step <= 1000), np.uint8), None, 100)
        for step in steps
    )
    return Kept(steps, steps, added)


def _white(frame: Frame) -> float:
    """The share of light pixels in a frame's picture."""
    image = frame.grab().toImage()
    values = [image.pixelColor(x, y).lightness() for x in range(4, 140, 8) for y in range(4, 92, 8)]
    return sum(value > 128 for value in values) / len(values)


def test_what_is_put_aside_is_quiet_until_it_is_brought_back(scene: Scene, qtbot: QtBot) -> None:
    scene.find(STRONG)
    qtbot.mouseClick(scene.panel.cards[0].aside, Qt.MouseButton.LeftButton)
    assert not scene.foot.why_button.isVisible()
    assert "put aside" in scene.panel.well.text
    qtbot.mouseClick(scene.panel.back, Qt.MouseButton.LeftButton)
    assert scene.panel.cards[0].isVisible()
    assert scene.foot.why_button.isVisible()


def test_a_mild_finding_stays_out_of_the_foot(scene: Scene) -> None:
    mild = Finding("oscillation", "info", 0.5, 900, 500)
    scene.find(mild)
    assert scene.panel.cards[0].finding is mild
    assert not scene.foot.why_button.isVisible()


def test_the_foot_leads_to_the_panel(scene: Scene, qtbot: QtBot) -> None:
    scene.find(STRONG)
    with qtbot.waitSignal(scene.foot.doctor_asked):
        qtbot.mouseClick(scene.foot.why_button, Qt.MouseButton.LeftButton)
