"""Panels of what goes on inside a model: asked for only in sight, and drawn as it is."""

import csv
from collections import defaultdict
from functools import cache

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor

from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment.events import Views
from aegan_studio.messages import StudioError
from aegan_studio.ml.data.store import DataStore
from aegan_studio.ml.looking import Looking
from aegan_studio.ml.views import views_of
from aegan_studio.ui.panels.train.views.classes import ClassesPanel
from aegan_studio.ui.panels.train.views.codes import CodesPanel
from aegan_studio.ui.panels.train.views.features import FeaturesPanel
from aegan_studio.ui.panels.train.views.filters import FiltersPanel
from aegan_studio.ui.panels.train.views.layers import LayersPanel
from aegan_studio.ui.panels.train.views.unit_plane import clipped
from aegan_studio.ui.panels.train.views.verdicts import VerdictsPanel
from aegan_studio.ui.theme import DARK, LIGHT
from aegan_studio.ui.widgets.bars import bars_path, heights_of
from aegan_studio.ui.widgets.diverging import coloured, reach_of
from tests.ui.training_fakes import FakeDocument, FakeSession, dark

PANELS = (VerdictsPanel, LayersPanel, FiltersPanel, FeaturesPanel, CodesPanel, ClassesPanel)


class ViewSession(FakeSession):
    """Anything may be wanted of it."""

    def __init__(self, document):
        super().__init__(document)
        self.wants = defaultdict(set)

    @property
    def asked(self):
        return sorted(name for name, who in self.wants.items() if who)


@cache
def looking_at(name):
    experiment = recipe(name).with_options({"training.threads": 1})
    return Looking(experiment, DataStore.load(experiment), torch.device("cpu"))


@pytest.fixture
def make(qtbot, qapp):
    def build(kind, name="digits-aegan", size=(388, 300)):
        looking = looking_at(name)
        session = ViewSession(FakeDocument(looking.experiment))
        panel = kind(session._document, session)
        qtbot.addWidget(panel)
        panel.resize(*size)
        panel.show()
        qtbot.waitExposed(panel)
        return panel, session

    with dark(qapp):
        yield build


def run(session):
    session.open(session.experiment)
    session.set_state("running")


def report(session, name="digits-aegan", step=1):
    session.send(Views(step, views_of(looking_at(name), session.asked)))


def shown(panel):
    assert panel._held.isVisible()
    assert not panel.well.isVisible()
    return panel.view


@pytest.mark.parametrize("kind", PANELS)
def test_it_asks_only_while_it_is_seen(make, kind):
    panel, session = make(kind)
    run(session)
    assert session.asked == [panel.want]
    panel.hide()
    assert session.asked == []
    session.send(Views(1, views_of(looking_at("digits-aegan"), [panel.want])))
    assert panel._drawn is None, "nothing is drawn while hidden"
    panel.show()
    assert session.asked == [panel.want]
    assert panel._drawn is shown(panel)


@pytest.mark.parametrize("kind", PANELS)
def test_it_says_what_will_be_seen_and_then_shows_it(make, kind):
    panel, session = make(kind, size=(240, 220))
    assert panel.height() == 220, "the sentence asks for no room"
    assert panel.well.shown.endswith("Press Train to see it.")
    run(session)
    assert "in a moment" in panel.well.text
    report(session)
    assert shown(panel) is panel._drawn
    session.open(session.experiment)
    assert panel.well.isVisible()
    session.stop()
    assert "Press Train" in panel.well.text


@pytest.mark.parametrize("kind", PANELS)
def test_it_is_drawn_a_few_times_a_second_only(make, kind):
    panel, session = make(kind)
    run(session)
    drawn = []
    made, panel.show_view = panel.show_view, lambda view: (drawn.append(view), made(view))
    for step in range(5):
        report(session, step=step)
    assert len(drawn) == 1
    assert panel._clock.isActive()
    panel._clock.timeout.emit()
    assert [drawn[-1], len(drawn)] == [panel.view, 2]
    session.set_state("paused")
    report(session, step=9)
    assert len(drawn) == 3, "at rest the last one is drawn at once"


