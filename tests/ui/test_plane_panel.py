"""Two-dimensional data on the plane."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from aegan_studio.ui.panels.train.plane import LAYERS, PlanePanel
from aegan_studio.ui.theme import DARK
from tests.ui.training_fakes import (
    Digits,
    FakeDocument,
    FakeSession,
    dark,
    experiment,
    point_pictures,
)


@pytest.fixture
def session(qapp):
    with dark(qapp):
        yield FakeSession(FakeDocument(experiment("gan", "ring")))


@pytest.fixture
def panel(qtbot, session):
    panel = PlanePanel(session._document, session)
    qtbot.addWidget(panel)
    panel.resize(520, 460)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def count(panel, token):
    """Pixels of the map about as bright as a token's colour."""
    image = panel.map.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    bits = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    pixels = bits[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)
    wish = DARK.color(token)
    away = np.abs(pixels - [wish.red(), wish.green(), wish.blue()]).max(-1)
    return int((away < 24).sum())


def test_an_empty_plane_says_what_to_do(panel, session):
    assert panel.well.isVisible()
    assert not panel.map.isVisible()
    session.open(session.experiment)
    session.send(point_pictures(500))
    assert panel.map.isVisible()
    assert not panel.well.isVisible()


def test_a_gan_shows_real_and_generated_points(panel, session):
    session.open(session.experiment)
    session.send(point_pictures(3000))
    assert count(panel, "real") > 100
    assert count(panel, "generated") > 100
    assert count(panel, "reconstruction") == 0
    shown = [name for name, item in panel.legend.items() if item.isVisible()]
    assert shown == ["originals", "samples"]


def test_a_model_with_an_encoder_shows_rebuilt_points_too(panel, session):
    session.open(session.experiment)
    session.send(point_pictures(3000, encoder=True))
    assert all(item.isVisible() for item in panel.legend.values())
    assert count(panel, "reconstruction") > 100


def test_a_click_on_a_name_hides_it_and_shows_it_again(panel, session, qtbot):
    session.open(session.experiment)
    session.send(point_pictures(3000))
    item = panel.legend["samples"]
    qtbot.mouseClick(item, Qt.MouseButton.LeftButton)
    assert count(panel, "generated") == 0
    session.send(point_pictures(3100))
    assert count(panel, "generated") == 0, "it stays hidden while training goes on"
    item.setFocus()
    qtbot.keyClick(item, Qt.Key.Key_Return)
    assert count(panel, "generated") > 100


def test_a_new_run_begins_with_an_empty_plane(panel, session):
    session.open(session.experiment)
    session.send(point_pictures(3000))
    session.open(session.experiment)
    assert panel.well.isVisible()


def test_pictures_are_none_of_its_business(panel, session):
    session.open(session.experiment)
    session.send(Digits().pictures(100))
    assert panel.well.isVisible()


def test_hidden_it_draws_nothing_until_shown(panel, session):
    panel.hide()
    session.open(session.experiment)
    session.send(point_pictures(3000))
    assert count(panel, "generated") == 0
    panel.show()
    assert count(panel, "generated") > 100


def test_every_layer_has_a_mark_of_its_own():
    looks = {(layer.token, layer.shape) for layer in LAYERS}
    assert len(looks) == len(LAYERS)
    real, generated = LAYERS[:2]
    assert real.shape != generated.shape
