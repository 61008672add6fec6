"""The loss mixer: faders by mouse and keys, marks, glides, one step of undo, and a real run."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment.events import Changed, TermGradients
from aegan_studio.experiment.parts import METHODS
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.train.arrangement import ROOT, has_mixer
from aegan_studio.ui.panels.train.mixer import MixerPanel
from aegan_studio.ui.panels.train.mixer.desk import agrees, channels_of, nearest
from aegan_studio.ui.panels.train.mixer.glide import Glide
from aegan_studio.ui.panels.train.mixer.morph import HOLD_MS
from aegan_studio.ui.panels.train.plots.marks import marks_of
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.faders import Fader, FaderScale, SegmentMeter, short_number
from tests.ui.training_fakes import FakeSession, dark, drag, experiment, progress, started

LONG = 60_000
SCALE = FaderScale(1e-3, 100.0, 1000.0)
MIXED = [kind for kind in METHODS.kinds() if METHODS[kind].options.mixer]
"""Methods that declare weights to mix; the panel shows with two or more."""


@pytest.fixture
def mixer_of(qtbot, qapp):
    """Makes a visible mixer of an AEGAN; gives it with its document and session."""

    def make(size=(272, 252), **options):
        document = Document(experiment("aegan", **options))
        session = FakeSession(document)
        panel = MixerPanel(document, session)
        panel.make_floatable("train.mixer")
        qtbot.addWidget(panel)
        panel.resize(*size)
        panel.show()
        qtbot.waitExposed(panel)
        return panel, document, session

    with dark(qapp):
        yield make


@pytest.fixture
def fader(qtbot, qapp):
    made = Fader(1.0, scale=SCALE, name="Weight")
    qtbot.addWidget(made)
    made.resize(24, 120)
    made.show()
    return made


def spot(fader, weight):
    """Where on a fader a weight lies."""
    return QPoint(fader.width() // 2, round(fader.y_of(fader.scale.place(weight))))


def pull(fader, weight):
    """Drag a fader's knob to a weight."""
    start, end = spot(fader, fader.weight), spot(fader, weight)
    drag(fader, start, end - start)


def mark(panel, name):
    return next(m for m in panel.morph.marks if m.model.name == name)


def at(document, *names):
    return tuple(document.experiment.get(f"method.{name}") for name in names)


WEIGHTS = ("rec_x", "rec_z", "adv_x", "adv_z")
DEFAULT = at(Document(experiment("aegan")), *WEIGHTS)


def weights_of(document, name):
    """The weights of a named model of the morph line."""
    model = next(m for m in document.experiment.method.morph if m.name == name)
    return tuple(model.edits[f"method.{weight}"] for weight in WEIGHTS)


# The scale


@given(st.floats(0.1, 1.0))
def test_places_and_values_are_inverse_to_two_figures(place):
    assert SCALE.place(SCALE.at(place)) == pytest.approx(place, abs=0.005)


def test_zero_lies_at_the_foot_and_powers_of_ten_at_equal_distances():
    assert SCALE.place(0) == 0 == SCALE.at(0)
    assert SCALE.at(0.04) == 0
    assert SCALE.at(0.06) == SCALE.floor
    places = [SCALE.place(10.0**power) for power in range(-3, 3)]
    steps = [b - a for a, b in pairwise(places)]
    assert steps == pytest.approx([0.18] * 5)
    assert places[-1] == 1
    assert [text for _, text in SCALE.ticks()] == ["0", "0.001", "0.01", "0.1", "1", "10", "100"]


def test_keys_move_by_figures_and_fall_off_the_floor():
    assert SCALE.moved(0.0, True) == 0.001
    assert SCALE.moved(0.001, False) == 0.0
    assert SCALE.moved(0.2, True) == 0.3
    assert SCALE.moved(0.2, True, "coarse") == 2.0
    assert SCALE.moved(0.2, True, "fine") == pytest.approx(0.21)
    assert SCALE.moved(600, True, "coarse") == 1000.0


@given(st.floats(0.001, 100), st.floats(0.001, 100), st.floats(0, 1))
def test_a_glide_moves_evenly_in_powers_of_ten(start, end, share):
    expected = start ** (1 - share) * end**share
    assert SCALE.between(start, end, share) == pytest.approx(expected, rel=6e-3)


def test_a_glide_passes_through_the_floor_from_and_to_zero():
    assert SCALE.between(0.0, 10.0, 0) == 0
    assert SCALE.between(0.0, 10.0, 0.5) == pytest.approx(0.1)
    assert SCALE.between(10.0, 0.0, 0.5) == pytest.approx(0.1)
    assert SCALE.between(10.0, 0.0, 1) == 0


