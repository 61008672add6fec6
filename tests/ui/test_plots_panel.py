"""The live plots: every number arrives, both plots agree, and files hold what was measured."""

import csv
import os

import numpy as np
import pytest
from PySide6.QtCore import Qt

from aegan_studio.experiment.events import Changed, Diverged, Evaluated, Progress
from aegan_studio.messages import StudioError
from aegan_studio.ui.panels.train.plots.marks import change_text, marks_of
from aegan_studio.ui.panels.train.plots.panel import PlotsPanel
from aegan_studio.ui.panels.train.plots.terms import TermsModel, held_out_name
from aegan_studio.ui.theme import DARK
from aegan_studio.ui.training.history import History
from tests.ui.training_fakes import (
    FakeDocument,
    FakeSession,
    columns_of,
    dark,
    experiment,
    progress,
    started,
)


@pytest.fixture
def panel_of(qtbot, qapp):

    def make(method="autoencoder", *, run=True):
        session = FakeSession(FakeDocument(experiment(method)))
        panel = PlotsPanel(session._document, session)
        qtbot.addWidget(panel)
        panel.resize(480, 420)
        panel.show()
        qtbot.waitExposed(panel)
        session.event.connect(lambda _event: panel.isVisible() and panel.catch_up())
        if run:
            session.open(session.experiment)
            session.send(started(session.experiment))
        return panel, session

    with dark(qapp):
        yield make


def test_an_empty_panel_invites_to_train(panel_of):
    panel, session = panel_of(run=False)
    assert panel.well.isVisible()
    assert not panel.terms.isVisible()
    session.open(session.experiment)
    session.send(started(session.experiment))
    session.send(progress(session.experiment, 1, 10))
    assert panel.terms.isVisible()
    assert not panel.well.isVisible()


def test_every_step_of_every_term_is_plotted_exactly(panel_of):
    panel, session = panel_of("gan")
    for last in range(7, 710, 7):
        session.send(progress(session.experiment, last - 6, last))
    for name in ("loss-d", "loss-g"):
        x, y = panel.terms.data(name)
        assert np.array_equal(x, session.history.steps)
        assert np.array_equal(y.astype(np.float32), session.history.values(name))
    assert panel.shares.names == ("right",)
    assert panel.terms.names == ("loss-d", "loss-g")


def test_only_methods_with_critics_have_the_second_plot(panel_of):
    for method, has in (("gan", True), ("vae", False), ("autoencoder", False)):
        panel, session = panel_of(method)
        session.send(progress(session.experiment, 1, 10))
        assert panel.shares.isVisible() == has


def test_reconstruction_losses_begin_on_a_logarithmic_scale(panel_of):
    assert panel_of("autoencoder")[0].terms.log
    assert not panel_of("vae")[0].terms.log
    assert not panel_of("gan")[0].terms.log


def test_the_switch_and_the_key_change_the_scale_together(panel_of, qtbot):
    panel, session = panel_of()
    session.send(progress(session.experiment, 1, 50))
    at = panel.scale.segment_centre("linear")
    qtbot.mouseClick(panel.scale, Qt.MouseButton.LeftButton, pos=at)
    assert not panel.terms.log
    qtbot.keyClick(panel.terms, Qt.Key.Key_L)
    assert panel.terms.log
    assert panel.scale.value == "log"


def test_a_chosen_scale_stays_for_the_next_run_of_the_same_method(panel_of):
    panel, session = panel_of()
    panel.terms.set_log(False)
    session.open(session.experiment)
    assert not panel.terms.log


def test_a_signal_measured_now_and_then_is_a_line_and_exact_in_the_file(panel_of, tmp_path):
    panel, session = panel_of("gan")
    exp = session.experiment
    for last in range(20, 201, 20):
        report = progress(exp, last - 19, last)
        column = columns_of(exp).index("right")
        report.values[report.steps % 10 != 1, column] = np.nan
        session.send(report)
    x, y = panel.shares.data("right")
    assert len(x) == 200
    assert np.isfinite(y).all()
    measured = session.history.values("right")
    assert np.array_equal(y[4], measured[0])
    path = tmp_path / "right.csv"
    panel.shares.export_csv(path)
    with path.open() as file:
        rows = list(csv.reader(file))
    assert len(rows) == 1 + np.isfinite(measured).sum()
    assert float(rows[1][1]) == pytest.approx(float(measured[0]))


