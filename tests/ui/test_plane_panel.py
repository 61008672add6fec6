"""Two-dimensional data on the plane: its layers, what they ask for, and what the pointer tells."""

import json

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent

from aegan_studio.experiment.events import Views
from aegan_studio.experiment.views.plane import Density, Manifold, Pull, Surface, Verdicts
from aegan_studio.ui.panels.train.arrangement import ACROSS, ROOT, Group
from aegan_studio.ui.panels.train.plane.layers import LAYERS
from aegan_studio.ui.panels.train.plane.map import LONGEST
from aegan_studio.ui.panels.train.plane.noise import NoisePanel, verdict_sentence
from aegan_studio.ui.panels.train.plane.panel import PlanePanel
from aegan_studio.ui.panels.train.workspace import TrainWorkspace
from aegan_studio.ui.theme import DARK
from aegan_studio.ui.widgets.scatter_field import Sights, contour, enlarged, stepped
from aegan_studio.ui.widgets.scatter_marks import bounded
from tests.ui.training_fakes import (
    Digits,
    FakeDocument,
    FakeSession,
    dark,
    drag,
    experiment,
    point_pictures,
)

OVER = (-4.0, 4.0, -4.0, 4.0)


@pytest.fixture
def session(qapp):
    with dark(qapp):
        yield FakeSession(FakeDocument(experiment("gan", "ring", **{"method.latent_dim": 2})))


def shown(qtbot, panel, width=620, height=560):
    qtbot.addWidget(panel)
    panel.resize(width, height)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def panel(qtbot, session):
    return shown(qtbot, PlanePanel(session._document, session))


def bowl(x, y):
    """What a critic might say: real within the circle of radius 2."""
    return (1 / (1 + np.exp(3 * (np.hypot(x, y) - 2)))).astype(np.float32)


def grid_of_codes(turn=0.0):
    line = np.linspace(-1, 1, 21, dtype=np.float32)
    codes = np.stack(np.meshgrid(line, line), -1)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    places = (2.0 * codes @ rotation.T).astype(np.float32)
    said = bowl(places[..., 0], places[..., 1])
    return Manifold(codes, places, said, Verdicts(0, 0.5, 1, True), "uniform", 0)


def views(session, step, turn=0.0):
    """All views of the plane, by the names that somebody wants."""
    nodes = np.stack(np.meshgrid(np.linspace(-4, 4, 49), np.linspace(-4, 4, 49)), -1)
    values = bowl(nodes[..., 0], nodes[..., 1])
    at = np.array([[0.0, 3.0], [1.0, 1.0]], np.float32)
    made = {
        "surface": Surface(OVER, values, Verdicts(0.0, 0.5, 1.0, True)),
        "density": Density(OVER, np.exp(-(nodes**2).sum(-1)).astype(np.float32), (0.1, 0.1)),
        "manifold": grid_of_codes(turn),
        "pull": Pull(at, np.array([[0.0, -1.0], [0.0, 0.0]], np.float32)),
    }
    wanted = {name for name, who in session.wants.items() if who}
    return Views(step, {w: made[w.split(":")[0]] for w in wanted if w.split(":")[0] in made})


def feed(session, step=3000, qtbot=None, **kinds):
    session.send(point_pictures(step, **kinds))
    session.send(views(session, step))
    if qtbot is not None:
        qtbot.wait(1)  # they are drawn together when the loop comes round


def wanted(session):
    return {name.split(":")[0] for name, who in session.wants.items() if who}


