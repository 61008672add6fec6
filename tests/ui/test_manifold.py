"""The manifold: a grid over quantiles of two values, coarse first; of points, a mesh."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from scipy.stats import norm

from aegan_studio.ui.latent.walk_messages import Manifold
from tests.ui.walk_pages import open_page

__all__ = ["open_page"]

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(open_page, qtbot):
    def make(name):
        manifold = open_page(name, "atlas", "manifold")
        settled(qtbot, manifold)
        return manifold

    return make


def settled(qtbot, manifold):
    """Until all of the grid is decoded and nothing more is asked for."""

    def there():
        shown = manifold._shown
        return (
            shown is not None
            and shown.complete
            and not manifold._explorer.is_busy(Manifold)
            and not manifold._waiting
            and not manifold._soon.isActive()
        )

    qtbot.waitUntil(there, timeout=20_000)
    return manifold._shown


def choose(qtbot, manifold, control, value):
    control.set_value(value)
    control.value_changed.emit(value)
    return settled(qtbot, manifold)


@pytest.mark.parametrize("name", ["vae", "aegan", "gan", "vq-vae", "cgan", "autoencoder"])
def test_every_kind_of_model_has_one(page, name):
    manifold = page(name)
    assert manifold.sheet.shape == (13, 13)
    assert ("prior" in manifold.subtitle) == (name not in ("vq-vae", "autoencoder"))
    assert not manifold.grab().isNull()


def test_it_goes_over_the_quantiles_of_the_prior_with_up_above(page):
    shown = page("vae")._shown
    expected = norm.ppf((np.arange(13) + 0.5) / 13)
    np.testing.assert_allclose(shown.right, expected)
    np.testing.assert_allclose(shown.down, expected[::-1])
    np.testing.assert_allclose(shown.codes[0, 0], [expected[0], expected[-1]])


def test_a_coarse_grid_comes_first(open_page, qtbot):
    seen = []
    manifold = open_page("gan", "atlas", "manifold")
    settled(qtbot, manifold)
    manifold._explorer.listen(Manifold, seen.append)
    choose(qtbot, manifold, manifold.side, 16)
    assert [answer.complete for answer in seen] == [False, True]
    coarse, full = (answer.items.reshape(16, 16, 8, 8) for answer in seen)
    assert np.array_equal(coarse[1::3, 1::3], full[1::3, 1::3])
    assert np.array_equal(coarse[0, 0], full[1, 1])


def test_other_values_are_those_of_the_current_code_and_followed(page, qtbot):
    manifold = page("aegan")
    explorer = manifold._explorer
    code = np.linspace(-1, 1, 8)
    explorer.move(code)
    qtbot.waitUntil(lambda: np.array_equal(manifold._shown.request.code, code))
    shown = settled(qtbot, manifold)
    rest = shown.codes[..., 2:]
    assert np.array_equal(rest, np.broadcast_to(code[2:], rest.shape))


def test_a_click_goes_there_and_the_place_is_marked(page, qtbot):
    manifold = page("aegan")
    explorer, shown = manifold._explorer, manifold._shown
    rect = manifold.sheet.lay().rect(2, 10)
    qtbot.mouseClick(manifold.sheet, LEFT, pos=rect.center().toPoint())
    assert np.array_equal(explorer.code, shown.codes[2, 10])
    assert manifold.sheet.marked == (2, 10)
    assert manifold._shown is shown  # the grid is the same: only its own two values moved


def test_two_different_values_are_chosen(page, qtbot):
    manifold = page("aegan")
    shown = choose(qtbot, manifold, manifold.across, 5)
    assert (shown.request.across, shown.request.up) == (5, 1)
    shown = choose(qtbot, manifold, manifold.up, 5)  # both the same: they change places
    assert (shown.request.across, shown.request.up) == (1, 5)
    assert manifold._tip(0, 0).startswith("z₂ = −1.77, z₆ = 1.77")


def test_of_points_the_mesh_is_shown_and_its_knots_are_clicked(page, qtbot):
    manifold = page("points")
    mesh, explorer = manifold.mesh, manifold._explorer
    assert mesh.isVisible()
    assert not manifold.sheet.isVisible()
    knot = mesh._depiction.place(manifold._shown.items[4 * 13 + 6], mesh.square())
    qtbot.mouseClick(mesh, LEFT, pos=knot.toPoint())
    away = np.abs(manifold._shown.codes - explorer.code).max(axis=2)
    assert away.min() == 0.0
    manifold.copy()
    assert QGuiApplication.clipboard().image().width() == mesh.width()


def test_how_many_pictures_is_remembered(page, qtbot):
    manifold = page("vae")
    manifold.restore({"side": 9})
    assert manifold.state() == {"side": 9}
    manifold.restore({"side": 1000})
    assert manifold.state() == {"side": 9}
    settled(qtbot, manifold)
    assert manifold.sheet.shape == (9, 9)


@pytest.mark.parametrize("size", [(612, 585), (420, 420), (640, 480), (1600, 900)])
def test_the_grid_has_room_at_any_size(page, size):
    manifold = page("vae")
    manifold.window().resize(*size)
    last = manifold.sheet.lay().rect(12, 12)
    assert last.right() <= manifold.sheet.width() + 1
    assert last.bottom() <= manifold.sheet.height() + 1