def test_before_the_first_measurement_there_is_nothing():
    model = TermsModel(0.9)
    model.append(np.arange(3), np.array([[np.nan], [2.0], [np.nan]]), ["a"])
    model.append(np.arange(3, 5), np.array([[np.nan], [4.0]]), ["a"])
    _, values = model.series("a").x, model.series("a").y
    assert np.array_equal(values, [np.nan, 2.0, 2.0, 2.0, 4.0], equal_nan=True)


def test_held_out_values_are_drawn_beside_their_term_and_never_smoothed(panel_of):
    panel, session = panel_of("vae")
    session.send(progress(session.experiment, 1, 400))
    session.send(Evaluated(100, {"rec-x": 50.0, "kl": 1.0, "bound": 51.0}))
    session.send(Evaluated(200, {"rec-x": 30.0, "kl": 2.0, "bound": 32.0}))
    assert panel.terms.held_out == ("rec-x", "kl")
    model = panel.terms._model
    curves = {curve.name: curve for curve in model.curves(0, 400, 400, DARK)}
    line = curves[held_out_name("rec-x")]
    assert line.mean.low.tolist() == [50.0, 30.0]
    assert line.raw is None
    assert line.label == "held out"
    assert curves[held_out_name("kl")].label == "held out"
    rows = {name: value for name, value, _ in panel.terms.readout(150.0)[1]}
    assert rows[held_out_name("rec-x")] == 50.0


def test_the_file_has_a_column_for_held_out_values(panel_of, tmp_path):
    panel, session = panel_of()
    session.send(progress(session.experiment, 1, 300))
    session.send(Evaluated(100, {"rec-x": 0.5}))
    path = tmp_path / "losses.csv"
    panel.terms.save(path)
    with path.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 300
    assert rows[99][held_out_name("rec-x")] == "0.5"
    assert rows[98][held_out_name("rec-x")] == ""
    values = session.history.values("rec-x")
    assert [float(row["rec-x"]) for row in rows] == pytest.approx(values.tolist())