# The fader


def test_a_fader_is_a_slider_with_name_and_value_for_screen_readers(fader):
    interface = QAccessible.queryAccessibleInterface(fader)
    assert interface.role() == QAccessible.Role.Slider
    assert interface.text(QAccessible.Text.Name) == "Weight"
    assert interface.text(QAccessible.Text.Description) == "1"
    fader.set_weight(0.25)
    assert interface.text(QAccessible.Text.Description) == "0.25"


def test_a_drag_moves_and_settles_once(fader):
    moved, settled = [], []
    fader.moved.connect(moved.append)
    fader.settled.connect(settled.append)
    pull(fader, 10.0)
    assert moved[-1] == pytest.approx(10.0, rel=0.1)
    assert settled == moved[-1:]
    pull(fader, 0.0)
    assert fader.weight == 0.0


def test_keys_reset_and_typing(fader, qtbot):
    typed = []
    fader.typed.connect(typed.append)
    fader.set_mark(0.1)
    for key, weight in (
        (Qt.Key.Key_Up, 2.0), (Qt.Key.Key_Down, 1.0), (Qt.Key.Key_PageUp, 10.0),
        (Qt.Key.Key_Home, 0.0), (Qt.Key.Key_Up, 0.001), (Qt.Key.Key_End, 100.0),
        (Qt.Key.Key_Delete, 0.1),
    ):  # fmt: skip
        qtbot.keyClick(fader, key)
        assert fader.weight == pytest.approx(weight)
    fader.set_weight(5.0)
    qtbot.mouseDClick(fader, Qt.MouseButton.LeftButton, pos=QPoint(12, 60))
    assert fader.weight == 0.1
    qtbot.keyClicks(fader, "7")
    assert typed == ["7"]


def test_meters_show_shares_in_ten_segments(qapp):
    meter = SegmentMeter(name="Gradient")
    for share, lit in ((None, 0), (0.0, 0), (0.004, 1), (0.26, 3), (1.0, 10)):
        meter.set_share(share)
        assert meter.lit == lit
    assert [short_number(v) for v in (0.0, 4.2e-5, 0.042, 0.42, 12.34, 1234.0)] == [
        "0", "4e−5", "0.042", "0.42", "12.3", "1.23e+03",
    ]  # fmt: skip


# What is declared


@pytest.mark.parametrize("kind", MIXED)
def test_every_mixer_has_faders_and_marks_that_reach_a_running_training(kind):
    exp = experiment(kind)
    channels = channels_of(exp)
    assert [c.term.name for c in channels] == list(exp.method.mixer)
    assert all(channel.info.live for channel in channels)
    for index, model in enumerate(exp.method.morph):
        there = exp.with_options(dict(model.edits))
        assert all(exp.option_info(path).live for path in model.edits)
        assert agrees(there, model)
        assert nearest(there, channels) == (index, True)


def test_only_methods_with_weights_to_mix_show_the_mixer():
    spec = next(spec for spec in ROOT.panels() if spec.name == "mixer")
    assert spec.fits(experiment("aegan"))
    assert not spec.fits(experiment("autoencoder"))
    assert not has_mixer(experiment("gan"))


# The panel


def test_faders_stand_at_the_documents_weights_and_follow_it(mixer_of):
    panel, document, _ = mixer_of()
    assert list(panel.strips) == ["rec-x", "rec-z", "adv-x", "adv-z"]
    assert [s.fader.weight for s in panel.strips.values()] == list(DEFAULT)
    assert panel.strips["rec-x"].value.text() == "–", "idle, nothing is known"
    document.edit({"method.rec_z": 3.5})
    assert panel.strips["rec-z"].fader.weight == 3.5
    assert panel.strips["rec-z"].weight.value == 3.5
    assert panel.strips["rec-z"].fader.mark == 1.0, "the tick stays at the preset"


def test_a_mixer_made_without_one_builds_itself_when_a_method_has_one(qtbot, qapp):
    document = Document(experiment("autoencoder"))
    panel = MixerPanel(document, FakeSession(document))
    qtbot.addWidget(panel)
    panel.resize(272, 252)
    panel.show()
    assert not panel.strips
    document.edit({"method.kind": "aegan"})
    assert len(panel.strips) == 4
    assert len(panel.morph.marks) == len(document.experiment.method.morph)
    panel.resize(272, 180)
    document.undo_stack.undo()
    panel.resize(272, 252)
    assert not panel.strips


