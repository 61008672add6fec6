"""Samples and reconstructions: how many fit, what they say without pictures, what they show."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSize, Qt

from aegan_studio.ui.panels.train.pictures import (
    ReconstructionsPanel,
    SamplesPanel,
    choose_grid,
)
from tests.ui.training_fakes import Digits, FakeDocument, FakeSession, dark, experiment


@pytest.fixture
def session(qapp):
    with dark(qapp):
        yield FakeSession(FakeDocument(experiment()))


@pytest.fixture
def show(qtbot, session):
    def make(kind, size=(300, 400)):
        panel = kind(session._document, session)
        qtbot.addWidget(panel)
        panel.resize(*size)
        panel.show()
        qtbot.waitExposed(panel)
        return panel

    return make


@given(
    st.integers(60, 1200),
    st.integers(60, 900),
    st.sampled_from([8, 16, 28, 32, 64]),
    st.integers(1, 64),
    st.sampled_from([1.0, 1.5, 2.0]),
    st.booleans(),
)
def test_a_grid_is_full_and_fits_its_room(width, height, side, count, ratio, pairs):
    columns, shown = choose_grid(QSize(width, height), side, count, ratio, pairs=pairs)
    assert 1 <= columns <= shown <= count
    assert shown % columns == 0, "no ragged last row"
    if min(width - 22, height / (2.2 if pairs else 1)) > 2 * side:
        rows = shown // columns
        assert columns * side / ratio <= width
        assert rows * side / ratio * (2 if pairs else 1) <= height


def test_the_sketchs_panel_shows_seven_by_eight_digits():
    assert choose_grid(QSize(242, 278), 8, 64, 1.0, pairs=False) == (7, 56)
    assert choose_grid(QSize(228, 280), 8, 64, 1.0, pairs=True) == (5, 20)


def test_more_room_makes_pictures_larger_instead_of_leaving_it_empty():
    columns, shown = choose_grid(QSize(700, 600), 8, 64, 1.0, pairs=False)
    cell = (700 - 3 * columns) // columns // 8 * 8
    assert cell >= 80
    assert shown * cell * cell > 0.65 * 700 * 600


def test_an_empty_panel_says_what_to_do(show, session):
    panel = show(SamplesPanel)
    assert panel.grid.grid.count == 0
    sentence = panel.grid.grid._empty
    assert "Press Train" in sentence
    session.open(session.experiment)
    assert "in a moment" in panel.grid.grid._empty
    session.set_state("paused")
    assert "no pictures yet" in panel.grid.grid._empty


def test_samples_are_shown_as_they_come(show, session):
    panel = show(SamplesPanel)
    pictures = Digits().pictures(300)
    session.open(session.experiment)
    session.send(pictures)
    grid = panel.grid.grid
    assert 20 <= grid.count <= 64
    ink = grid.picture(3)
    assert ink.width() == ink.height() == 8
    assert ink.pixelColor(4, 4).red() == pictures.samples[3, 4, 4]


def test_a_new_run_takes_the_old_pictures_away(show, session):
    panel = show(SamplesPanel)
    session.open(session.experiment)
    session.send(Digits().pictures(300))
    session.open(session.experiment)
    assert panel.grid.grid.count == 0


def test_originals_stand_over_their_reconstructions(show, session):
    panel = show(ReconstructionsPanel)
    session.open(session.experiment)
    pictures = Digits().pictures(800)
    session.send(pictures)
    pair = panel.training.grid.picture(2)
    assert (pair.width(), pair.height()) == (8, 16)
    assert pair.pixelColor(3, 5).red() == pictures.originals[2, 5, 3]
    assert pair.pixelColor(3, 13).red() == pictures.reconstructions[2, 5, 3]


def test_the_switch_shows_held_out_data(show, session, qtbot):
    panel = show(ReconstructionsPanel)
    session.open(session.experiment)
    pictures = Digits().pictures(800)
    session.send(pictures)
    assert panel.training.isVisible()
    assert not panel.held_out.isVisible()
    at = panel.part.segment_centre("held-out")
    qtbot.mouseClick(panel.part, Qt.MouseButton.LeftButton, pos=at)
    assert panel.held_out.isVisible()
    assert not panel.training.isVisible()
    pair = panel.held_out.grid.picture(0)
    assert pair.pixelColor(2, 2).red() == pictures.held_out[0, 2, 2]


def test_with_room_both_parts_stand_side_by_side(show, session):
    panel = show(ReconstructionsPanel, (520, 400))
    session.open(session.experiment)
    session.send(Digits().pictures(800))
    assert panel.training.isVisible()
    assert panel.held_out.isVisible()
    assert not panel.part.isVisible()
    panel.resize(300, 400)
    assert panel.part.isVisible()
    assert panel.training.isVisible() != panel.held_out.isVisible()


@pytest.mark.parametrize("width", [204, 240, 300, 420])
def test_the_switch_is_never_cut_off(show, session, qtbot, width):
    panel = show(ReconstructionsPanel, (width, 400))
    session.open(session.experiment)
    session.send(Digits().pictures(800))
    assert panel.width() == pytest.approx(width, abs=4)  # words are as wide as the font

    def right():
        return panel.part.mapTo(panel, panel.part.rect().topRight()).x()

    qtbot.waitUntil(lambda: right() < width)
    assert panel.part.width() >= panel.part.sizeHint().width()


def test_without_held_out_data_only_training_data_is_offered(show, session):
    from dataclasses import replace

    panel = show(ReconstructionsPanel, (520, 400))
    session.open(session.experiment)
    whole = Digits().pictures(800)
    session.send(replace(whole, held_out=None, held_out_reconstructions=None))
    assert panel.training.isVisible()
    assert not panel.held_out.isVisible()
    assert not panel.part.isVisible()


def test_nothing_is_drawn_while_hidden(show, session):
    panel = show(SamplesPanel)
    panel.hide()
    session.open(session.experiment)
    session.send(Digits().pictures(800))
    assert panel.grid.grid.count == 0
    panel.show()
    assert panel.grid.grid.count > 0


def test_pictures_of_every_side_fit(show, session):
    panel = show(SamplesPanel, (260, 420))
    session.open(session.experiment)
    for side in (8, 16, 32, 64):
        session.send(Digits(side).pictures(800))
        grid = panel.grid.grid
        last = grid.cell_rect(grid.count - 1)
        assert last.right() <= grid.width() + 0.5
        assert last.bottom() <= grid.height() + 0.5
        factor = last.width() * grid.devicePixelRatioF() / side
        assert math.isclose(factor, round(factor))
