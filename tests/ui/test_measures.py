"""The measures of generated points: read from events and history, compared with what is real."""

import pytest
from PySide6.QtGui import QColor

from aegan_studio.experiment.events import Evaluated
from aegan_studio.ui.panels.train.measures.panel import MeasuresPanel, MeasureStrip
from aegan_studio.ui.panels.train.measures.readings import MEASURES, Readings
from aegan_studio.ui.theme import DARK
from tests.ui.training_fakes import FakeDocument, FakeSession, dark, experiment

BAD = {
    "js": 0.612,
    "js-floor": 0.02,
    "kl-forward": 3.1,
    "kl-reverse": 1.25,
    "covered": 0.31,
    "covered-best": 0.99,
    "modes": 3.0,
    "high-quality": 0.44,
    "uneven": 1.1,
}
GOOD = BAD | {"js": 0.024, "covered": 0.985, "modes": 8.0, "high-quality": 0.975}


@pytest.fixture
def session(qapp):
    with dark(qapp):
        yield FakeSession(FakeDocument(experiment("gan", "ring")))


def measure(session, step, values):
    event = Evaluated(step, values)
    session.history.add(event)
    session.latest[Evaluated] = event
    session.event.emit(event)


def shown(qtbot, widget, width=420, height=220):
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def test_readings_know_what_is_as_good_as_real(session):
    readings = Readings(session)
    assert readings.measures == ()
    measure(session, 100, BAD)
    assert readings.measures == MEASURES
    assert not any(readings.is_good(m) for m in MEASURES)
    assert [readings.goal_text(m) for m in MEASURES] == [
        "floor 0.020",
        "",
        "",
        "real 99.0 %",
        "of 8",
        "exact 98.9 %",
    ]
    measure(session, 200, GOOD)
    assert [m.name for m in MEASURES if readings.is_good(m)] == [
        "js",
        "covered",
        "modes",
        "high-quality",
    ]
    # others that are measured more often do not push them out
    measure(session, 300, {"dead.generator": 0.0})
    assert (readings.step, readings.values["js"]) == (200, 0.024)


def test_an_opened_run_shows_what_it_measured_last(session):
    session.history.add(Evaluated(400, GOOD))
    assert Readings(session).step == 400
    session.history.truncate_after(0)
    assert Readings(session).values == {}


def test_the_panel_invites_then_shows_lines_with_their_tips(qtbot, session):
    panel = shown(qtbot, MeasuresPanel(session._document, session))
    assert panel.well.isVisible()
    measure(session, 100, BAD)
    measure(session, 200, GOOD)
    assert not panel.well.isVisible()
    assert panel.lines.isVisible()
    assert "JS divergence: 0.024 floor 0.020" in panel.lines.accessibleDescription()
    image = panel.lines.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(30)}
    assert QColor(DARK.healthy).name() in seen
    assert QColor(DARK.generated).name() in seen
    found = panel.lines.measure_at(panel.lines.line_of(4).center())
    assert found.name == "modes"
    assert "Modes of the mixture" in panel.lines.help_of(found)
    assert "floor" in panel.lines.help_of(MEASURES[0])


def test_data_without_modes_have_fewer_lines(qtbot, qapp):
    with dark(qapp):
        session = FakeSession(FakeDocument(experiment("gan", "moons")))
        panel = shown(qtbot, MeasuresPanel(session._document, session), 240, 150)
        values = {n: v for n, v in BAD.items() if n not in ("modes", "high-quality", "uneven")}
        measure(session, 100, values)
        assert [m.name for m in panel.readings.measures] == [m.name for m in MEASURES[:4]]
        assert not panel.lines.grab().isNull()


def test_a_hidden_panel_draws_nothing_until_it_is_seen(qtbot, session):
    panel = shown(qtbot, MeasuresPanel(session._document, session))
    panel.hide()
    measure(session, 100, BAD)
    assert panel.lines.accessibleDescription() == ""
    panel.show()
    assert "0.612" in panel.lines.accessibleDescription()


def test_the_strip_says_as_much_as_there_is_room_for(qtbot, session):
    strip = MeasureStrip(session)
    qtbot.addWidget(strip)
    strip.resize(600, 20)
    assert strip.isHidden()
    measure(session, 100, GOOD)
    assert strip.isVisible()
    whole = "JS 0.024, floor 0.020 · 98.5 % of the data covered · 8 of 8 modes · 97.5 % on a mode"
    assert strip.shown() == whole
    assert strip.toolTip().startswith(whole)
    strip.resize(260, 20)
    assert whole.startswith(strip.shown())
    assert strip.shown() != whole
    strip.resize(10, 20)
    assert strip.shown() == "JS 0.024, floor 0.020"
    session.run_opened.emit(session)
    assert strip.isVisible()
    session.latest.clear()
    session.history.truncate_after(0)
    session.state_changed.emit("empty")
    assert not strip.isVisible()