@pytest.mark.parametrize("kind", [kind for kind in MIXED if has_mixer(experiment(kind))])
def test_every_mixer_resets_to_the_marked_weights(qtbot, qapp, kind):
    document = Document(experiment(kind))
    panel = MixerPanel(document, FakeSession(document))
    qtbot.addWidget(panel)
    panel.resize(272, 252)
    panel.show()
    assert panel.morph.isVisible() == panel.switch.isVisible() == bool(panel.morph.marks)
    for channel in channels_of(document.experiment):
        fader = panel.strips[channel.term.name].fader
        before = fader.weight
        qtbot.keyClick(fader, Qt.Key.Key_Home)
        assert document.experiment.get(channel.path) == 0.0
        qtbot.keyClick(fader, Qt.Key.Key_Delete)
        assert document.experiment.get(channel.path) == fader.mark == before


def test_a_drag_is_one_edit_and_one_step_of_undo(mixer_of, qtbot):
    panel, document, _ = mixer_of()
    fader = panel.strips["adv-x"].fader
    pull(fader, 20.0)
    assert at(document, "adv_x")[0] == pytest.approx(20.0, rel=0.2)
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert at(document, *WEIGHTS) == DEFAULT
    assert fader.weight == DEFAULT[2]


def test_a_slow_drag_edits_on_the_way_and_still_undoes_as_one(mixer_of, qtbot):
    panel, document, _ = mixer_of()
    fader = panel.strips["rec-x"].fader
    seen = []
    document.changed.connect(lambda exp: seen.append(exp.get("method.rec_x")))
    qtbot.mousePress(fader, Qt.MouseButton.LeftButton, pos=spot(fader, 10.0))
    for weight in (1.0, 0.1, 0.01):
        QTest.mouseMove(fader, spot(fader, weight))
        qtbot.waitUntil(lambda: bool(seen) and seen[-1] == fader.weight)
    qtbot.mouseRelease(fader, Qt.MouseButton.LeftButton, pos=spot(fader, 0.01))
    assert len(set(seen)) >= 2
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert at(document, "rec_x") == (10.0,)


def test_a_typed_weight_and_a_reset(mixer_of, qtbot):
    panel, document, _ = mixer_of()
    strip = panel.strips["rec-z"]
    strip.fader.setFocus()
    qtbot.keyClicks(strip.fader, "2")
    line = strip.weight.line_edit
    qtbot.keyClicks(line, "5")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: at(document, "rec_z") == (25,))
    assert strip.fader.weight == 25
    qtbot.mouseDClick(strip.fader, Qt.MouseButton.LeftButton, pos=QPoint(12, 10))
    assert at(document, "rec_z") == (1.0,)


def test_a_click_on_a_mark_goes_there_in_one_step(mixer_of, qtbot):
    panel, document, _ = mixer_of()
    assert (panel.morph.nearest, panel.morph.exact) == (2, True)
    qtbot.mouseClick(mark(panel, "gan"), Qt.MouseButton.LeftButton)
    assert at(document, *WEIGHTS) == weights_of(document, "gan")
    assert mark(panel, "gan").isChecked()
    assert document.undo_stack.count() == 1
    assert panel.strips["adv-x"].fader.mark == weights_of(document, "gan")[2]
    document.undo_stack.undo()
    assert mark(panel, "aegan").isChecked()
    document.edit({"method.rec_z": 0.9})
    assert (panel.morph.nearest, panel.morph.exact) == (2, False)
    assert not mark(panel, "aegan").isChecked()


def test_marks_say_what_they_are_and_answer_the_keyboard(mixer_of, qtbot):
    panel, document, _ = mixer_of()
    for button in panel.morph.marks:
        assert button.accessibleName() in button.toolTip()
        assert len(button.toolTip()) > 40
        role = QAccessible.queryAccessibleInterface(button).role()
        assert role == QAccessible.Role.RadioButton
    qtbot.keyClick(mark(panel, "aae"), Qt.Key.Key_Return)
    assert at(document, *WEIGHTS) == weights_of(document, "aae") != DEFAULT


def test_names_of_marks_never_touch_and_always_tell_the_present_one(mixer_of):
    panel, document, _ = mixer_of(size=(212, 210))
    for model in document.experiment.method.morph:
        document.edit(dict(model.edits))
        shown = panel.morph.named()
        assert panel.morph.nearest in shown
        spans = [panel.morph._span(index) for index in shown]
        assert all(a[1] < b[0] for a, b in pairwise(spans))
        assert all(low >= 0 and high <= panel.morph.width() for low, high in spans)


