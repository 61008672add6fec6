"""Any recorded figure, on any axis, in as many panels as one likes."""

import csv

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from aegan_studio.experiment.events import Evaluated, Progress
from aegan_studio.messages import StudioError
from aegan_studio.ui.panels.train.views.metric import MetricPanel
from aegan_studio.ui.panels.train.views.metric_figures import recorded
from aegan_studio.ui.widgets.tick_menu import TickMenu
from tests.ui.training_fakes import (
    FakeDocument,
    FakeSession,
    columns_of,
    curves,
    dark,
    drag,
    experiment,
    started,
)


def progress(experiment, first, last):
    steps = np.arange(first, last + 1, dtype=np.int64)
    return Progress(steps, curves(experiment, steps), last / 21, last / 40, 40.0, 312 << 20)


@pytest.fixture
def make(qtbot, qapp):
    def build(method="gan", size=(420, 260)):
        session = FakeSession(FakeDocument(experiment(method)))
        panel = MetricPanel(session._document, session)
        qtbot.addWidget(panel)
        panel.resize(*size)
        panel.show()
        qtbot.waitExposed(panel)
        return panel, session

    with dark(qapp):
        yield build


def begin(session, last=400):
    session.open(session.experiment)
    session.send(started(session.experiment))
    for first in range(1, last + 1, 10):
        session.send(progress(session.experiment, first, first + 9))


def test_gradient_norms_are_drawn_until_others_are_chosen(make):
    panel, session = make()
    assert panel.well.shown.endswith("Press Train to see it.")
    begin(session)
    panel.catch_up()
    names = ["column.gradient.discriminator", "column.gradient.generator"]
    assert list(panel.plot.names) == names
    x, y = panel.plot.data(names[0])
    assert x.tolist() == session.history.steps.tolist()
    assert y == pytest.approx(session.history.values("gradient.discriminator"))
    assert panel.subtitle == "|g| Discriminator, |g| Generator"


def test_everything_recorded_is_on_offer(make):
    panel, session = make("vae")
    begin(session)
    session.send(Evaluated(400, {"rec-x": 0.2, "mse": 0.1, "weight-step": 1.0}))
    offered = {one.name for one in recorded(session.experiment, session.history)}
    assert {f"column.{name}" for name in columns_of(session.experiment)} <= offered
    assert {"held-out.rec-x", "held-out.mse", "pace.rate", "pace.memory"} <= offered
    for one in recorded(session.experiment, session.history):
        panel.set_figures((one.name,))
        assert panel.plot.names == (one.name,), one
        assert len(panel.plot.data(one.name)[0]) > 0
        assert panel.plot.isVisible()


def test_the_axis_counts_steps_epochs_or_seconds(make, qtbot):
    panel, session = make()
    begin(session)
    panel.set_figures(("column.loss-d", "held-out.mse", "pace.rate"))
    session.send(Evaluated(210, {"mse": 0.5}))
    name = "column.loss-d"
    steps = session.history.steps
    for axis, wanted, unit in (
        ("epoch", steps / 21, "epoch"),
        ("time", steps / 40, "s"),
        ("step", steps, "step"),
    ):
        at = panel.axis.segment_centre(axis)
        qtbot.mouseClick(panel.axis, Qt.MouseButton.LeftButton, pos=at)
        x, y = panel.plot.data(name)
        assert x == pytest.approx(wanted)
        assert y == pytest.approx(session.history.values("loss-d"))
        assert panel.plot._x_label == unit
        if axis != "step":
            at = {"epoch": 10.0, "time": 5.25}[axis]
            assert panel.plot.data("held-out.mse")[0].tolist() == pytest.approx([at])


def test_long_trainings_are_told_in_minutes(make):
    panel, session = make()
    panel.axis.set_value("time")
    begin(session)
    panel._rebuild()
    assert panel.plot._x_label == "s"
    steps = np.arange(401, 30_001)
    values = curves(session.experiment, steps)
    session.send(Progress(steps, values, 1.0, 750.0, 40.0, 312 << 20))
    panel.catch_up()
    assert panel.plot._x_label == "min"
    x, _ = panel.plot.data("column.gradient.generator")
    assert x[-1] == pytest.approx(750 / 60)
    assert (np.diff(x) >= 0).all()


