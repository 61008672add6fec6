"""The timeline by mouse and key in the real window, over one short training that was really made.

What is seen at an instant is compared with what the training kept of it.
"""

import itertools
import threading

import numpy as np
import pytest
from PIL import Image, ImageSequence
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QToolTip, QWidget

from aegan_studio import paths
from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment.events import Evaluated, Findings, Pictures, Progress, Weights
from aegan_studio.experiment.findings import Finding
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError, msg
from aegan_studio.ml.rewinding import Rewinder
from aegan_studio.runs import instants
from aegan_studio.ui.app import build
from aegan_studio.ui.panels.train.plane.panel import DOTS
from aegan_studio.ui.panels.train.timeline.strip import AXIS, EDGE
from aegan_studio.ui.rehearsal import until
from aegan_studio.ui.settings import Settings
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.training.session import CLOSE_TIMEOUT_MS
from aegan_studio.ui.widgets.labels import Label

LEFT = Qt.MouseButton.LeftButton
STEPS = 120
"""Between two pauses of the training; a checkpoint stands at each."""
WEIGHT = "method.beta"

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)", extend=True)


class Lab:
    """The window, and what of it stands at present: another language builds it anew."""

    def __init__(self, studio):
        self.studio, self.window = studio, studio.window
        self.session, self.document = studio.session, studio.document
        self.folder = None

    @property
    def plane(self):
        return self.panel("plane")

    @property
    def plots(self):
        return self.panel("plots")

    def panel(self, name):
        return self.window.workspace.panel(name)

    @property
    def timeline(self):
        return self.panel("timeline")

    @property
    def strip(self):
        return self.timeline.strip

    @property
    def steps(self):
        return self.session.moments.steps


def wait(condition):
    """Let the window live until it holds; `qtbot` is of one test, the window of all."""
    until(condition, "what was waited for", 30.0)


def rests(lab, step):
    wait(lambda: lab.session.state == "paused" and lab.session.step == step)
    wait(lambda: step in lab.steps and lab.session.latest[Pictures].step == step)