def test_chips_choose_what_a_critic_judges_and_one_always_stays(mixer_of, qtbot):
    panel, document, _ = mixer_of()
    made, rebuilt = panel.strips["adv-x"].sides
    assert made.isChecked()
    assert rebuilt.isChecked()
    qtbot.mouseClick(rebuilt, Qt.MouseButton.LeftButton)
    assert at(document, "adv_x_on") == ("generated",)
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    assert at(document, "adv_x_on") == ("rebuilt",)
    assert not made.isChecked()
    assert rebuilt.isChecked()
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    assert at(document, "adv_x_on") == ("both",)
    encoded, _ = panel.strips["adv-z"].sides
    qtbot.mouseClick(encoded, Qt.MouseButton.LeftButton)
    assert at(document, "adv_z_on") == ("cycled",)
    assert "ẑ" in encoded.accessibleName() or "z" in encoded.accessibleName()
    assert not panel.strips["rec-x"].sides


# Gliding


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_glide_is_many_edits_and_one_undo(qapp):
    before = {"rec_x": 10.0, "rec_z": 1.0, "adv_x": 0.1, "adv_z": 0.1, "adv_x_on": "both"}
    options = {f"method.{name}": value for name, value in before.items()}
    document = Document(experiment("aegan", **options))
    clock = Clock()
    glide = Glide(document, clock=clock)
    gan = document.experiment.method.morph[-1]
    glide.begin(gan, 4.0)
    seen = []
    for clock.now in (1.0, 2.0, 3.0, 4.0):
        glide.advance()
        seen.append(at(document, *WEIGHTS, "adv_x_on"))
    assert [row[0] for row in seen] == [1.0, 0.1, 0.01, 0.0], "10 to off by way of 0.001"
    assert [row[2] for row in seen] == [0.178, 0.316, 0.562, 1.0]
    assert [row[4] for row in seen] == ["both", "generated", "generated", "generated"]
    assert glide.model is None
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert at(document, *before) == tuple(before.values())


def test_any_other_edit_or_an_undo_ends_a_glide(qapp):
    document = Document(experiment("aegan"))
    clock = Clock()
    glide = Glide(document, clock=clock)
    glide.begin(document.experiment.method.morph[0], 4.0)
    clock.now = 1.0
    glide.advance()
    document.edit({"training.batch_size": 32})
    assert glide.model is None
    glide.begin(document.experiment.method.morph[0], 4.0)
    clock.now = 2.0
    glide.advance()
    document.undo_stack.undo()
    assert glide.model is None
    glide.advance()
    assert document.undo_stack.canRedo(), "it does not go on by itself"


def test_holding_a_mark_or_shift_glides_and_a_fader_stops_it(mixer_of, qtbot):
    panel, document, _ = mixer_of()
    button = mark(panel, "ae")
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.glide.model is button.model, timeout=4 * HOLD_MS)
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert panel.glide.model is button.model, "letting go does not end it"
    qtbot.waitUntil(lambda: at(document, "adv_x")[0] < DEFAULT[2])
    fader = panel.strips["rec-x"].fader
    qtbot.mousePress(fader, Qt.MouseButton.LeftButton, pos=spot(fader, fader.weight))
    qtbot.mouseRelease(fader, Qt.MouseButton.LeftButton, pos=spot(fader, fader.weight))
    assert panel.glide.model is None
    qtbot.mouseClick(
        mark(panel, "gan"), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    )
    assert panel.glide.model is mark(panel, "gan").model
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert panel.glide.model is None