def test_new_steps_are_added_and_going_back_begins_afresh(make):
    panel, session = make()
    begin(session, 200)
    panel.catch_up()
    session.send(progress(session.experiment, 201, 260))
    panel.catch_up()
    name = "column.gradient.generator"
    assert len(panel.plot.data(name)[0]) == 260
    session.history.truncate_after(100)
    session.send(progress(session.experiment, 101, 120))
    panel.catch_up()
    assert panel.plot.data(name)[0].tolist() == list(range(1, 121))


def test_points_now_and_then_are_never_smoothed(make):
    panel, session = make()
    begin(session)
    for step in (100, 200, 300):
        session.send(Evaluated(step, {"mse": step / 100}))
    panel.set_figures(("held-out.mse", "column.loss-g"))
    panel.smoothing.moved.emit(0.97)
    readout = {name: (value, mean) for name, value, mean in panel.plot.readout(300)[1]}
    assert readout["held-out.mse"] == (3.0, 3.0)
    assert readout["column.loss-g"][0] != readout["column.loss-g"][1]


def test_figures_are_ticked_in_a_menu_that_stays(make, qtbot):
    panel, session = make()
    begin(session)
    menu = panel.figures_menu()
    parts = {action.text(): action.menu() for action in menu.actions()}
    assert list(parts) == ["Losses", "Shares", "Gradient norms", "Speed and memory"]
    losses = parts["Losses"]
    assert isinstance(losses, TickMenu)
    closed = []
    losses.aboutToHide.connect(lambda: closed.append(1))
    losses.resize(losses.sizeHint())
    first = losses.actions()[0]
    drag(losses, losses.actionGeometry(first).center(), QPoint(0, 0))
    assert not closed
    assert first.isChecked()
    assert "column.loss-d" in panel.plot.names
    losses.setActiveAction(first)
    qtbot.keyClick(losses, Qt.Key.Key_Space)
    assert "column.loss-d" not in panel.plot.names
    panel.set_figures(("pace.rate",))
    speed = panel.figures_menu().actions()[-1].menu().actions()[0]
    speed.trigger()
    assert speed.isChecked(), "one figure stays"
    assert panel.plot.names == ("pace.rate",)


def test_two_panels_show_what_each_was_asked_for(make):
    one, session = make()
    begin(session)
    other = MetricPanel(session._document, session)
    other.restore(one.state() | {"figures": ["pace.memory"], "axis": "time", "log": True})
    assert other.plot.names == ("pace.memory",)
    assert other.plot.data("pace.memory")[1] == pytest.approx(312)
    assert (other.axis.value, other.log.isChecked()) == ("time", True)
    assert one.plot.names != other.plot.names
    other.restore({"figures": 3, "axis": "hours", "log": "yes", "smoothing": 7})
    assert other.axis.value == "time"
    other.restore(None)
    assert other.plot.names == ("pace.memory",)
    other.deleteLater()


def test_figures_of_another_method_give_way(make):
    panel, session = make()
    panel.set_figures(("column.loss-d",))
    session._document.edit({"method.kind": "vae"})
    assert [one.name for one in panel.figures] == ["column.gradient.autoencoder"]


def test_hidden_it_costs_nothing(make):
    panel, session = make()
    begin(session, 50)
    panel.catch_up()
    panel.hide()
    session.send(progress(session.experiment, 51, 90))
    assert not panel._clock.isActive()
    assert len(panel.plot.data("column.gradient.generator")[0]) == 50
    panel.show()
    assert len(panel.plot.data("column.gradient.generator")[0]) == 90


def test_the_curves_are_saved(make, tmp_path):
    panel, session = make()
    begin(session)
    panel.axis.set_value("epoch")
    panel.set_figures(("column.loss-d", "pace.rate"))
    for kind in ("png", "svg", "csv"):
        panel.plot.save(tmp_path / f"plot.{kind}")
        assert (tmp_path / f"plot.{kind}").stat().st_size > 500
    with (tmp_path / "plot.csv").open() as file:
        head, first, *_ = csv.reader(file)
    assert head == ["epoch", "column.loss-d", "pace.rate"]
    assert float(first[0]) == pytest.approx(1 / 21)
    with pytest.raises(StudioError):
        panel.plot.save(tmp_path / "nowhere" / "plot.csv")


def test_curves_wear_their_own_colours_and_no_two_the_same(make):
    panel, session = make("aegan")
    begin(session)
    names = ("column.loss-dx", "column.adv-x", "column.rec-x", "pace.rate")
    panel.set_figures(names)
    colours = panel.plot._model.colours
    assert colours["column.rec-x"] == "reconstruction"
    assert len({colours[name] for name in names}) == 4