def pixels(widget):
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    bits = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return bits[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


def count(panel, token, within=24):
    """Pixels of the map about as bright as a token's colour."""
    wish = DARK.color(token)
    away = np.abs(pixels(panel.map) - [wish.red(), wish.green(), wish.blue()]).max(-1)
    return int((away < within).sum())


def only(panel, *names):
    """Switch every layer but these off."""
    for name, item in panel.legend.items():
        if item.isVisible():
            item.setChecked(name in names)


# Points


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
    only(panel, "originals", "samples")
    assert count(panel, "real") > 100
    assert count(panel, "generated") > 100
    assert count(panel, "reconstruction") == 0
    offered = {name for name, item in panel.legend.items() if item.isVisible()}
    assert {"originals", "samples", "surface", "manifold", "pull"} <= offered
    assert offered.isdisjoint({"reconstructions", "links"})


def test_an_autoencoder_shows_what_it_rebuilds_and_the_way_there(qtbot, qapp):
    with dark(qapp):
        session = FakeSession(FakeDocument(experiment("vae", "moons")))
        panel = shown(qtbot, PlanePanel(session._document, session))
        session.open(session.experiment)
        session.send(point_pictures(3000, encoder=True))
        offered = {name for name, item in panel.legend.items() if item.isVisible()}
        assert offered == {
            "originals",
            "samples",
            "reconstructions",
            "links",
            "manifold",
            "density",
            "trails",
        }
        assert {name for name in offered if panel.shows(name)} == {
            "originals",
            "samples",
            "reconstructions",
            "links",
        }
        assert not panel.key.isVisible()
        only(panel, "links")
        lines = count(panel, "reconstruction", 60)
        assert lines > 100
        only(panel, "reconstructions")
        assert count(panel, "reconstruction") > 100


def test_a_click_on_a_name_hides_it_and_shows_it_again(panel, session, qtbot):
    session.open(session.experiment)
    session.send(point_pictures(3000))
    only(panel, "originals", "samples")
    item = panel.legend["samples"]
    qtbot.mouseClick(item, Qt.MouseButton.LeftButton)
    assert count(panel, "generated") == 0
    session.send(point_pictures(3100))
    qtbot.wait(1)
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
    assert all(str(layer.help) for layer in LAYERS)


# Live views


def test_only_what_is_seen_is_asked_for(panel, session, qtbot):
    session.open(session.experiment)
    session.send(point_pictures(10))
    assert wanted(session) == {"surface", "manifold", "pull"}
    qtbot.mouseClick(panel.legend["pull"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.legend["density"], Qt.MouseButton.LeftButton)
    assert wanted(session) == {"surface", "manifold", "density"}
    qtbot.mouseClick(panel.legend["surface"], Qt.MouseButton.LeftButton)
    assert "surface" in wanted(session), "the boundary is cut out of it"
    qtbot.mouseClick(panel.legend["boundary"], Qt.MouseButton.LeftButton)
    assert "surface" not in wanted(session)
    panel.hide()
    assert wanted(session) == set()
    panel.show()
    assert wanted(session) == {"manifold", "density"}


def test_fields_are_asked_for_over_what_is_in_view(panel, session, qtbot):
    session.open(session.experiment)
    feed(session, qtbot=qtbot)
    first = next(name for name, who in session.wants.items() if who and "surface" in name)
    x0, x1, y0, y1 = (float(text) for text in first.split(":")[1].split(","))
    left, right, low, high = panel.map.view.bounds(panel.map.plane())
    assert x0 < left < right < x1
    assert y0 < low < high < y1
    drag(panel.map, panel.map.plane().center().toPoint(), QPoint(150, 0))
    qtbot.waitUntil(lambda: not session.wants[first])
    again = next(name for name, who in session.wants.items() if who and "surface" in name)
    assert float(again.split(":")[1].split(",")[0]) < x0


def test_the_surface_has_the_colours_of_its_verdicts(panel, session, qtbot):
    session.open(session.experiment)
    feed(session, qtbot=qtbot)
    only(panel, "surface")
    image, view, plane = pixels(panel.map), panel.map.view, panel.map.plane()
    for x, y in ((0.0, 0.0), (0.0, 2.6), (-2.9, -2.0)):
        at = view.to_pixel(plane, x, y).toPoint()
        wish = DARK.verdict(float(bowl(x, y)))
        found = image[at.y(), at.x()]
        assert np.abs(found - [wish.red(), wish.green(), wish.blue()]).max() <= 10, (x, y)
    assert panel.key.isVisible()
    assert panel.key.ends == ("0 fake", "real 1")


def test_the_boundary_lies_where_the_critic_cannot_tell(panel, session, qtbot):
    session.open(session.experiment)
    feed(session, qtbot=qtbot)
    away = np.hypot(*panel.map.boundary.T)
    assert len(away) > 100
    assert away == pytest.approx(np.full(len(away), 2.0), abs=0.01)


def test_points_and_their_views_are_painted_together(panel, session, qtbot):
    session.open(session.experiment)
    session.set_state("running")
    feed(session, 3000, qtbot)
    painted = []
    panel.map.set_net, keep = (lambda net: painted.append(net) or keep(net)), panel.map.set_net
    session.send(point_pictures(3001))
    qtbot.wait(1)
    assert not painted, "the views of the step have not come"
    session.send(views(session, 3001))
    qtbot.waitUntil(lambda: bool(painted))
    qtbot.wait(1)
    assert len(painted) == 1
    session.send(point_pictures(3002))
    qtbot.waitUntil(lambda: len(painted) == 2, timeout=1000)  # views may fail to come


def test_what_a_critic_is_worth_follows_a_live_option(qtbot, qapp):
    from aegan_studio.experiment.events import Changed

    with dark(qapp):
        session = FakeSession(FakeDocument(experiment("aegan", "ring")))
        panel = shown(qtbot, PlanePanel(session._document, session))
        session.open(session.experiment)
        session.send(point_pictures(10, encoder=True))
        assert panel.legend["surface"].isVisible()
        session._running = session.experiment.with_options({"method.adv_x": 0.0})
        session.send(Changed(10, "method.adv_x", 1.0, 0.0))
        assert not panel.legend["surface"].isVisible()
        assert "surface" not in wanted(session)


def test_trails_lead_through_the_last_moments_and_forget_a_later_one(panel, session, qtbot):
    session.open(session.experiment)
    only(panel, "trails")
    for step in (100, 200, 300):
        feed(session, step, qtbot)
    assert [step for step, _ in panel._trail] == [100, 200, 300]
    assert count(panel, "generated", 90) > 50
    feed(session, 150, qtbot)  # a person has gone back in time
    assert [step for step, _ in panel._trail] == [100, 150]


ALONE = Group(
    "",
    ACROSS,
    1,
    0,
    tuple(spec for spec in ROOT.panels() if spec.name == "plane"),
)
"""A workspace of the plane and nothing else."""


def test_what_was_switched_is_remembered(qtbot, session):
    workspace = TrainWorkspace(session._document, session, root=ALONE)
    shown(qtbot, workspace, 700, 640)
    session.open(session.experiment)
    session.send(point_pictures(10))
    qtbot.mouseClick(workspace.panel("plane").legend["density"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(workspace.panel("plane").legend["samples"], Qt.MouseButton.LeftButton)
    state = workspace.state()
    other = TrainWorkspace(session._document, session, root=ALONE)
    qtbot.addWidget(other)
    other.restore(state)
    plane = other.panel("plane")
    assert plane.legend["density"].isChecked()
    assert not plane.legend["samples"].isChecked()
    nonsense = json.loads(bytes(state.data()))
    nonsense["panels"]["plane"] = {"layers": {"density": "yes", "no-such-layer": True}}
    other.restore(QByteArray(json.dumps(nonsense).encode()))
    assert not other.panel("plane").legend["density"].isChecked()


def test_what_diverged_is_passed_over(panel, session, qtbot):
    """Numbers that are none, or without end, leave gaps; nothing warns and nothing fails."""
    session.open(session.experiment)
    feed(session, qtbot=qtbot)
    for item in panel.legend.values():
        item.setChecked(True)
    for bad in (np.nan, np.inf, -np.inf, 1e30):
        pictures, found = point_pictures(3001), views(session, 3001)
        pictures.samples[::2] = bad
        for view in found.values.values():
            for name in ("values", "places", "verdicts", "at", "toward"):
                if getattr(view, name, None) is not None and not isinstance(
                    getattr(view, name), Verdicts
                ):
                    getattr(view, name)[::3] = bad
        session.send(pictures)
        session.send(found)
        qtbot.wait(1)
        assert count(panel, "real") > 100
        move(panel, 0.3, 0.2)


# The pointer


def hover(widget, at):
    """The pointer moves over a widget; sent straight, as an off-screen window may be covered."""
    none = Qt.MouseButton.NoButton
    QCoreApplication.sendEvent(
        widget,
        QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(at),
            QPointF(widget.mapToGlobal(QPointF(at).toPoint())),
            none,
            none,
            Qt.KeyboardModifier.NoModifier,
        ),
    )


def move(panel, x, y):
    hover(panel.map, panel.map.view.to_pixel(panel.map.plane(), x, y))


def test_the_pointer_reads_the_plane(panel, session, qtbot):
    session.open(session.experiment)
    feed(session, qtbot=qtbot)
    move(panel, 1.0, -0.5)
    text = panel.subtitle
    assert text.startswith(("x = (1.0", "x = (0.9"))
    assert "−0.5" in text
    said = float(text.rsplit("=", 1)[1].replace("−", "-"))
    assert said == pytest.approx(float(bowl(1.0, -0.5)), abs=0.02)
    feed(session, 3001, qtbot)
    assert panel.subtitle == text, "another frame does not take it away"
    panel.map.left.emit()
    assert panel.subtitle == "what the critic believes, everywhere"


@pytest.fixture
def noise(qtbot, session):
    return shown(qtbot, NoisePanel(session._document, session), 360, 200)


def test_a_cell_of_the_noise_shows_where_it_lands_in_both_panels(panel, noise, session, qtbot):
    session.open(session.experiment)
    feed(session, qtbot=qtbot)
    assert noise.landing.lines == ()
    net = grid_of_codes()
    node = 4 * 21 + 15
    hover(noise.square, noise.square.place_of(node))
    code, place = net.codes.reshape(-1, 2)[node], net.places.reshape(-1, 2)[node]
    z, lands, said = noise.landing.lines
    assert z == f"z = ({code[0]:.2f}, {code[1]:.2f})".replace("-", "−")
    assert lands == f"G(z) = ({place[0]:.2f}, {place[1]:.2f})".replace("-", "−")
    assert said == f"D(G(z)) = {net.verdicts.reshape(-1)[node]:.2f}"
    assert noise.landing.sentence == "the critic takes it for real"
    assert panel.map.way.end == pytest.approx(tuple(place))
    QCoreApplication.sendEvent(noise.square, QEvent(QEvent.Type.Leave))
    assert panel.map.way is None
    assert noise.landing.lines == ()


def test_a_node_in_the_plane_shows_its_code_in_the_noise(panel, noise, session, qtbot):
    session.open(session.experiment)
    feed(session, qtbot=qtbot)
    node = 12 * 21 + 3
    place = grid_of_codes().places.reshape(-1, 2)[node]
    move(panel, float(place[0]), float(place[1]))
    assert noise.square._node == node
    assert panel.map.way is not None
    move(panel, 2.7, 2.7)
    assert noise.square._node == -1
    assert panel.map.way is None


def test_a_way_walks_once_and_follows_where_its_end_goes(panel, noise, session, qtbot):
    session.open(session.experiment)
    feed(session, 3000, qtbot)
    panel._pick.choose(44)
    start = panel.map.way.start
    qtbot.waitUntil(lambda: panel.map._gone == 1.0)
    session.send(point_pictures(3001))
    session.send(views(session, 3001, turn=0.4))
    qtbot.waitUntil(
        lambda: (
            panel.map.way.end == pytest.approx(tuple(grid_of_codes(0.4).places.reshape(-1, 2)[44]))
        )
    )
    assert panel.map.way.start == start
    assert panel.map._gone == 1.0, "it does not set out again"


def test_the_noise_is_reached_with_the_keys(noise, session, qtbot):
    session.open(session.experiment)
    feed(session)
    noise.square.setFocus()
    qtbot.keyClick(noise.square, Qt.Key.Key_Right)
    middle = 21 * 21 // 2
    assert noise.square._node == middle + 1
    qtbot.keyClick(noise.square, Qt.Key.Key_Up)
    assert noise.square._node == middle + 22
    qtbot.keyClick(noise.square, Qt.Key.Key_Escape)
    assert noise.square._node == -1


def test_the_noise_asks_for_its_grid_only_while_it_is_seen(noise, session):
    session.open(session.experiment)
    assert wanted(session) == {"manifold"}
    noise.hide()
    assert wanted(session) == set()


def test_an_encoders_image_of_the_data_lies_upon_the_prior(qtbot, qapp):
    with dark(qapp):
        session = FakeSession(FakeDocument(experiment("bigan", "ring", **{"method.latent_dim": 2})))
        noise = shown(qtbot, NoisePanel(session._document, session), 420, 240)
        session.open(session.experiment)
        feed(session, encoder=True)
        assert noise.title == "Codes"

        def pink():
            wish = DARK.color("code")
            away = np.abs(pixels(noise.square) - [wish.red(), wish.green(), wish.blue()]).max(-1)
            return int((away < 40).sum())

        assert pink() > 50
        qtbot.mouseClick(noise.legend["encoded"], Qt.MouseButton.LeftButton)
        assert pink() == 0


def test_what_the_critic_thinks_is_said_in_words():
    assert verdict_sentence(0.3) == "the critic is not fooled"
    assert verdict_sentence(0.5) == "the critic cannot tell"
    assert verdict_sentence(0.7) == "the critic takes it for real"


def test_the_wheel_looks_closer_and_a_double_click_frames_the_data_again(panel, session, qtbot):
    session.open(session.experiment)
    feed(session, qtbot=qtbot)
    framed = panel.map.view
    qtbot.keyClick(panel.map, Qt.Key.Key_Plus)
    assert panel.map.view.scale > framed.scale
    session.send(point_pictures(5000))
    qtbot.wait(1)
    assert panel.map.view.scale > framed.scale
    qtbot.mouseDClick(panel.map, Qt.MouseButton.LeftButton)
    assert panel.map.view == framed


# Drawing


def test_a_contour_cuts_a_plane_in_a_straight_line():
    x, y = np.meshgrid(np.arange(12.0), np.arange(9.0))
    pieces = contour((2 * x - 3 * y).astype(np.float32), 1.0)
    assert 2 * pieces[..., 0] - 3 * pieces[..., 1] == pytest.approx(np.ones(pieces.shape[:2]))
    length = np.hypot(*(pieces[:, 0] - pieces[:, 1]).T).sum()
    assert length == pytest.approx(np.hypot(11 - 0.5, 7 - 0), rel=1e-6)


def test_a_saddle_is_joined_as_its_middle_says_and_gaps_have_no_line():
    values = np.array([[1.0, -1.0], [-1.0, 1.0]], np.float32)
    for level, joined in ((-0.5, True), (0.5, False)):
        pieces = contour(values, level)
        assert len(pieces) == 2
        # where the high corners are joined, the lines cut the low corners off
        low = np.array([[1.0, 0.0], [0.0, 1.0]])
        mid = pieces.mean(axis=1)
        near = [np.abs(mid - corner).sum(-1).min() for corner in low]
        assert (max(near) < 0.5) == joined
    values = np.full((4, 4), np.nan, np.float32)
    assert contour(values, 0.0).shape == (0, 2, 2)


def test_a_field_is_enlarged_between_its_nodes_and_colourless_beyond():
    field = np.add.outer(10 * np.arange(5.0), np.arange(4.0)).astype(np.float32)
    large = enlarged(field, Sights(0.0, 1.0, 30), Sights(0.0, 1.0, 40))
    assert large.shape == (40, 30)
    rise, run = 40 * 0.5 / 40, 3 * 0.5 / 30
    assert large[0, 0] == pytest.approx(rise + run, abs=1e-4)
    assert large[-1, -1] == pytest.approx(43 - rise - run, abs=1e-4)
    part = enlarged(field, Sights(0.5, 0.75, 3), Sights(0.25, 0.5, 4))
    assert part[0, 0] == pytest.approx(40 * (0.25 + 0.03125) + 3 * (0.5 + 0.25 / 6), abs=1e-4)
    values = np.array([[-1.0, 0.3], [np.nan, 2.0]], np.float32)
    steps = stepped(values, 4, Sights(-0.5, 1.5, 8), Sights(0.0, 1.0, 4))
    assert (steps[:, :2] == 0).all()
    assert (steps[:, 6:] == 0).all()
    assert (steps[:, 2:6] > 0).all()
    assert steps[0, 5] == 4, "the last row of the field lies uppermost"
    assert steps[3, 2] == 1


def test_an_arrow_is_never_longer_than_the_longest():
    vectors = np.array([[0.0, 0.0], [0.1, 0.0], [1.0, 0.0], [1e9, 0.0]])
    lengths = bounded(vectors, LONGEST)[:, 0]
    assert (np.diff(lengths) > 0).all()
    assert lengths[0] == 0
    assert lengths[-1] <= LONGEST