def test_the_switch_makes_clicks_glide_over_the_chosen_seconds(mixer_of, qtbot):
    panel, document, _ = mixer_of()
    panel.set_seconds(1)
    qtbot.mouseClick(panel.switch, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert "1 s" in panel.switch.text()
    qtbot.mouseClick(mark(panel, "alpha-gan"), Qt.MouseButton.LeftButton)
    assert panel.glide.model is not None
    qtbot.waitUntil(lambda: panel.glide.model is None, timeout=LONG)
    assert mark(panel, "alpha-gan").isChecked()
    assert document.undo_stack.count() == 1


def test_a_glide_is_one_mark_on_the_plots():
    exp = experiment("aegan")
    rec, adv = "method.rec_x", "method.adv_x"
    glide = [
        change
        for step, value in ((1000, 10.0), (1050, 1.0), (1100, 0.1))
        for change in (
            Changed(step, rec, value, value / 10), Changed(step, adv, 1 / value, 10 / value)
        )
    ]  # fmt: skip
    later = Changed(3000, rec, 0.01, 5.0)
    first, second = marks_of(exp, [*glide, later])
    assert (first.step, second.step) == (1000, 3000)
    rec_text, adv_text = first.text.splitlines()
    assert rec_text.endswith("10 → 0.01")
    assert adv_text.endswith("0.1 → 100")
    assert second.text.endswith("0.01 → 5")


# The run's numbers


def test_values_and_gradients_of_the_run_stand_below_the_faders(mixer_of, qtbot):
    panel, document, session = mixer_of()
    session.open(document.experiment)
    session.send(started(document.experiment))
    session.send(progress(document.experiment, 1, 20))
    norms = {"rec-x": 0.42, "rec-z": 0.11, "adv-x": 0.38, "adv-z": 0.0, "loss-dx": 9.0}
    session.send(TermGradients(20, {("any", term): norm for term, norm in norms.items()}))
    assert [s.gradient.text() for s in panel.strips.values()] == ["0.42", "0.11", "0.38", "0"]
    assert [s.meter.lit for s in panel.strips.values()] == [10, 3, 9, 0]
    qtbot.waitUntil(lambda: panel.strips["rec-x"].value.text() != "–")
    session.stop()
    assert panel.strips["rec-x"].gradient.text() == "–"
    assert panel.strips["rec-x"].meter.lit == 0


def test_gradients_are_wanted_only_in_sight(mixer_of):
    panel, _, session = mixer_of()
    assert session.wants["gradients"] == {panel}
    panel.hide()
    assert session.wants["gradients"] == set()
    panel.show()
    assert session.wants["gradients"] == {panel}


def test_a_recipe_without_a_mixer_locks_the_runs_faders_and_says_why(mixer_of):
    panel, document, session = mixer_of()
    session.open(document.experiment)
    document.edit({"method.kind": "vae"})
    assert not panel.strips["rec-x"].fader.isEnabled()
    assert panel.strips["rec-x"].fader.weight == 10.0
    assert "without a mixer" in panel.strips["rec-x"].parentWidget().toolTip()
    document.undo_stack.undo()
    assert panel.strips["rec-x"].fader.isEnabled()


@pytest.mark.parametrize("size", [(272, 252), (212, 210), (208, 150), (600, 500)])
def test_nothing_overlaps_at_any_size(mixer_of, qtbot, size):
    panel, _, _ = mixer_of(size=size)
    qtbot.wait(20)
    cells = [panel.morph, panel.head]
    for strip in panel.strips.values():
        cells += [strip.name, strip.fader, strip.meter, strip.weight, strip.value]
        cells += [strip.gradient, *strip.sides]
    rects = [
        cell.rect().translated(cell.mapTo(panel, QPoint(0, 0))) for cell in cells
        if cell.isVisible()
    ]  # fmt: skip
    for index, rect in enumerate(rects):
        assert panel.rect().contains(rect)
        assert not any(rect.intersects(other) for other in rects[:index])
    assert all(strip.fader.height() >= 34 for strip in panel.strips.values())


# A real run


def test_a_fader_moved_while_training_reaches_the_run(qtbot, qapp):
    short = {"training.steps": 100_000, "training.threads": 1, "training.batch_size": 16}
    document = Document(recipe("digits-aegan").with_options(short))
    session = Session(document)
    panel = MixerPanel(document, session)
    qtbot.addWidget(panel)
    panel.resize(272, 252)
    panel.show()
    try:
        seen = []
        session.event.connect(seen.append)
        session.train()
        qtbot.waitUntil(lambda: session.step > 3, timeout=LONG)
        (before,) = at(document, "rec_x")
        pull(panel.strips["rec-x"].fader, 0.1)
        chosen = at(document, "rec_x")[0]
        assert chosen < 1

        def changes():
            return {e.path: e.new for e in seen if isinstance(e, Changed)}

        qtbot.waitUntil(lambda: changes().get("method.rec_x") == chosen, timeout=LONG)
        qtbot.mouseClick(mark(panel, "gan"), Qt.MouseButton.LeftButton)
        gan = mark(panel, "gan").model
        qtbot.waitUntil(lambda: agrees(session.experiment, gan), timeout=LONG)
        assert session.pending == {}, "nothing of it needs a new run"
        document.undo_stack.undo()
        document.undo_stack.undo()
        qtbot.waitUntil(lambda: session.experiment.get("method.rec_x") == before, timeout=LONG)
        qtbot.waitUntil(lambda: TermGradients in session.latest, timeout=LONG)
        qtbot.waitUntil(lambda: panel.strips["rec-x"].gradient.text() != "–", timeout=LONG)
    finally:
        panel.hide()
        session.close()
        session.deleteLater()