@pytest.fixture(scope="module")
def opened(qapp, tmp_path_factory):
    """A window whose small VAE of points was trained, its divergence changed on the way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AEGAN_STUDIO_HOME", str(tmp_path_factory.mktemp("home")))
        studio = build(qapp, Settings(paths.settings_file()))
        studio.background.start()
        studio.window.resize(1280, 800)
        studio.window.show()
        studio.document.replace(
            recipe("moons-vae").with_options(
                {
                    "training.threads": 1,
                    "training.batch_size": 64,
                    "training.steps": 4000,
                    "training.evaluate_every": 40,
                }
            )
        )
        studio.window.show_workspace("train")
        lab = Lab(studio)
        for turn in (1, 2, 3):
            lab.session.step_once(STEPS)
            rests(lab, turn * STEPS)
            if turn == 1:
                lab.document.edit({WEIGHT: 0.25})
                wait(lambda: lab.session.experiment.get(WEIGHT) == 0.25)
        lab.folder = lab.session.folder
        lab.session.want("weights", "test", True)
        wait(lambda: Weights in lab.session.latest)
        yield lab
        studio.window._close_anyway = True
        studio.dispose()
        assert studio.background.wait(CLOSE_TIMEOUT_MS)


@pytest.fixture
def lab(opened):
    """That run, at rest at its end, looked at now, in a window of the usual size."""
    session = opened.session
    if session.folder != opened.folder:
        session.open_run(opened.folder)
    rests(opened, 3 * STEPS)
    yield opened
    if tr.language != "en":
        opened.window.speak("en")
    opened.timeline.card.hide()
    opened.timeline.cancel_film()
    wait(lambda: not opened.timeline.filming)
    opened.timeline.player.stop()
    session.return_to_now()
    opened.window.resize(1280, 800)


# Helpers


def middle(strip, index):
    return strip.frame_rect(index).center().toPoint()


def arrives(lab, step):
    """All that is shown is of this instant."""
    assert lab.session.moment == step
    wait(lambda: Pictures in lab.session.latest and lab.session.latest[Pictures].step == step)
    wait(lambda: Weights in lab.session.latest and lab.session.latest[Weights].step == step)
    wait(lambda: not lab.plane._together.isActive())


def returns(lab, now):
    """All is as it was before, and what is seen is now again."""
    assert lab.session.moment is None
    assert lab.timeline.follow.isChecked()
    wait(lambda: not lab.plane._together.isActive())
    assert looks(lab) == now


def click_frame(lab, index):
    QTest.mouseClick(lab.strip, LEFT, pos=middle(lab.strip, index))


def key(lab, which):
    lab.strip.setFocus()
    QTest.keyClick(lab.strip, which)


def dots(lab, name="samples"):
    return lab.plane.map._dots[name].at


def thinned(points):
    """As many as the plane draws, in its precision."""
    return points[:: max(len(points) // DOTS, 1)].astype(np.float64)


def looks(lab):
    """What is to be seen of a moment, as values."""
    readings = lab.plane.strip.readings
    return {
        "samples": dots(lab).tobytes(),
        "rebuilt": dots(lab, "reconstructions").tobytes(),
        "measures": (readings.step, dict(readings.values)),
        "cursor": (lab.plots.terms.moment, lab.plots.shares.moment),
        "where": lab.timeline.where.text(),
    }


def tip(widget, at):
    """What the tool tip at a place says."""
    QToolTip.hideText()
    help_ = QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at))
    QApplication.sendEvent(widget, help_)
    said = QToolTip.text()
    QToolTip.showText(QPoint(), "")
    return said


def slow_films(patch, seconds=0.05):
    """Looking at an instant takes a while, as with a large model."""
    never, plain = threading.Event(), Rewinder.pictures

    def pictures(self, step):
        never.wait(seconds)
        return plain(self, step)

    patch.setattr(Rewinder, "pictures", pictures)


def save_as(patch, path):
    patch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


def cut(panel):
    """What of a panel is not to be seen whole: outside of it, over another, or too narrow."""
    shown = [w for w in panel.findChildren(QWidget) if w.isVisible() and not w.isWindow()]
    header = [w for w in shown if w.parentWidget() is panel.head]
    spots = {w: QRect(w.mapTo(panel, QPoint()), w.size()) for w in shown}
    found = [w for w in shown if not panel.rect().contains(spots[w])]
    for one, other in itertools.combinations(header, 2):
        if spots[one].intersects(spots[other]):
            found.append(one)
    for widget in header:
        given = isinstance(widget, Label) or widget.minimumWidth() == widget.maximumWidth()
        if widget.width() < widget.sizeHint().width() and not given:
            found.append(widget)
    return found


# Going through time


def test_dragging_over_the_strip_shows_each_instant_as_it_was_kept(lab):
    strip, steps = lab.strip, lab.strip.frames.steps
    now = looks(lab)
    first, other = steps[1], steps[-2]
    QTest.mousePress(strip, LEFT, pos=middle(strip, 1))
    arrives(lab, first)
    QTest.mouseMove(strip, middle(strip, len(steps) - 2))
    arrives(lab, other)
    seen = looks(lab)
    assert seen["samples"] != now["samples"]
    kept = instants.read(lab.folder, other)
    for role, arrays in lab.session.latest[Weights].roles.items():
        for name, array in arrays.items():
            assert array.astype(np.float16).tobytes() == kept.weights[role][name].tobytes()
    alone = Rewinder(lab.folder).pictures(other)
    assert seen["samples"] == thinned(alone.samples).tobytes()
    assert seen["rebuilt"] == thinned(alone.reconstructions).tobytes()
    (instant,) = (one for one in lab.session.moments.instants if one.step == other)
    few = np.linspace(0, len(alone.samples) - 1, len(instant.made)).round().astype(int)
    assert np.allclose(alone.samples[few], instant.made, atol=0.02), "its thumbnail shows the same"
    assert seen["cursor"] == (other, other)
    assert seen["where"] == f"looking at step {other}"
    assert not lab.timeline.where.is_shortened
    assert strip.moment == other
    known, held_out = seen["measures"], lab.session.history.held_out["js"]
    before = held_out[0] <= other
    assert known[0] == held_out[0][before][-1]
    assert known[1]["js"] == held_out[1][before][-1]
    QTest.mouseMove(strip, middle(strip, 1))
    arrives(lab, first)
    QTest.mouseRelease(strip, LEFT, pos=middle(strip, 1))
    QTest.mouseMove(strip, middle(strip, len(steps) - 2))
    assert lab.session.moment == first, "without a button nothing moves"


def test_a_click_on_each_frame_goes_there_and_on_the_last_to_now(lab):
    now, steps = looks(lab), lab.strip.frames.steps
    pictures = []
    for index, step in enumerate(steps[:-1]):
        click_frame(lab, index)
        arrives(lab, step)
        at = lab.strip.frame_rect(index).toRect()
        pictures.append(lab.strip.grab(at).toImage())
    assert all(one != other for one, other in itertools.pairwise(pictures))
    assert lab.timeline.follow.isChecked() is False
    last = lab.strip.frame_rect(len(steps) - 1)
    QTest.mouseClick(lab.strip, LEFT, pos=(last.topLeft() + QPointF(4, 20)).toPoint())
    returns(lab, now)


def test_between_frames_the_nearest_instant_is_taken(lab):
    strip, steps = lab.strip, lab.strip.frames.steps
    left, right = strip.frame_rect(1).center(), strip.frame_rect(2).center()
    near = (0.6 * left + 0.4 * right).toPoint()
    QTest.mouseClick(strip, LEFT, pos=near)
    assert lab.session.moment == steps[1]
    arrives(lab, steps[1])


def test_keys_and_the_wheel_go_through_all_instants(lab):
    steps = lab.steps
    key(lab, Qt.Key.Key_Home)
    arrives(lab, steps[0])
    for step in steps[1:3]:
        key(lab, Qt.Key.Key_Right)
        arrives(lab, step)
    key(lab, Qt.Key.Key_Left)
    arrives(lab, steps[1])
    key(lab, Qt.Key.Key_PageUp)
    arrives(lab, steps[0])
    key(lab, Qt.Key.Key_Left)
    assert lab.session.moment == steps[0], "there is nothing before"
    key(lab, Qt.Key.Key_End)
    assert lab.session.moment is None
    key(lab, Qt.Key.Key_Left)
    arrives(lab, steps[-2])
    key(lab, Qt.Key.Key_Escape)
    assert lab.session.moment is None
    turn(lab.strip, 120)
    assert lab.session.moment == steps[-2]
    turn(lab.strip, -120)
    assert lab.session.moment is None
    for _ in range(3):
        turn(lab.strip, 30)
    assert lab.session.moment is None, "a touch pad has gone less than a notch"
    turn(lab.strip, 30)
    assert lab.session.moment == steps[-2]


def turn(widget, angle):
    at = QPointF(widget.rect().center())
    wheel = QWheelEvent(
        at,
        QPointF(widget.mapToGlobal(at)),
        QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, wheel)


def test_the_switch_holds_the_newest_instant_and_lets_go_of_it(lab):
    now, follow = looks(lab), lab.timeline.follow
    QTest.mouseClick(follow, LEFT, pos=follow.rect().center())
    arrives(lab, lab.steps[-1])
    QTest.mouseClick(follow, LEFT, pos=follow.rect().center())
    returns(lab, now)


def test_before_the_first_measurement_no_later_one_is_shown(lab):
    space = lab.window.workspace
    space.toggle("measures", True)
    measures = lab.panel("measures")
    wait(measures.isVisible)
    now = dict(measures.readings.values)
    assert now
    key(lab, Qt.Key.Key_Home)
    arrives(lab, 0)
    assert lab.session.latest[Evaluated].values == {}
    assert not lab.plane.strip.readings.values
    assert not lab.plane.strip.isVisible()
    assert measures.well.isVisible()
    assert "Nothing had been measured" in measures.well.accessibleName()
    key(lab, Qt.Key.Key_End)
    assert measures.readings.values == now
    assert lab.plane.strip.isVisible()
    space.toggle("measures", False)


def test_the_pointer_on_a_frame_shows_it_larger_with_its_facts(lab):
    strip, steps = lab.strip, lab.strip.frames.steps
    QTest.mouseMove(strip, middle(strip, 1))
    assert strip.preview.isVisible()
    assert strip.preview.instant.step == steps[1]
    first, second = strip.preview.lines()
    assert first.startswith(f"Step {steps[1]}, epoch ")
    whole = steps[1] in lab.session.moments.exact
    assert second == (
        "A branch goes on bit for bit." if whole else "A branch begins from these weights."
    )
    assert lab.session.moment is None
    QApplication.sendEvent(strip, QEvent(QEvent.Type.Leave))
    assert not strip.preview.isVisible()


# Marks


@pytest.fixture
def ill(lab):
    """The doctor found something, and something worse that is gone by now."""
    watching = lab.session.watching
    gone = Finding("divergence", "error", 1.0, 60, 60)
    holds = Finding("posterior-collapse", "warning", 0.82, 300, 180)
    watching._on_found(Findings(60, (gone,)))
    watching._on_found(Findings(300, (holds,)))
    yield lab
    lab.window.workspace.toggle("doctor", False)
    watching._on_found(Findings(300, ()))
    watching._marks.clear()
    watching.changed.emit()


def on_axis(strip, step):
    return QPoint(round(EDGE + strip.frames.x_of(step)), AXIS)


def test_marks_say_what_changed_what_was_found_and_what_is_kept(ill):
    strip = ill.strip
    assert tip(strip, on_axis(strip, STEPS)).splitlines() == [
        "120  β: 1 → 0.25",
        "120  From here branches go on bit for bit.",
    ]
    assert "180  Doctor: Posterior collapse, 82 % sure" in tip(strip, on_axis(strip, 180))
    gone = tip(strip, on_axis(strip, 60))
    assert "60  Doctor: Divergence, 100 % sure\nIt does not hold any more." in gone
    assert strip.mark_texts(QPointF(middle(strip, 1))) == [], "a frame has its card"
    theme = current_theme()
    tones = {mark.step: mark.color(theme).name() for mark in strip.marks if mark.text}
    assert tones[180] == theme.color("warning").name()
    assert tones[60] == theme.color("error").name()
    assert tones[120] in (theme.color("accent").name(), theme.color("text3").name())


def in_row(plot, step):
    """Where the mark of a step is, above the plane."""
    row = plot._mark_row
    at = row.mapToScene(QPointF(row.place(step), row.size().height() / 2))
    return at.toPoint()


def test_findings_stand_on_the_loss_plots_as_on_the_timeline(ill):
    plot = ill.plots.terms
    wait(lambda: plot._mark_row.size().height() > 10)
    theme, surface = current_theme(), plot.surface
    for step, tone in ((180, "warning"), (60, "error"), (STEPS, "accent")):
        at = in_row(plot, step)
        color = surface.grab().toImage().pixelColor(at * surface.devicePixelRatio())
        assert color.name() == theme.color(tone).name(), f"at step {step}"
    assert tip(surface, in_row(plot, 180)) == "180  Doctor: Posterior collapse, 82 % sure"
    assert "does not hold" in tip(surface, in_row(plot, 60))
    assert {mark.step for mark in ill.plots.shares._marks} == {60, 180, STEPS}


def test_a_click_on_a_finding_opens_the_doctor_at_it(ill):
    plot, space = ill.plots.terms, ill.window.workspace
    wait(lambda: plot._mark_row.size().height() > 10)
    QTest.mouseClick(plot.surface, LEFT, pos=in_row(plot, 60))
    QTest.mouseClick(plot.surface, LEFT, pos=in_row(plot, STEPS))
    assert "doctor" not in space.shown, "what is gone, and what changed, leads nowhere"
    QTest.mouseMove(plot.surface, in_row(plot, 180))
    assert plot.surface.cursor().shape() == Qt.CursorShape.PointingHandCursor
    QTest.mouseMove(plot.surface, plot.surface.rect().center())
    assert plot.surface.cursor().shape() == Qt.CursorShape.ArrowCursor
    QTest.mouseClick(plot.surface, LEFT, pos=in_row(plot, 180))
    assert "doctor" in space.shown
    doctor = ill.panel("doctor")
    wait(doctor.isVisible)
    (card,) = doctor.cards
    assert card.finding.name == "posterior-collapse"
    assert card.isAncestorOf(ill.window.focusWidget())


def test_a_step_and_what_the_doctor_says_anew_draw_no_marks_anew(ill, monkeypatch):
    drawn = []
    row = type(ill.plots.terms._mark_row)
    monkeypatch.setattr(row, "show_marks", lambda self, marks: drawn.append(marks))
    for _ in range(5):
        ill.session.event.emit(ill.session.latest[Progress])
    same = Finding("posterior-collapse", "warning", 0.82, 360, 180)
    ill.session.watching._on_found(Findings(360, (same,)))
    assert drawn == []
    surer = Finding("posterior-collapse", "warning", 0.9, 360, 180)
    ill.session.watching._on_found(Findings(360, (surer,)))
    assert len(drawn) == 2, "one for each plot"


def test_without_findings_there_is_no_mark_of_one(lab):
    for marks in (lab.strip.marks, lab.plots.terms._marks, lab.plots.shares._marks):
        assert not [mark for mark in marks if mark.kind == "finding"]


# Playing


def test_the_film_plays_every_instant_in_order_and_ends_at_now(lab):
    panel = lab.timeline
    now, seen = looks(lab), []

    def note(event):
        if isinstance(event, Pictures):
            seen.append(event.step)

    panel.rate.setFocus()
    QTest.keyClick(panel.rate, Qt.Key.Key_End)
    assert panel.player.rate > 29
    lab.session.event.connect(note)
    QTest.mouseClick(panel.play, LEFT, pos=panel.play.rect().center())
    assert panel.play.accessibleName() == "Pause the film"
    wait(lambda: not panel.player.running)
    lab.session.event.disconnect(note)
    assert tuple(seen) == (*lab.steps, lab.session.step), "and now again at the end"
    assert panel.play.accessibleName() == "Play the training as a film"
    returns(lab, now)


def test_the_film_stops_where_it_is_and_goes_on_from_there(lab):
    panel, steps = lab.timeline, lab.steps
    panel.rate.setFocus()
    QTest.keyClick(panel.rate, Qt.Key.Key_Home)
    QTest.keyClick(panel.rate, Qt.Key.Key_PageUp)
    assert 5 < panel.player.rate < 15
    key(lab, Qt.Key.Key_Space)
    assert lab.session.moment == steps[0]
    wait(lambda: lab.session.moment == steps[1])
    QTest.mouseClick(panel.play, LEFT, pos=panel.play.rect().center())
    assert not panel.player.running
    arrives(lab, steps[1])
    key(lab, Qt.Key.Key_Space)
    assert lab.session.moment == steps[1], "not from the beginning"
    wait(lambda: lab.session.moment == steps[2])
    click_frame(lab, 0)
    assert not panel.player.running, "who chooses an instant wants to see it"
    arrives(lab, steps[0])


# Films


def open_card(lab):
    QTest.mouseClick(lab.timeline.film, LEFT, pos=lab.timeline.film.rect().center())
    assert lab.timeline.card.isVisible()
    return lab.timeline.card


def segment(control, value):
    QTest.mouseClick(control, LEFT, pos=control.segment_centre(value))


@pytest.mark.parametrize("ending", [".gif", ".webp"])
def test_a_film_of_all_instants_is_saved_in_the_chosen_format(lab, monkeypatch, tmp_path, ending):
    save_as(monkeypatch, tmp_path / "film")
    card = open_card(lab)
    count = len(lab.steps)
    segment(card.format, ending)
    segment(card.shown, "reconstructions")
    card.rate.setFocus()
    QTest.keyClick(card.rate, Qt.Key.Key_Home)
    assert card.preview.text() == f"{count} frames in {count:.1f} s"
    QTest.mouseClick(card.go, LEFT, pos=card.go.rect().center())
    assert not card.isVisible()
    assert lab.timeline.filming
    assert not lab.timeline.film.isEnabled()
    assert lab.timeline.film.toolTip() == "A film is being made."
    wait(lambda: not lab.timeline.filming)
    with Image.open(tmp_path / f"film{ending}") as film:
        frames = [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(film)]
        assert film.info["duration"] == 1000
    assert len(frames) == count
    assert not np.array_equal(frames[0], frames[-1])
    assert lab.window.status.health == f"Saved film{ending}."
    assert not lab.timeline.busy.isVisible()
    assert lab.timeline.film.isEnabled()


def test_the_card_opens_while_an_instant_is_on_its_way(lab):
    key(lab, Qt.Key.Key_Home)
    assert Pictures not in lab.session.latest
    open_card(lab).hide()
    arrives(lab, 0)


def test_a_film_of_a_kind_that_cannot_be_made_is_explained_in_the_card(lab, monkeypatch):
    from aegan_studio.runs import films

    def need():
        raise StudioError(msg("MP4 needs a part that is not installed."))

    monkeypatch.setattr(films, "need_mp4", need)
    card = open_card(lab)
    segment(card.format, ".mp4")
    assert card.problem.isVisible()
    assert "not installed" in card.problem.text
    assert not card.go.isEnabled()
    segment(card.format, ".gif")
    assert not card.problem.isVisible()
    assert card.go.isEnabled()
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()


def begin_film(lab, patch, path):
    slow_films(patch)
    save_as(patch, path)
    card = open_card(lab)
    segment(card.format, ".gif")
    QTest.mouseClick(card.go, LEFT, pos=card.go.rect().center())
    assert lab.timeline.filming


def test_a_film_can_be_given_up_and_leaves_nothing(lab, monkeypatch, tmp_path):
    panel = lab.timeline
    panel.busy._late.setInterval(0)
    begin_film(lab, monkeypatch, tmp_path / "film.gif")
    wait(panel.busy.cancel_button.isVisible)
    for size in ((1024, 680), (1280, 800)):
        lab.window.resize(*size)
        wait(lambda size=size: lab.window.width() == size[0])
        assert cut(panel) == [], "the progress has room"
        assert lab.strip.height() == lab.strip.sizeHint().height()
        assert panel.busy.width() >= 150
    cancel = panel.busy.cancel_button
    QTest.mouseClick(cancel, LEFT, pos=cancel.rect().center())
    wait(lambda: not panel.filming)
    assert list(tmp_path.glob("film*")) == []
    assert not panel.busy.isVisible()
    assert panel.film.isEnabled()


def test_a_film_that_cannot_be_written_is_one_plain_sentence(lab, monkeypatch, tmp_path):
    (tmp_path / "taken").touch()
    save_as(monkeypatch, tmp_path / "taken" / "film.gif")
    card = open_card(lab)
    segment(card.format, ".gif")
    QTest.mouseClick(card.go, LEFT, pos=card.go.rect().center())
    wait(lambda: not lab.timeline.filming)
    notices = lab.window.notices
    assert notices.isVisible()
    assert "taken" in notices.text
    notices.hide()


# The window


def test_a_low_window_clips_nothing(lab):
    lab.window.resize(1024, 680)
    wait(lambda: lab.window.width() == 1024)
    key(lab, Qt.Key.Key_Home)
    arrives(lab, 0)
    assert lab.strip.isVisible()
    assert cut(lab.timeline) == []
    assert not lab.timeline.where.is_shortened
    assert lab.strip.height() == lab.strip.sizeHint().height()


def test_another_language_keeps_moment_and_marks_and_gives_a_film_up(ill, monkeypatch, tmp_path):
    click_frame(ill, 1)
    step = ill.session.moment
    arrives(ill, step)
    begin_film(ill, monkeypatch, tmp_path / "film.gif")
    thread = ill.timeline._filming
    ill.window.resize(1024, 680)
    ill.window.speak("zh_CN")
    assert thread.isFinished()
    assert list(tmp_path.glob("film*")) == []
    panel = ill.timeline
    wait(panel.isVisible)
    assert cut(panel) == []
    assert ill.session.moment == panel.strip.moment == ill.plots.terms.moment == step
    assert panel.where.text() == f"正在看第 {step} 步"
    assert not panel.where.is_shortened
    assert "医生：后验坍塌，把握 82 %" in tip(panel.strip, on_axis(panel.strip, 180))
    assert {m.step for m in ill.plots.terms._marks} == {60, 180, STEPS}
    assert panel.follow.isChecked() is False
    for widget in (panel.play, panel.film, panel.branch, panel.follow, panel.rate, panel.legend):
        assert any("一" <= sign <= "鿿" for sign in widget.toolTip()), widget


# Branching, and nothing kept


def test_a_branch_goes_on_from_the_instant_in_a_run_of_its_own(lab):
    panel = lab.timeline
    index = lab.strip.frames.steps.index(STEPS)
    click_frame(lab, index)
    arrives(lab, STEPS)
    assert panel.branch.text() == "Branch"
    assert "bit for bit" in panel.branch.toolTip()
    values = lab.session.history.values("rec-x")[:STEPS].copy()
    lab.document.edit({"training.batch_size": 17, "training.steps": 3 * STEPS + 30})
    assert panel.branch.text() == "Branch from weights"
    assert "fresh optimisers: Batch changed" in panel.branch.toolTip()
    QTest.mouseClick(panel.branch, LEFT, pos=panel.branch.rect().center())
    assert panel.branch.text() == "Branching…"
    assert not panel.branch.isEnabled()
    wait(lambda: lab.session.folder != lab.folder)
    wait(panel.branch.isEnabled)
    assert lab.session.moment is None
    assert panel.where.text() == f"branched from “Two moons with a VAE” at step {STEPS}"
    tr.use("zh_CN")
    lab.session.moment_changed.emit(None)
    assert tr("Two moons with a VAE") in panel.where.text(), "as the top bar has it"
    tr.use("en")
    wait(lambda: lab.session.state == "finished")
    session = lab.session
    assert session.experiment.training.batch_size == 17
    assert session.history.steps.tolist() == list(range(1, 3 * STEPS + 31))
    assert session.history.values("rec-x")[:STEPS].tobytes() == values.tobytes()
    assert {step for step in lab.strip.frames.steps if step <= STEPS} == {
        step for step in session.moments.steps if step <= STEPS
    }
    (batch,) = (mark for mark in lab.strip.marks if "Batch: 64 → 17" in mark.text)
    assert batch.step == STEPS


def test_an_option_that_fits_no_branch_says_so_on_the_button(lab):
    lab.document.edit({"method.latent_dim": 5})
    assert not lab.timeline.branch.isEnabled()
    assert "do not fit the changed network" in lab.timeline.branch.toolTip()
    lab.document.undo_stack.undo()
    assert lab.timeline.branch.isEnabled()


def test_with_nothing_kept_it_says_why_and_offers_nothing(lab):
    panel = lab.timeline
    lab.session.stop()
    assert panel.well.isVisible()
    assert not panel.strip.isVisible()
    assert panel.well.accessibleName().startswith("Train: instants are kept here")
    for widget in (panel.play, panel.rate, panel.film, panel.branch, panel.follow):
        assert not widget.isEnabled()
        assert widget.toolTip()
    assert cut(panel) == []
    lab.document.edit({"training.timeline": 0})
    assert "its budget under Training is 0 MB" in panel.well.accessibleName()
    lab.session.open_run(lab.folder)
    wait(panel.strip.isVisible)
    assert not panel.well.isVisible()
