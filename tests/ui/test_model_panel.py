"""The drawn model: what it shows, where, and how keyboard and pointer reach it."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from aegan_studio.experiment.events import PhaseDone, Progress
from aegan_studio.experiment.parts import METHODS
from aegan_studio.ui.panels.train.model.flow import structure_of
from aegan_studio.ui.panels.train.model.layout import place
from aegan_studio.ui.panels.train.model.levels import MORE, picture_side
from aegan_studio.ui.panels.train.model.paint import paint_model
from aegan_studio.ui.panels.train.model.panel import Means, ModelPanel
from aegan_studio.ui.panels.train.model.pills import pill_width, word_width
from aegan_studio.ui.panels.train.model.scene import terms_of
from aegan_studio.ui.panels.train.model.state import value_text
from aegan_studio.ui.panels.train.widget_picture import widget_menu, widget_picture
from aegan_studio.ui.theme import DARK
from tests.ui.sketched import SKETCHED
from tests.ui.training_fakes import (
    Digits,
    FakeDocument,
    FakeSession,
    dark,
    experiment,
    point_pictures,
    progress,
    started,
)

KINDS = [entry.kind for entry in METHODS]
DRAWN = [*KINDS, *(f"sketched {name}" for name in SKETCHED)]
SIZES = [(676, 206), (392, 104), (420, 150), (516, 170), (740, 160), (1000, 260), (1600, 320)]


def drawn(kind, dataset="digits"):
    """An experiment of a registered method, or the sketch of a well-known one."""
    if kind.startswith("sketched "):
        return SKETCHED[kind.removeprefix("sketched ")]
    return experiment(kind, dataset)


def placed_of(exp, size, ratio=1.0):
    """As the view lays it out, with the widths that its pills and words have."""
    return place(
        structure_of(exp), *size, ratio=ratio, side=8,
        measure=lambda pill, level: pill_width(pill, 0.073, level), words=word_width,
    )  # fmt: skip


@pytest.fixture
def panel_of(qtbot, qapp):
    """Makes a visible panel of a method on a dataset; gives it with its document and session."""

    def make(method="autoencoder", dataset="digits", size=(960, 260)):
        document = FakeDocument(experiment(method, dataset))
        session = FakeSession(document)
        panel = ModelPanel(document, session)
        qtbot.addWidget(panel)
        panel.resize(*size)
        panel.show()
        qtbot.waitExposed(panel)
        return panel, document, session

    with dark(qapp):
        yield make


def shown(panel):
    """What the panel paints, as an array (h, w, 4)."""
    image = panel.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)


@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize("dataset", ["digits", "ring"])
def test_every_method_is_drawn_with_all_its_networks_and_terms(kind, dataset):
    exp = drawn(kind, dataset)
    structure = structure_of(exp)
    assert structure.roles == {role.name for role in exp.roles()}
    shown = [pill.term for pill in structure.pills if pill.term]
    assert sorted([*shown, *structure.hidden]) == sorted(terms_of(exp)), "each once"
    signals = {name for name, (term, _) in terms_of(exp).items() if term.signal}
    assert len(shown) >= 1
    if not structure.hidden:
        assert signals <= set(shown)


@pytest.mark.parametrize("kind", DRAWN)
def test_every_arrow_joins_two_things_that_stand(kind):
    structure = structure_of(drawn(kind))
    names = {node.name for node in structure.nodes} | {pill.name for pill in structure.pills}
    assert len(names) == len(structure.nodes) + len(structure.pills)
    for edge in structure.edges:
        assert {edge.source, edge.target} <= names
    joined = {name for edge in structure.edges for name in (edge.source, edge.target)}
    assert {node.name for node in structure.nodes} <= joined


@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize("size", SIZES)
def test_nothing_lies_over_anything_or_outside(qapp, kind, size):
    for ratio in (1.0, 1.25, 2.0):
        nothing_overlaps(drawn(kind), size, ratio)


def nothing_overlaps(exp, size, ratio):
    placed = placed_of(exp, size, ratio)
    view = QRectF(0, 0, *size)
    for name, rect in placed.rects.items():
        assert view.contains(rect), name
    for (one, a), (other, b) in combinations(placed.rects.items(), 2):
        assert not a.intersects(b), (one, other)
    for edge in placed.edges:
        assert all(view.contains(point) for point in edge.points), edge.edge
    structure = structure_of(exp)
    shown = {pill.term for pill in structure.pills if pill.name in placed.rects} - {""}
    assert shown | set(placed.hidden) == set(terms_of(exp))
    assert (MORE in placed.rects) == bool(placed.hidden)


@pytest.mark.parametrize("kind", DRAWN)
def test_arrows_along_a_lane_point_right_with_room_between(qapp, kind):
    for edge in placed_of(drawn(kind), (956, 206)).edges:
        if edge.edge.kind == "flow":
            assert edge.points[-1].x() - edge.points[0].x() > 12


def test_the_four_networks_stand_as_two_lanes_share_them(qapp):
    exp = experiment("aegan")
    rects = placed_of(exp, (676, 206)).rects
    encoder, generator = rects["encoder"], rects["generator"]
    upper, lower = rects["z-hat"], rects["z"]
    for network in (encoder, generator):
        assert network.top() < upper.top()
        assert network.bottom() > lower.bottom()
    assert rects["x"].right() < encoder.left() < upper.left() < generator.left()
    assert upper.bottom() < rects["latent_discriminator"].top()
    assert rects["latent_discriminator"].bottom() < lower.top()
    assert rects["x-tilde"].bottom() < rects["discriminator"].top()
    assert rects["discriminator"].bottom() < rects["x-hat"].top()
    assert rects["rec-x"].center().y() < encoder.top()
    assert rects["rec-z"].center().y() > encoder.bottom()
    assert rects["x@discriminator"].left() > rects["discriminator"].right()
    edges = {(e.source, e.target): e for e in structure_of(exp).edges}
    assert edges["x-hat", "encoder"].kind == "return"
    assert edges["encoder", "z"].formula == r"\tilde{z}"


def test_what_has_no_pill_is_told_by_the_plus(panel_of):
    panel, _, _ = panel_of("aegan")
    view = panel.view
    view.set_values({"loss-dx": 1.386, "right-z": 0.5})
    tip = view.tip(MORE)
    assert "Data critic loss" in tip
    assert "1.386" in tip
    assert "Latent critic right" in tip
    tip = view.tip("discriminator")
    assert "Data critic D" in tip
    assert "Data critic deceived" in tip
    assert "Latent critic" not in tip


@given(st.floats(20, 200), st.integers(1, 128), st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0]))
def test_pictures_take_whole_numbers_of_device_pixels(room, side, ratio):
    size = picture_side(room, side, ratio) * ratio
    assert size <= room * ratio + 1e-6
    if room * ratio >= side:
        assert abs(size / side - round(size / side)) < 1e-6
    else:
        assert abs(side / size - round(side / size)) < 1e-6


def test_numbers_read_well_at_every_size():
    assert [value_text(v) for v in (0.07531, 0.7312, 12.345, 1234.5, 0.0, -0.5)] == [
        "0.075", "0.73", "12.3", "1,234", "0.000", "−0.50",
    ]  # fmt: skip
    assert value_text(4.2e-5) == "4.2e−5"
    assert value_text(None) == value_text(float("nan")) == "–"
    assert value_text(0.578, share=True) == "58 %"


def test_means_leave_out_what_was_not_measured():
    means = Means()
    means.start(("a", "b"))
    means.add(np.array([[1.0, np.nan], [3.0, 5.0]], np.float32))
    means.add(np.array([[5.0, np.nan]], np.float32))
    assert means.take() == {"a": 3.0, "b": 5.0}
    assert means.take() == {}


def test_the_panel_names_method_and_step_and_shows_each_terms_value(panel_of, qtbot):
    panel, document, session = panel_of("gan")
    assert panel.subtitle == "GAN"
    session.open(document.experiment)
    session.send(started(document.experiment))
    session.send(progress(document.experiment, 1, 20))
    qtbot.waitUntil(lambda: panel.subtitle == "GAN, step 20")
    values = panel.view.state.values
    expected = session.history.values("loss-d").mean()
    assert values["loss-d"] == pytest.approx(expected, rel=1e-5)
    assert set(values) >= {"loss-d", "loss-g", "right"}
    assert panel.view.parts["loss-d"].accessibleDescription() == value_text(values["loss-d"])
    discriminator, generator = panel.formulas.lines
    assert discriminator.value == f"= {value_text(values['loss-d'])}"
    assert generator.value == f"= {value_text(values['loss-g'])}"


def test_weighted_terms_appear_with_their_weight_in_the_formula(panel_of, qtbot):
    panel, document, session = panel_of("vae")
    document.edit({"method.beta": 4.0})
    session.open(document.experiment)
    session.send(started(document.experiment))
    steps, k = np.arange(1, 2), session.latest
    columns = next(iter(k.values())).columns
    row = [{"rec-x": 20.0, "kl": 2.5}.get(name, np.nan) for name in columns]
    session.send(Progress(steps, np.array([row], np.float32), 0.1, 0.1, 100.0, 0))
    qtbot.waitUntil(lambda: panel.formulas.lines[0].value != "")
    assert panel.formulas.lines[0].value == "= 20.0 + 4 · 2.50 = 30.0"


def test_a_single_phase_marks_the_networks_it_moved(panel_of, qtbot):
    panel, document, session = panel_of("gan")
    exp = document.experiment
    session.open(exp)
    session.send(started(exp))
    session.send(PhaseDone(1, "discriminator", "generator", {"loss-d": 1.39}))
    assert panel.view.state.updated == {"discriminator"}
    assert panel.subtitle == "GAN, step 1, next: Generator"
    assert panel.view.state.values["loss-d"] == 1.39
    session.send(PhaseDone(1, "generator", "discriminator", {"loss-g": 0.69}))
    session.send(progress(exp, 1, 1))  # the phases together made this step
    qtbot.wait(260)
    assert panel.view.state.updated == {"generator"}
    session.send(progress(exp, 2, 30))
    qtbot.waitUntil(lambda: panel.view.state.updated is None)
    assert panel.subtitle == "GAN, step 30"


def test_every_part_has_a_name_and_takes_the_focus(panel_of, qtbot):
    panel, _, _ = panel_of("vae")
    parts = list(panel.view.parts.values())
    assert all(part.accessibleName() for part in parts)
    panel.activateWindow()
    parts[0].setFocus(Qt.FocusReason.TabFocusReason)
    for part in parts[1:]:
        qtbot.keyClick(panel.focusWidget(), Qt.Key.Key_Tab)
        assert panel.focusWidget() is part


def test_a_click_or_space_on_a_picture_shows_the_next_example(panel_of, qtbot):
    panel, document, session = panel_of("autoencoder")
    session.open(document.experiment)
    session.send(Digits().pictures(900))
    first = panel.view.state.codes["code"]
    qtbot.mouseClick(panel.view.parts["x"], Qt.MouseButton.LeftButton)
    assert panel.view.example == 1
    assert not np.array_equal(first, panel.view.state.codes["code"])
    qtbot.keyClick(panel.view.parts["z-hat"], Qt.Key.Key_Space)
    assert panel.view.example == 2
    qtbot.keyClick(panel.view.parts["encoder"], Qt.Key.Key_Space)
    assert panel.view.example == 2


def test_tips_say_what_a_part_is_and_what_it_comes_to(panel_of):
    panel, document, session = panel_of("vae")
    session.open(document.experiment)
    session.send(started(document.experiment))
    panel.view.set_values({"kl": 9.25})
    tip = panel.view.tip("kl")
    assert "Divergence" in tip
    assert "9.25" in tip
    assert "How far the codes are from the prior" in tip
    tip = panel.view.tip("encoder")
    assert "Encoder E" in tip
    assert "MLP" in tip
    assert "52,240 weights" in tip


def test_points_are_drawn_in_one_frame_and_codes_as_bars(panel_of):
    panel, document, session = panel_of("gan", "ring")
    session.open(document.experiment)
    before = shown(panel).copy()
    session.send(point_pictures(2000))
    state = panel.view.state
    assert set(state.points) == {"original", "sample"}
    assert all(np.abs(points).max() <= 1 for points in state.points.values())
    assert np.abs(state.codes["sample_code"]).max() <= 1
    assert not np.array_equal(before, shown(panel))


def test_pictures_are_pixel_exact(panel_of):
    panel, document, session = panel_of("autoencoder")
    session.open(document.experiment)
    pictures = Digits().pictures(900)
    session.send(pictures)
    part = panel.view.parts["x"]
    corner = part.mapTo(panel, QPoint(0, 0))
    image = panel.grab().toImage()
    factor = part.width() // 8
    assert part.width() == 8 * factor
    for row, column in ((0, 3), (4, 4), (7, 1)):
        at = corner + QPoint(column * factor + factor // 2, row * factor + factor // 2)
        ratio = image.devicePixelRatio()
        seen = image.pixelColor(round(at.x() * ratio), round(at.y() * ratio)).red()
        assert seen == pictures.originals[0, row, column]


def test_the_drawing_follows_the_document_until_a_run_stands(panel_of):
    panel, document, session = panel_of("autoencoder")
    document.edit({"method.kind": "gan"})
    assert "discriminator" in panel.view.parts
    session.open(document.experiment)
    document.edit({"method.kind": "vae"})
    assert "discriminator" in panel.view.parts, "the run's model stays"
    session.stop()
    assert "kl" in panel.view.parts


def test_an_opened_run_shows_its_last_numbers(panel_of):
    panel, document, session = panel_of("autoencoder")
    exp = document.experiment
    earlier = FakeSession(document)
    earlier.send(started(exp))
    earlier.send(progress(exp, 1, 400))
    session.open(exp, earlier.history)
    assert panel.subtitle == "Autoencoder, step 400"
    assert panel.view.state.values["rec-x"] == pytest.approx(earlier.history.latest("rec-x"))


def test_a_panel_made_late_shows_what_the_session_knows(panel_of, qtbot):
    _, document, session = panel_of("autoencoder")
    exp = document.experiment
    session.open(exp)
    for event in (started(exp), progress(exp, 1, 50), Digits().pictures(50)):
        session.send(event)
    late = ModelPanel(document, session)
    qtbot.addWidget(late)
    assert late.subtitle == "Autoencoder, step 50"
    assert late.view.state.pictures
    assert late.view.state.parameters == {"encoder": 52_240, "decoder": 52_368}


def test_a_hidden_panel_catches_up_when_it_is_shown(panel_of):
    panel, document, session = panel_of("autoencoder")
    exp = document.experiment
    session.open(exp)
    session.send(started(exp))
    panel.hide()
    session.send(progress(exp, 1, 50))
    assert "rec-x" not in panel.view.state.values
    panel.show()
    assert panel.view.state.values["rec-x"] > 0
    assert panel.subtitle == "Autoencoder, step 50"


@pytest.mark.parametrize("method", ["autoencoder", "vae", "gan", "aegan"])
def test_painting_a_part_anew_leaves_no_trace(panel_of, method):
    """Only the pills are repainted when numbers move; the result is that of painting all."""
    panel, document, session = panel_of(method)
    session.open(document.experiment)
    view = panel.view
    terms = list(terms_of(document.experiment))
    view.set_values(dict.fromkeys(terms, 1.25))
    view.set_pictures(Digits().pictures(900, encoder=method != "gan"))

    def painted(image, clip=None):
        painter = QPainter(image)
        if clip is not None:
            painter.setClipRect(clip)
            painter.fillRect(clip, DARK.color("surface"))
        paint_model(painter, view.structure, view._placement, view.state, DARK, clip)
        painter.end()
        return image

    blank = QImage(view.size(), QImage.Format.Format_RGB32)
    blank.fill(DARK.color("surface"))
    image = painted(blank.copy())
    view.state.values = dict.fromkeys(terms, 0.75)
    for pill in view.structure.pills:
        image = painted(image, QRectF(view.parts[pill.name].geometry()))
    assert image == painted(blank.copy())


def test_the_drawing_can_be_copied(panel_of):
    panel, _, _ = panel_of("gan")
    image = widget_picture(panel.view)
    assert image.width() == 2 * panel.view.width()
    menu = widget_menu(panel.view, "model.png")
    assert [action.text() for action in menu.actions()] == ["Copy picture", "Save picture…"]
    menu.actions()[0].trigger()
    assert QGuiApplication.clipboard().image().size() == image.size()
    menu.deleteLater()


def test_formulas_give_way_where_it_is_low(panel_of, qtbot):
    panel, _, _ = panel_of("gan")
    assert panel.formulas.isVisible()
    panel.resize(700, 190)
    assert not panel.formulas.isVisible()
    qtbot.waitUntil(lambda: panel.view.height() > 130)
