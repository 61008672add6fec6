"""The doctor beside a run: in its own thread, told what the window is told."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Evaluated, Event, Findings, Progress, Started
from aegan_studio.experiment.findings import Finding
from aegan_studio.ui.document import Document
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.training.watching import Watching, in_order


def _progress(first: int, last: int, value: float = 1.0) -> Progress:
    steps = np.arange(first, last + 1)
    return Progress(steps, np.full((len(steps), 1), value, np.float32), 0.0, 0.0, 0.0, 0)


def _spans(events: Iterator[Event]) -> list[object]:
    return [
        (int(e.steps[0]), int(e.steps[-1])) if isinstance(e, Progress) else e.step  # type: ignore[union-attr]
        for e in events
    ]


def test_measurements_go_back_among_the_steps_they_belong_to() -> None:
    batch = (_progress(1, 250), Evaluated(100, {}), Evaluated(200, {}), _progress(251, 260))
    assert _spans(in_order(batch)) == [(1, 100), 100, (101, 200), 200, (201, 250), (251, 260)]
    assert _spans(in_order((_progress(1, 100), Evaluated(100, {})))) == [(1, 100), 100]
    assert _spans(in_order((Evaluated(100, {}), _progress(101, 120)))) == [100, (101, 120)]
    assert _spans(in_order((_progress(90, 100), Evaluated(100, {}), _progress(101, 101)))) == [
        (90, 100),
        100,
        (101, 101),
    ]


VAE = Experiment.parse({"dataset": "digits", "method": "vae"}).with_options(
    {"training.steps": 2000, "training.threads": 1}
)


def _sick() -> tuple[Event, ...]:
    """A VAE whose code says nothing, as its training would report."""
    columns = ("rec-x",)
    events: list[Event] = [Started(0, 2000, 10, columns, {}, "cpu", 1, None)]
    for step in range(100, 1100, 100):
        events.append(_progress(step - 99, step))
        events.append(Evaluated(step, {"spread": 0.1, "nats": 0.01, "active": 0.0}))
    return tuple(events)


@pytest.fixture
def watching() -> Iterator[Watching]:
    made = Watching()
    yield made
    made.close()


def test_a_finding_reaches_the_window_and_can_be_put_aside(
    watching: Watching, qtbot: QtBot
) -> None:
    appeared: list[str] = []
    watching.appeared.connect(appeared.append)
    watching.begin(VAE, None)
    with qtbot.waitSignal(watching.found) as caught:
        watching.feed(_sick())
    assert isinstance(caught.args[0], Findings)
    (finding,) = watching.findings
    assert finding.name == "posterior-collapse"
    assert watching.shown == (finding,)
    assert [(mark.step, mark.name) for mark in watching.marks] == [(500, "posterior-collapse")]
    assert appeared == ["posterior-collapse"]
    watching.put_aside(finding.name, 500)
    assert not watching.shown
    assert watching.aside == (finding,)
    watching.feed((_progress(1001, 1400),))
    assert not watching.shown
    watching.feed((_progress(1401, 1500),))
    assert watching.shown
    watching.put_aside(finding.name)
    watching.feed((_progress(1501, 1900),))
    assert not watching.shown
    watching.bring_back()
    assert watching.shown


def test_another_run_begins_without_findings(watching: Watching, qtbot: QtBot) -> None:
    watching.begin(VAE, None)
    with qtbot.waitSignal(watching.found):
        watching.feed(_sick())
    watching.begin(VAE, None)
    assert not watching.findings
    assert not watching.marks


def test_a_real_training_with_a_fault_is_found_out_live(qtbot: QtBot) -> None:
    """A VAE on moons whose divergence outweighs everything; the remedy takes effect at once."""
    experiment = Experiment.parse({"dataset": "moons", "method": "vae"}).with_options(
        {
            "method.beta": 500.0,
            "method.latent_dim": 2,
            "dataset.count": 400,
            "networks.encoder.widths": (8,),
            "networks.decoder.widths": (8,),
            "training.evaluate_every": 100,
            "training.steps": 20_000,
            "training.threads": 1,
        }
    )
    document = Document(experiment)
    session = Session(document)
    told: list[Findings] = []
    session.event.connect(lambda event: told.append(event) if isinstance(event, Findings) else None)

    def found() -> Finding | None:
        names = {finding.name: finding for finding in session.watching.findings}
        return names.get("posterior-collapse")

    session.restart()
    try:
        qtbot.waitUntil(lambda: found() is not None, timeout=60_000)
        finding = found()
        assert finding is not None
        assert told
        assert told[-1] is session.latest[Findings]
        remedy = finding.remedies[0]
        assert remedy.live
        document.edit(remedy.edits)
        qtbot.waitUntil(lambda: session.experiment.get("method.beta") == 50.0, timeout=10_000)
    finally:
        session.close()
