"""The explore workspace with really trained models, driven by mouse and keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.events import Weights
from aegan_studio.ui.panels.explore.latency import slider_latency
from aegan_studio.ui.panels.explore.workspace import ExploreWorkspace

LEFT = Qt.MouseButton.LeftButton

EXPERIMENTS = {
    "vae": {"dataset": "digits", "method": {"kind": "vae", "latent_dim": 2, "sigma": 0.3}},
    "autoencoder": {"dataset": "digits", "method": {"kind": "autoencoder", "latent_dim": 6}},
    "gan": {"dataset": "digits", "method": {"kind": "gan", "latent_dim": 8}},
    "points": {
        "dataset": {"kind": "moons", "count": 600},
        "method": {"kind": "vae", "latent_dim": 2, "sigma": 0.1},
    },
}


@pytest.fixture(scope="module")
def trained():
    """Each experiment with the weights after a few steps."""
    from aegan_studio.ml.trainer import Trainer

    kept = {}

    def train(name):
        if name not in kept:
            experiment = Experiment.parse(EXPERIMENTS[name]).with_options(
                {"training.steps": 150, "training.threads": 1}
            )
            trainer = Trainer(experiment)
            trainer.wants = set()
            for _ in trainer.prepare():
                pass
            for _ in trainer.run():
                pass
            trainer.wants = {"weights"}
            kept[name] = experiment, next(e for e in trainer.show() if isinstance(e, Weights))
        return kept[name]

    return train


class RunSession(QObject):
    """Stands in for the session: what the workspace asks of it, and nothing trains."""

    event = Signal(object)
    run_opened = Signal(object)
    state_changed = Signal(str)

    def __init__(self):
        super().__init__()
        self.state, self.has_run = "empty", False
        self.latest, self.experiment = {}, None
        self.wanted, self.pressed = set(), 0

    def want(self, name, _who, on):
        (self.wanted.add if on else self.wanted.discard)(name)

    def train(self):
        self.pressed += 1

    def report(self, experiment, weights):
        self.state, self.has_run, self.experiment = "paused", True, experiment
        self.state_changed.emit(self.state)
        self.latest[Weights] = weights
        self.event.emit(weights)


@pytest.fixture
def session(qapp):
    return RunSession()


@pytest.fixture
def workspace(session, qtbot):
    workspace = ExploreWorkspace(None, session)
    workspace.resize(1280, 724)
    qtbot.addWidget(workspace, before_close_func=lambda w: w.end())
    with qtbot.waitExposed(workspace):
        workspace.show()
    return workspace


@pytest.fixture
def explore(workspace, session, trained, qtbot):
    def explore(name):
        explorer = workspace.explorer
        signals = [explorer.walked, explorer.found, explorer.sheet_changed]
        with qtbot.waitSignals(signals, timeout=60_000):
            session.report(*trained(name))
        return workspace

    return explore


def picture(qtbot, workspace):
    return qtbot.waitSignal(workspace.explorer.picture_changed, timeout=10_000)


def at(workspace, code):
    return workspace.map.map.pixel_of(*workspace.explorer.place_of(code)).toPoint()


def test_without_weights_it_says_what_to_do_and_offers_it(workspace, session, qtbot):
    assert workspace.well.isVisible()
    assert "Train a model first" in workspace.well.accessibleName()
    qtbot.mouseClick(workspace.well.button, LEFT)
    assert session.pressed == 1


def test_weights_are_wanted_only_while_it_is_seen(workspace, session):
    assert session.wanted == {"weights"}
    workspace.hide()
    assert session.wanted == set()
    workspace.show()
    assert session.wanted == {"weights"}


def test_snapshots_that_came_unseen_are_taken_up_when_shown(workspace, session, trained, qtbot):
    workspace.hide()
    session.report(*trained("vae"))
    assert workspace.explorer.model is None
    with qtbot.waitSignal(workspace.explorer.walked, timeout=60_000):
        workspace.show()
    assert workspace.explorer.step == 150


@pytest.mark.parametrize("name", list(EXPERIMENTS))
def test_every_kind_of_model_can_be_explored(explore, name, qtbot):
    workspace = explore(name)
    explorer = workspace.explorer
    dimensions = len(explorer.code)
    assert len(workspace.sliders.sliders) == dimensions
    assert explorer.chart.source == ("prior" if name == "gan" else "encoded")
    assert ("no encoder" in workspace.map.subtitle) == (name == "gan")
    assert workspace.canvas.plane.isVisible() == (name == "points")
    assert workspace.walk.strip.count == 16
    assert workspace.canvas.nearest.count == 5
    assert not workspace.grab().isNull()


def test_a_click_on_the_map_decodes_that_place(explore, qtbot):
    workspace = explore("vae")
    view = workspace.map.map
    target = view.pixel_of(0.5, -0.5).toPoint()
    before = workspace.canvas.picture.image
    with picture(qtbot, workspace):
        qtbot.mouseClick(view, LEFT, pos=target)
    assert workspace.explorer.code == pytest.approx([0.5, -0.5], abs=2 / view.view.scale)
    assert workspace.canvas.picture.image != before
    assert "z" not in workspace.canvas.reading.text()
    assert workspace.canvas.reading.text().startswith("= (0.5")


def test_a_drag_on_the_map_travels_and_is_taken_back_at_once(explore, qtbot):
    workspace = explore("vae")
    view, explorer = workspace.map.map, workspace.explorer
    start = explorer.code.copy()
    points = [view.pixel_of(x, 0.1 * x).toPoint() for x in np.linspace(-1, 1, 9)]
    qtbot.mousePress(view, LEFT, pos=points[0])
    for point in points[1:]:
        qtbot.mouseMove(view, point)
    with picture(qtbot, workspace):
        qtbot.mouseRelease(view, LEFT, pos=points[-1])
    assert explorer.code == pytest.approx([1.0, 0.1], abs=2 / view.view.scale)
    qtbot.mouseClick(workspace.canvas.back, LEFT)
    assert np.array_equal(explorer.code, start)
    assert not workspace.canvas.back.isEnabled()


def test_pins_are_dragged_and_the_walk_follows(explore, qtbot):
    workspace = explore("vae")
    view, explorer = workspace.map.map, workspace.explorer
    view.show_route(view.ends, None)
    explorer.set_end("A", np.array([-0.8, 0.8]))
    qtbot.waitSignal(explorer.walked).wait()
    grip = at(workspace, explorer.ends["A"]) - QPoint(0, 16)
    goal = view.pixel_of(-0.2, 0.4).toPoint()
    code = explorer.code.copy()
    qtbot.mousePress(view, LEFT, pos=grip)
    qtbot.mouseMove(view, (grip + goal) / 2)
    with qtbot.waitSignal(explorer.walked):
        qtbot.mouseMove(view, goal)
    qtbot.mouseRelease(view, LEFT, pos=goal)
    assert explorer.ends["A"] == pytest.approx([-0.2, 0.4], abs=2 / view.view.scale)
    qtbot.waitUntil(lambda: np.array_equal(explorer.walk.codes[0], explorer.ends["A"]))
    assert np.array_equal(explorer.code, code)


def test_hovering_shows_a_lens_and_goes_nowhere(explore, qtbot):
    workspace = explore("vae")
    code = workspace.explorer.code.copy()
    with qtbot.waitSignal(workspace.explorer.peeked, check_params_cb=lambda p: p is not None):
        qtbot.mouseMove(workspace.map.map, workspace.map.map.plane().center().toPoint())
    assert np.array_equal(workspace.explorer.code, code)


def test_arrow_keys_move_a_slider_and_the_map(explore, qtbot):
    workspace = explore("vae")
    explorer, slider = workspace.explorer, workspace.sliders.sliders[0]
    before = explorer.code.copy()
    slider.slider.setFocus()
    with picture(qtbot, workspace):
        qtbot.keyClick(slider.slider, Qt.Key.Key_Right)
    assert explorer.code[0] > before[0]
    assert explorer.code[1] == before[1]
    before = explorer.code.copy()
    with picture(qtbot, workspace):
        qtbot.keyClick(workspace.map.map, Qt.Key.Key_Up)
    assert explorer.code[1] > before[1]


def test_a_double_click_resets_a_slider(explore, qtbot):
    workspace = explore("vae")
    slider = workspace.sliders.sliders[1].slider
    with picture(qtbot, workspace):
        qtbot.mouseDClick(slider, LEFT)
    assert workspace.explorer.code[1] == 0.0


def test_the_seed_can_be_typed_and_gives_the_same_code(explore, qtbot):
    workspace = explore("autoencoder")
    explorer, canvas = workspace.explorer, workspace.canvas
    with picture(qtbot, workspace):
        qtbot.mouseClick(canvas.random, LEFT)
    assert canvas.seed.value == explorer.seed == 1
    first = explorer.code.copy()
    with picture(qtbot, workspace):
        qtbot.mouseClick(canvas.random, LEFT)
    assert not np.array_equal(explorer.code, first)
    with picture(qtbot, workspace):
        canvas.seed.value_changed.emit(1)
    assert np.array_equal(explorer.code, first)


def test_random_codes_of_an_autoencoder_lie_among_its_data(explore, qtbot):
    workspace = explore("autoencoder")
    codes = []
    for _ in range(20):
        with picture(qtbot, workspace):
            workspace.explorer.draw()
        codes.append(workspace.explorer.code)
    chart = workspace.explorer.chart
    off = np.abs(np.mean(codes, axis=0) - chart.codes.mean(axis=0)) / chart.codes.std(axis=0)
    assert off.max() < 1.5


def test_a_frame_of_the_walk_becomes_the_current_code(explore, qtbot):
    workspace = explore("gan")
    strip, explorer = workspace.walk.strip, workspace.explorer
    index, rect = strip.places()[5]
    with picture(qtbot, workspace):
        qtbot.mouseClick(strip, LEFT, pos=rect.center().toPoint())
    assert np.array_equal(explorer.code, explorer.walk.codes[index])
    assert strip.selected == index


def test_playing_walks_there_and_back(explore, qtbot):
    workspace = explore("vae")
    walk, explorer = workspace.walk, workspace.explorer
    with qtbot.waitSignal(explorer.walked):
        walk.frames.value_changed.emit(3)
    visited = []
    explorer.code_changed.connect(lambda code: visited.append(tuple(code)))
    walk._timer.setInterval(1)
    qtbot.mouseClick(walk.play, LEFT)
    qtbot.waitUntil(lambda: len(visited) >= 6, timeout=10_000)
    qtbot.mouseClick(walk.play, LEFT)
    assert not walk.playing
    a, middle, b = (tuple(code) for code in explorer.walk.codes)
    assert visited[:5] == [a, middle, b, middle, a]


def test_a_spherical_walk_keeps_the_length_that_a_straight_one_loses(explore, qtbot):
    workspace = explore("gan")
    explorer, kind = workspace.explorer, workspace.walk.kind
    least = np.linalg.norm(explorer.walk.codes, axis=1).min()
    with qtbot.waitSignal(explorer.walked):
        qtbot.mouseClick(kind, LEFT, pos=kind.segment_centre("spherical"))
    lengths = np.linalg.norm(explorer.walk.codes, axis=1)
    assert lengths.min() > least
    assert lengths.min() == pytest.approx(min(lengths[0], lengths[-1]))


def test_a_and_b_are_set_at_the_current_code(explore, qtbot):
    workspace = explore("autoencoder")
    explorer, ends = workspace.explorer, workspace.ends
    with picture(qtbot, workspace):
        explorer.draw()
    with qtbot.waitSignal(explorer.walked):
        qtbot.mouseClick(ends.buttons["B"], LEFT)
    assert np.array_equal(explorer.walk.codes[-1], explorer.code)
    first = explorer.ends["A"]
    with qtbot.waitSignal(explorer.walked):
        qtbot.mouseClick(ends.swap, LEFT)
    assert np.array_equal(explorer.walk.codes[-1], first)


def test_visited_codes_are_kept_and_returned_to(explore, qtbot):
    workspace = explore("vae")
    with qtbot.waitSignal(workspace.explorer.rested):
        workspace.explorer.move([1.0, 1.0])
    with qtbot.waitSignal(workspace.explorer.rested):
        workspace.explorer.move([-1.0, 0.5])
    assert workspace.visited.grid.count == 3
    with picture(qtbot, workspace):
        workspace.visited.grid.picked.emit(1)
    assert workspace.explorer.code.tolist() == [1.0, 1.0]


def test_the_nearest_items_lead_to_their_codes(explore, qtbot):
    workspace = explore("vae")
    nearest = workspace.canvas.nearest
    _, rect = nearest.places()[0]
    with picture(qtbot, workspace):
        qtbot.mouseClick(nearest, LEFT, pos=rect.center().toPoint())
    codes = workspace.explorer.chart.codes
    assert np.abs(codes - workspace.explorer.code).max(axis=1).min() == 0.0


def test_the_map_shows_other_planes_and_fewer_items(explore, qtbot):
    workspace = explore("autoencoder")
    entries = {action.text(): action for action in workspace.map.menu().actions()}
    with qtbot.waitSignal(workspace.explorer.charted):
        entries["Code values 3 and 4"].trigger()
    assert workspace.explorer.chart.plane.indices == (2, 3)
    entries["Held-out items alone"].trigger()
    assert workspace.map.subtitle.startswith("450 ")


def test_the_picture_is_copied_pixel_for_pixel(explore):
    workspace = explore("vae")
    workspace.canvas.picture.copy()
    assert QGuiApplication.clipboard().image().size().toTuple() == (8, 8)


def test_a_new_run_begins_afresh(explore, session, trained, qtbot):
    workspace = explore("vae")
    session.run_opened.emit(session)
    assert workspace.well.isVisible()
    assert workspace.visited.grid.count == 0
    with qtbot.waitSignal(workspace.explorer.walked, timeout=60_000):
        session.report(*trained("gan"))
    assert len(workspace.sliders.sliders) == 8


def test_weights_of_another_model_are_refused_in_one_sentence(workspace, session, trained, qtbot):
    experiment, _ = trained("vae")
    _, foreign = trained("autoencoder")
    with qtbot.waitSignal(workspace.explorer.trouble, timeout=60_000):
        session.report(experiment, foreign)
    assert workspace.banner.isVisible()
    assert "encoder" in workspace.banner.text


def test_how_walks_go_is_remembered(workspace, session):
    workspace.explorer.set_walk(frames=24, interpolation="spherical")
    other = ExploreWorkspace(None, session)
    other.restore(workspace.state())
    assert (other.explorer.frames, other.walk.kind.value) == (24, "spherical")
    other.restore(b"rubbish" and type(workspace.state())(b"rubbish"))
    assert other.explorer.frames == 24
    other.close()
    other.deleteLater()


def test_every_deed_is_offered_by_name(explore, qtbot):
    workspace = explore("vae")
    commands = {action.text(): action for action in workspace.commands()}
    with picture(qtbot, workspace):
        commands["Go to the middle of the codes"].trigger()
    assert workspace.explorer.code.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("size", [(1280, 724), (1024, 604), (900, 484)])
def test_nothing_is_cut_off_at_any_size(explore, qtbot, size):
    workspace = explore("vae")
    workspace.resize(*size)
    for panel in (workspace.map, workspace.canvas, workspace.walk, workspace.ends):
        corner = panel.mapTo(workspace, panel.rect().bottomRight())
        assert workspace.rect().contains(corner)
        qtbot.waitUntil(lambda panel=panel: panel.width() >= panel.minimumSizeHint().width())


def test_the_time_from_slider_to_picture_can_be_measured(explore):
    taken = slider_latency(explore("vae"), moves=5)
    assert taken.shape == (5,)
    assert (taken > 0).all()