def test_pictures_of_the_plot_are_written(panel_of, tmp_path):
    panel, session = panel_of()
    session.send(progress(session.experiment, 1, 300))
    panel.terms.save(tmp_path / "losses.png")
    panel.terms.save(tmp_path / "losses.svg")
    assert (tmp_path / "losses.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (tmp_path / "losses.svg").read_bytes()


@pytest.mark.parametrize("ending", ["png", "svg", "csv"])
def test_a_file_that_cannot_be_written_is_one_clear_sentence(panel_of, tmp_path, ending):
    panel, session = panel_of()
    session.send(progress(session.experiment, 1, 30))
    target = tmp_path / "missing" / f"losses.{ending}"
    with pytest.raises(StudioError) as caught:
        panel.terms.save(target)
    assert str(target) in str(caught.value)
    assert os.linesep not in str(caught.value)


def test_going_back_to_a_checkpoint_forgets_what_came_after(panel_of):
    panel, session = panel_of()
    session.send(progress(session.experiment, 1, 300))
    session.send(Evaluated(250, {"rec-x": 0.5}))
    session.send(Diverged(300, "autoencoder", "rec-x", 200))
    x, _ = panel.terms.data("rec-x")
    assert x[-1] == 200
    assert panel.terms.held_out == ()
    session.send(progress(session.experiment, 201, 260))
    x, y = panel.terms.data("rec-x")
    assert np.array_equal(x, np.arange(1, 261))
    assert np.array_equal(y.astype(np.float32), session.history.values("rec-x"))


def test_steps_told_again_replace_the_old_ones(panel_of):
    panel, session = panel_of()
    session.send(progress(session.experiment, 1, 300))
    session.send(progress(session.experiment, 101, 150))
    x, _ = panel.terms.data("rec-x")
    assert np.array_equal(x, np.arange(1, 151))


def test_an_opened_run_is_plotted_whole(panel_of):
    panel, session = panel_of(run=False)
    exp = session.experiment
    history = History()
    history.clear(columns_of(exp))
    history.add(progress(exp, 1, 5000))
    history.add(Evaluated(1000, {"rec-x": 0.2}))
    history.add(Changed(700, "training.steps", 3000, 6000))
    session.open(exp, history)
    assert len(panel.terms.data("rec-x")[0]) == 5000
    assert panel.terms.held_out == ("rec-x",)
    assert panel.terms.isVisible()


def test_what_came_while_hidden_is_there_when_shown(panel_of):
    panel, session = panel_of()
    session.send(progress(session.experiment, 1, 100))
    panel.hide()
    session.send(progress(session.experiment, 101, 400))
    session.send(Evaluated(300, {"rec-x": 0.2}))
    assert len(panel.terms.data("rec-x")[0]) == 100, "hidden, it does nothing"
    panel.show()
    assert len(panel.terms.data("rec-x")[0]) == 400
    assert panel.terms.held_out == ("rec-x",)


def test_both_plots_look_at_the_same_steps(panel_of, qtbot):
    panel, session = panel_of("gan")
    session.send(progress(session.experiment, 1, 1000))
    qtbot.keyClick(panel.shares, Qt.Key.Key_Plus)
    first, last = panel.shares.x_range
    assert 1 < first < last < 1000
    assert panel.terms.x_range == (first, last)
    qtbot.keyClick(panel.terms, Qt.Key.Key_Left)
    assert panel.shares.x_range == panel.terms.x_range != (first, last)
    assert not panel.terms.follow
    assert not panel.follow.isChecked()
    panel.follow.click()
    assert panel.terms.follow
    assert panel.shares.follow


def test_smoothing_reaches_both_plots(panel_of, qtbot):
    panel, session = panel_of("gan")
    session.send(progress(session.experiment, 1, 100))
    panel.smoothing.slider.setFocus()
    qtbot.keyClick(panel.smoothing.slider, Qt.Key.Key_Left)
    assert panel.terms.smoothing == pytest.approx(0.89)
    assert panel.shares.smoothing == pytest.approx(0.89)


def test_gradient_norms_can_be_shown_instead(panel_of):
    panel, session = panel_of("gan")
    session.send(progress(session.experiment, 1, 100))
    panel.gradients.click()
    assert panel.title == "Gradient norms"
    assert panel.terms.names == ("gradient.discriminator", "gradient.generator")
    assert not panel.shares.isVisible()
    panel.gradients.click()
    assert panel.terms.names == ("loss-d", "loss-g")
    assert panel.shares.isVisible()


def test_live_changes_are_marked_and_said_in_words():
    exp = experiment("gan")
    change = Changed(700, "phases.generator.lr", 2e-4, 1e-4)
    assert change_text(exp, change) == "Generator: Learning rate: 0.0002 → 0.0001"
    other = Changed(700, "training.steps", 3000, 6000)
    marks = marks_of(exp, [change, other])
    assert len(marks) == 1
    assert marks[0].step == 700
    assert marks[0].text.splitlines() == [change_text(exp, change), change_text(exp, other)]
    unknown = Changed(1, "phases.generator.gone", 1, 2)
    assert change_text(exp, unknown).startswith("phases.generator.gone")


def test_new_steps_appear_by_themselves_soon(panel_of, qtbot):
    panel, session = panel_of()
    session.event.disconnect()
    session.event.connect(panel._on_event)
    session.send(progress(session.experiment, 1, 10))
    session.send(progress(session.experiment, 11, 30))
    qtbot.waitUntil(lambda: len(panel.terms.data("rec-x")[0]) == 30, timeout=1000)


def test_a_report_without_numbers_changes_nothing(panel_of):
    panel, session = panel_of()
    session.send(progress(session.experiment, 1, 10))
    empty = Progress(np.empty(0, np.int64), np.empty((0, 2), np.float32), 0.0, 0.0, 0.0, 0)
    session.send(empty)
    assert len(panel.terms.data("rec-x")[0]) == 10


def test_the_document_chooses_the_curves_until_a_run_stands(panel_of):
    panel, session = panel_of(run=False)
    session._document.edit({"method.kind": "gan"})
    session.open(session.experiment)
    session.send(started(session.experiment))
    session.send(progress(session.experiment, 1, 10))
    assert panel.terms.names == ("loss-d", "loss-g")


def test_a_line_marks_the_moment_that_is_looked_at(panel_of):
    panel, session = panel_of("gan")
    session.send(progress(session.experiment, 1, 400))
    assert panel.terms.moment is None
    session.moment_changed.emit(120)
    assert panel.terms.moment == panel.shares.moment == 120
    session.moment_changed.emit(None)
    assert panel.terms.moment is None