@pytest.mark.parametrize("kind", PANELS)
def test_a_view_that_never_comes_is_explained(make, kind):
    panel, session = make(kind)
    run(session)
    report(session)
    session.send(Views(2, {}))
    assert panel._held.isVisible(), "one look may be from before asking"
    session.send(Views(3, {}))
    assert panel.well.isVisible()
    assert panel.well.text == panel.absent()
    report(session, step=4)
    shown(panel)


@pytest.mark.parametrize("kind", PANELS)
def test_its_numbers_can_be_taken_along(make, kind, tmp_path):
    panel, session = make(kind)
    run(session)
    report(session)
    panel.save_numbers(tmp_path / "view.csv")
    with (tmp_path / "view.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert len(rows) > 5
    assert {len(row) for row in rows if row} <= {len(row) for row in rows}
    with pytest.raises(StudioError):
        panel.save_numbers(tmp_path / "nowhere" / "view.csv")
    labels = [action.text() for action in panel.menu().actions()]
    assert {"Copy picture", "Save picture…", "Save numbers…"} <= set(labels)


@pytest.mark.parametrize("kind", PANELS)
@pytest.mark.parametrize("name", ["ring-gan", "digits-dcgan", "digits-vq-vae"])
def test_it_takes_every_kind_of_model(make, kind, name):
    panel, session = make(kind, name, size=(240, 180))
    if not panel.info.fits(session.experiment):
        return
    if kind is FeaturesPanel:
        panel.kind.set_value("sample")
    run(session)
    report(session, name)
    report(session, name)
    assert shown(panel) is not None
    assert panel.width() == 240
    assert panel.height() == 180
    assert not panel.grab().isNull()


def test_verdicts_say_how_often_the_critic_is_right(make, qtbot):
    panel, session = make(VerdictsPanel)
    run(session)
    report(session)
    view = shown(panel)
    rows = panel.rows.rows
    assert [row.label for row in rows] == ["Real", "Real, held out", "Generated", "Rebuilt"]
    share = round(100 * view.critics[0].judged[2].right)
    assert rows[2].figure == f"{share} % right"
    assert str(round(100 * view.critics[0].ahead)) in panel.subtitle
    qtbot.mouseClick(
        panel.critic,
        Qt.MouseButton.LeftButton,
        pos=panel.critic.segment_centre("latent_discriminator"),
    )
    assert [row.label for row in panel.rows.rows][:2] == ["Drawn codes", "Encoded"]
    panel.rows.setFocus()
    qtbot.keyClick(panel.rows, Qt.Key.Key_Down)
    assert panel.rows.accessibleDescription().startswith("Encoded")
    at = panel.rows._bars_rect(1).center()
    assert "of 256" in panel.rows._tip(at)


def test_another_network_s_layers_are_asked_for(make, qtbot):
    panel, session = make(LayersPanel)
    run(session)
    assert session.asked == ["layers:encoder"]
    report(session)
    sheet = panel.table.sheet
    assert [row.label for row in sheet.rows] == ["Linear"] * 3
    assert [row.shape for row in sheet.rows] == ["256", "256", "16"]
    at = panel.network.segment_centre("generator")
    qtbot.mouseClick(panel.network, Qt.MouseButton.LeftButton, pos=at)
    assert session.asked == ["layers:generator"]
    assert panel._held.isVisible(), "the old ones stay until the new ones have come"
    report(session)
    assert sheet.rows[-1].shape == "64"
    qtbot.keyClick(sheet, Qt.Key.Key_End)
    assert "Gradients" in sheet.accessibleDescription()
    first, weights = sheet.row_rect(0), sheet.columns()[1]
    assert sheet.tip_at(QPointF(weights.center().x(), first.top() + 8)).startswith("Weights: ")
    strip = sheet.strip_rect(0)
    assert sheet.tip_at(strip.topLeft() + QPointF(0.5, 1)).startswith("Unit 1: ")


def test_dead_units_catch_the_eye(make):
    looking = looking_at("digits-aegan")
    first = next(
        layer
        for layer in looking.model.networks["encoder"].layers
        if isinstance(layer, torch.nn.Linear)
    )
    before = first.bias.detach().clone()
    with torch.no_grad():
        first.bias[:40] = -1e3
    panel, session = make(LayersPanel, size=(560, 320))
    run(session)
    report(session)
    with torch.no_grad():
        first.bias.copy_(before)
    figures = panel.view.layers[0]
    assert figures.dead >= 40
    assert panel.subtitle.startswith(str(sum(row.dormant for row in panel.view.layers)))
    sheet = panel.table.sheet
    image = sheet.grab().toImage()
    strip = sheet.strip_rect(0).center().toPoint()
    dead = image.pixelColor(QPoint(int(strip.x() * 20 / 256), strip.y()))
    assert dead == QColor(DARK.error)
    assert "dead" in sheet.tip_at(QPointF(20, sheet.row_rect(0).top() + 5))


def test_bars_by_logarithm_show_single_values(make, qtbot):
    panel, session = make(LayersPanel)
    run(session)
    report(session)
    qtbot.mouseClick(panel.log, Qt.MouseButton.LeftButton)
    assert panel.table.sheet.log
    counts = np.array([1000, 1, 0])
    assert heights_of(counts, log=True)[1] > 20 * heights_of(counts)[1]
    assert heights_of(counts)[2] == 0


def test_filters_are_sorted_by_length_or_number(make, qtbot):
    panel, session = make(FiltersPanel)
    run(session)
    report(session)
    tips = panel.grid.sheet.captions.tips
    norms = panel.view.norms
    assert tips[0].startswith(f"Unit {int(np.argmax(norms)) + 1} of 256")
    qtbot.mouseClick(panel.order, Qt.MouseButton.LeftButton)
    assert panel.grid.sheet.captions.tips[0].startswith("Unit 1 of 256")


def test_units_of_points_are_lines(make, qtbot):
    panel, session = make(FiltersPanel, "ring-gan")
    run(session)
    panel.network.set_value("discriminator")
    panel.change()
    report(session, "ring-gan")
    assert panel.pages.currentWidget() is panel.plane
    start, end = panel.plane._segment(3)
    assert panel.plane.unit_at((start + end) / 2) >= 0


def test_a_line_is_cut_to_its_box():
    low, high = np.zeros(2), np.array([2.0, 1.0])
    ends = clipped(np.array([1.0, 1.0]), -1.0, low, high)
    assert {tuple(np.round(end, 6)) for end in ends} == {(0.0, 1.0), (1.0, 0.0)}
    assert clipped(np.array([0.0, 1.0]), -5.0, low, high) is None
    level = clipped(np.array([0.0, 2.0]), -1.0, low, high)
    assert {tuple(end) for end in level} == {(0.0, 0.5), (2.0, 0.5)}


def test_layers_and_items_of_feature_maps_are_chosen(make, qtbot):
    panel, session = make(FeaturesPanel, "digits-dcgan")
    run(session)
    assert session.asked == ["features:discriminator//train-0"]
    report(session, "digits-dcgan")
    layers = [option.value for option in panel.layer.options]
    assert len(layers) == len(panel.view.layers) >= 2
    assert session.asked == [f"features:discriminator/{layers[0]}/train-0"]
    panel.layer.set_value(layers[1])
    panel.layer.value_changed.emit(layers[1])
    panel.number.value_changed.emit(panel.number.value)
    report(session, "digits-dcgan")
    assert panel.view.layer == int(layers[1])
    panel.network.set_value("generator")
    panel.network.value_changed.emit("generator")
    for step in range(2):
        report(session, "digits-dcgan", step)
    assert "Choose a generated one" in panel.well.text


def test_unused_values_and_the_prior_are_drawn(make, qtbot):
    panel, session = make(CodesPanel, "digits-vae")
    run(session)
    report(session, "digits-vae")
    view = shown(panel)
    cells = panel.cells.sheet.cells
    assert len(cells) == len(view.low)
    assert [cell.faded for cell in cells] == view.unused.tolist()
    assert cells[0].expected is not None
    assert cells[0].shares.sum() == pytest.approx(1)
    panel.order.setChecked(True)
    first = int(np.argmax(view.divergence))
    assert np.array_equal(panel.cells.sheet.cells[0].shares, view.counts[first] / view.items)


def test_entries_of_a_codebook_are_shown_by_their_use(make, qtbot):
    panel, session = make(CodesPanel, "digits-vq-vae")
    run(session)
    report(session, "digits-vq-vae")
    assert panel.pages.currentWidget() is panel.entries
    assert sum(bar.value for bar in panel.entries.bars) == pytest.approx(1)
    at = panel.part.segment_centre("values")
    qtbot.mouseClick(panel.part, Qt.MouseButton.LeftButton, pos=at)
    assert panel.pages.currentWidget() is panel.cells


def test_missing_classes_are_marked(make):
    panel, session = make(ClassesPanel)
    run(session)
    report(session)
    view = shown(panel)
    bars = panel.bars.bars
    assert [bar.label for bar in bars] == list("0123456789")
    shares = view.counts / view.items
    assert [bar.low for bar in bars] == (shares < 0.1 * view.expected).tolist()
    assert "right for" in panel.judge.text()


def test_colours_about_zero():
    values = np.array([[[-2.0, 0.0, 2.0]]])
    for theme in (DARK, LIGHT):
        low, zero, high = coloured(values, 2.0, theme)[0, 0].astype(int)
        surface = QColor(theme.surface)
        near = np.abs(zero - [surface.red(), surface.green(), surface.blue()]).sum()
        assert near < 60
        assert np.abs(low - high).sum() > 200
    assert reach_of(np.array([np.nan, -3.0, 1.0])) == pytest.approx(3, abs=0.01)
    assert reach_of(np.zeros(4)) == 1.0
    assert coloured(np.full((1, 2, 2, 3), 5.0), 5.0, DARK).min() == 255


def test_every_bar_is_seen():
    from PySide6.QtCore import QRectF

    path = bars_path(QRectF(0, 0, 40, 20), heights_of(np.array([100000, 1, 0, 0])))
    assert path.contains(QPointF(15, 19.5))
    assert not path.contains(QPointF(25, 19.5))


def test_a_view_is_added_to_a_training_floated_and_taken_away(bench, qtbot):
    """In the real window with a real training; what is gone from sight is asked for no more."""
    space = bench.window.workspace
    bench.session.train()
    qtbot.waitUntil(lambda: bench.session.state == "finished", timeout=60_000)
    assert not bench.session._wanted & {"layers:encoder", "classes"}
    menu = space.views_menu(space)
    (action,) = (one for one in menu.actions() if one.text() == "Layers")
    action.trigger()
    panel = space.panel("layers")
    qtbot.waitUntil(lambda: panel.view is not None, timeout=20_000)
    assert panel.table.sheet.rows
    assert "layers:encoder" in bench.session._wanted
    panel.ask_to_float()
    qtbot.waitUntil(lambda: panel.floating)
    bench.window.show_workspace("explore")
    assert "layers:encoder" in bench.session._wanted, "it is seen in a window of its own"
    panel.ask_to_float()
    assert "layers:encoder" not in bench.session._wanted
    bench.window.show_workspace("train")
    assert "layers:encoder" in bench.session._wanted
    space.toggle("layers", False)
    assert not {name for name in bench.session._wanted if name.startswith("layers")}
