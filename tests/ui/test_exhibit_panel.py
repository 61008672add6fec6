"""Exhibits: what a method shows beside samples, with its values, asked for only in sight."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from aegan_studio.experiment.events import Exhibit, Exhibits
from aegan_studio.ui.panels.train.arrangement import has_exhibit
from aegan_studio.ui.panels.train.exhibit import ExhibitPanel, captions_of
from aegan_studio.ui.panels.train.workspace import TrainWorkspace
from aegan_studio.ui.training.outbox import Outbox
from aegan_studio.ui.widgets.captioned_grid import LEAST, WORDS, CaptionedGrid, Captions, places_for
from tests.ui.conftest import FAST
from tests.ui.training_fakes import Digits, FakeDocument, FakeSession, dark, experiment


def exhibit(values, kind="number"):
    pictures = Digits().pictures(300).samples
    return Exhibit(pictures[: len(values)], np.asarray(values, np.float32), kind)


CODEBOOK = Exhibits(7, {"codebook": exhibit([0.5, 0.375, 0.1249, 0.0001, 0, 0], "share")})
ENERGIES = Exhibits(
    9, {"energy-x": exhibit([0.31, 0.2]), "energy-x-hat": exhibit([0.9, 0.85, 0.014])}
)


@pytest.fixture
def make(qtbot, qapp):
    def build(method="vq-vae", size=(220, 400)):
        session = FakeSession(FakeDocument(experiment(method)))
        panel = ExhibitPanel(session._document, session)
        qtbot.addWidget(panel)
        panel.resize(*size)
        panel.show()
        qtbot.waitExposed(panel)
        return panel, session

    with dark(qapp):
        yield build


def test_shares_are_per_cent_and_what_nothing_uses_is_faded():
    said = captions_of(CODEBOOK.items["codebook"])
    assert said.words == ("50 %", "38 %", "12 %", "<0.1 %", "0 %", "0 %")
    assert said.faded == (False, False, False, False, True, True)
    assert said.tips[1] == "2 of 6: 38 %"
    assert captions_of(exhibit([0.043, 0.0096, 0.0995], "share")).words == (
        "4.3 %",
        "1.0 %",
        "10 %",
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([0.31, 0.2, 0.0146], ("0.310", "0.200", "0.015")),
        ([12.3, 4.0, -1.5], ("12.3", "4.0", "−1.5")),
        ([3e-6, 1e-6], ("3e−6", "1e−6")),
        ([0.0, 0.0], ("0", "0")),
        ([float("inf"), 1.25], ("∞", "1.25")),
        ([2000.0, 3.2], ("2000", "3")),
    ],
)
def test_numbers_have_the_same_decimals(values, words):
    said = captions_of(exhibit(values))
    assert said.words == words
    assert not any(said.faded)


def test_pictures_stand_with_their_values(make):
    panel, session = make()
    session.open(session.experiment)
    session.send(CODEBOOK)
    assert panel.title == "Codebook"
    assert panel.grid.count == 6
    assert panel.grid.sheet.captions == captions_of(CODEBOOK.items["codebook"])
    assert "chooses" in panel.about.toolTip()
    cells = [panel.grid.sheet.cell_rect(index) for index in range(6)]
    assert all(not one.intersects(other) for one in cells for other in cells if one is not other)


def test_a_tool_tip_and_the_keyboard_say_what_a_picture_is(make, qtbot, monkeypatch):
    said = []
    monkeypatch.setattr(QToolTip, "showText", lambda _at, text, _widget: said.append(text))
    panel, session = make()
    session.open(session.experiment)
    session.send(CODEBOOK)
    sheet = panel.grid.sheet
    at = sheet.cell_rect(1).center().toPoint()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, at, sheet.mapToGlobal(at))
    QApplication.sendEvent(sheet, event)
    assert said == ["2 of 6: 38 %"]
    sheet.setFocus()
    qtbot.keyClick(sheet, Qt.Key.Key_End)
    assert sheet.accessibleDescription() == "6 of 6: 0 %"
    qtbot.keyClick(sheet, Qt.Key.Key_Home)
    qtbot.keyClick(sheet, Qt.Key.Key_Right)
    assert sheet.accessibleDescription() == "2 of 6: 38 %"


def test_unused_entries_are_drawn_faintly(make):
    panel, session = make()
    session.open(session.experiment)
    bright = np.full((2, 8, 8), 255, np.uint8)
    session.send(Exhibits(1, {"codebook": Exhibit(bright, np.array([1, 0], np.float32), "share")}))
    sheet = panel.grid.sheet
    image = panel.grab().toImage()
    centres = [sheet.cell_rect(i).center().toPoint() for i in range(2)]
    used, unused = (image.pixelColor(sheet.mapTo(panel, at)).lightness() for at in centres)
    assert used == 255
    assert unused < 160


def test_one_of_several_is_chosen_by_a_switch(make, qtbot):
    panel, session = make("began")
    session.open(session.experiment)
    session.send(ENERGIES)
    assert panel.title == "Energy of real items"
    assert panel.grid.count == 2
    at = panel.choice.segment_centre("energy-x-hat")
    qtbot.mouseClick(panel.choice, Qt.MouseButton.LeftButton, pos=at)
    assert panel.title == "Energy of samples"
    assert panel.grid.sheet.captions.words == ("0.900", "0.850", "0.014")
    session.send(ENERGIES)
    assert panel.grid.count == 3


def test_the_switch_is_for_several_only(make):
    panel, _ = make("vq-vae")
    assert not panel.choice.isVisible()


def test_an_empty_panel_says_what_will_be_seen(make):
    panel, session = make()
    assert "Press Train" in panel.grid.sheet.empty
    assert "each entry decodes" in panel.grid.sheet.empty
    session.open(session.experiment)
    assert "in a moment" in panel.grid.sheet.empty
    session.send(CODEBOOK)
    session.open(session.experiment)
    assert panel.grid.count == 0


def test_it_asks_only_while_it_is_seen(make):
    panel, session = make()
    assert session.wants["exhibits"] == {panel}
    panel.hide()
    assert not session.wants["exhibits"]
    session.open(session.experiment)
    session.send(CODEBOOK)
    assert panel.grid.count == 0, "nothing is drawn while hidden"
    panel.show()
    assert panel.grid.count == 6
    assert session.wants["exhibits"] == {panel}


def test_it_follows_the_document_to_another_method(make):
    panel, session = make()
    session._document.edit({"method.kind": "ganomaly"})
    assert panel.title == "Anomalies"
    session._document.edit({"method.kind": "began"})
    assert panel.choice.isVisible()


@pytest.mark.parametrize(
    ("method", "dataset", "shown"),
    [
        ("vq-vae", "digits", True),
        ("ganomaly", "digits", True),
        ("ebgan", "digits", True),
        ("vae", "digits", False),
        ("vq-vae", "ring", False),
    ],
)
def test_it_is_there_for_pictures_of_methods_that_show_more(method, dataset, shown):
    assert has_exhibit(experiment(method, dataset)) is shown


@given(
    st.integers(80, 900),
    st.integers(60, 900),
    st.sampled_from([(8, 8), (28, 28), (32, 20), (64, 64)]),
    st.integers(1, 256),
    st.sampled_from([1.0, 1.5, 2.0]),
    st.floats(10, 44),
)
def test_all_fit_or_they_scroll(width, height, side, count, ratio, words):
    places = places_for(QSize(width, height), 10, side, count, ratio, words)
    assert places.columns * places.rows >= count > places.columns * (places.rows - 1)
    assert places.columns == 1 or places.columns * places.pitch <= width + 4.001
    assert places.pitch >= max(places.width, words)
    assert places.width == pytest.approx(side[0] * places.factor / ratio)
    if places.tall > height:
        assert max(side) * (places.factor - 1) / ratio < LEAST, "smaller ones would do"


def test_many_pictures_scroll_and_the_keyboard_follows(qtbot, qapp):
    with dark(qapp):
        grid = CaptionedGrid(name="many")
        qtbot.addWidget(grid)
        grid.resize(160, 120)
        grid.show()
        pictures = np.zeros((100, 8, 8), np.uint8)
        grid.set_items(pictures, Captions(("1.00",) * 100, ("tip",) * 100, (False,) * 100))
        qtbot.waitExposed(grid)
        bar = grid.verticalScrollBar()
        qtbot.waitUntil(lambda: bar.maximum() > 0)
        grid.sheet.setFocus()
        qtbot.keyClick(grid.sheet, Qt.Key.Key_End)
        last = grid.sheet.cell_rect(99).bottomLeft().toPoint() + QPoint(0, WORDS)
        assert bar.value() > 0
        assert (
            grid.viewport().rect().contains(grid.sheet.mapTo(grid.viewport(), last - QPoint(0, 1)))
        )


# In the workspace


@pytest.fixture
def workspace(qtbot, qapp):
    def build(method, width):
        document = FakeDocument(experiment(method))
        made = TrainWorkspace(document, FakeSession(document))
        qtbot.addWidget(made)
        made.resize(width, 620)
        made.show()
        qtbot.waitExposed(made)
        return made

    with dark(qapp):
        yield build


def seen(made):
    names = ("samples", "reconstructions", "exhibit", "plots")
    return [name for name in names if name in made.panels and made.panels[name].isVisible()]


def test_with_room_it_stands_beside_the_samples(workspace):
    made = workspace("vq-vae", 984)
    assert seen(made) == ["samples", "reconstructions", "exhibit", "plots"]
    assert not any(b.isVisible() for turns in made._turns.values() for b in turns.buttons.values())


def test_in_a_narrow_window_it_takes_turns_with_the_samples(workspace, qtbot):
    made = workspace("vq-vae", 784)
    assert seen(made) == ["samples", "reconstructions", "plots"]
    samples, exhibit_ = made.panels["samples"], made.panels["exhibit"]
    (turns,) = made._turns.values()
    assert turns.buttons[samples].toolTip() == "Show “Codebook” instead"
    qtbot.mouseClick(turns.buttons[samples], Qt.MouseButton.LeftButton)
    assert seen(made) == ["reconstructions", "exhibit", "plots"]
    qtbot.mouseClick(turns.buttons[exhibit_], Qt.MouseButton.LeftButton)
    assert seen(made) == ["samples", "reconstructions", "plots"]
    made.resize(1000, 620)
    assert seen(made) == ["samples", "reconstructions", "exhibit", "plots"]
    made.resize(644, 620)
    made.give_turn("exhibit")
    assert seen(made) == ["reconstructions", "exhibit", "plots"]
    for name in seen(made):
        panel = made.panels[name]
        assert panel.mapTo(made, panel.rect().topRight()).x() <= made.width()


def test_methods_without_one_show_none(workspace):
    assert seen(workspace("vae", 984)) == ["samples", "reconstructions", "plots"]


# On the way from the training


def test_of_exhibits_that_wait_the_newest_is_delivered():
    outbox, later = Outbox(), Exhibits(8, CODEBOOK.items)
    for event in (CODEBOOK, later):
        outbox.put(event)
    assert outbox.take() == (later,)


def test_a_real_training_shows_its_codebook_in_the_window(bench, qtbot):
    bench.document.edit({"method.kind": "vq-vae"})
    bench.document.edit(FAST | {"training.steps": 30})
    panel = bench.window.workspace.panels["exhibit"]
    assert panel.isVisible()
    bench.session.train()
    qtbot.waitUntil(lambda: bench.session.state == "finished", timeout=60_000)
    qtbot.waitUntil(lambda: panel.grid.count == 64, timeout=60_000)
    qtbot.waitUntil(lambda: bench.session.latest[Exhibits].step == 30, timeout=60_000)
    bench.window.show_workspace("explore")
    assert not bench.session._wants["exhibits"]
