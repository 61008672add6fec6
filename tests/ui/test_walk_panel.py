"""The walk: scrubbed, stepped and played by mouse and keyboard, and saved as a film."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog

from aegan_studio.runs import films
from aegan_studio.ui.latent.state import Pin
from aegan_studio.ui.panels.explore.walk.player import Player
from tests.ui.walk_pages import open_page

__all__ = ["open_page"]

LEFT = Qt.MouseButton.LeftButton
KINDS = ["vae", "gan", "vq-vae", "cgan", "points"]


def picture(qtbot, walk):
    return qtbot.waitSignal(walk._explorer.picture_changed, timeout=10_000)


def walked(qtbot, explorer):
    """Until the walk is there with all its frames."""
    return qtbot.waitSignal(
        explorer.walked, timeout=20_000, check_params_cb=lambda w: w is not None and w.complete
    )


@pytest.fixture
def page(open_page):
    """The walk's page with a model in it, all frames decoded."""
    return lambda name: open_page(name, "walk", "walk", (1200, 124))


def through(qtbot, page, *codes):
    explorer = page._explorer
    with walked(qtbot, explorer):
        explorer.set_pins([Pin("ABCDEF"[n], np.array(c, float)) for n, c in enumerate(codes)])


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_model_is_walked(page, name, qtbot):
    walk = page(name)
    explorer = walk._explorer
    assert walk.strip.count == explorer.way.frames == 48
    assert np.array_equal(explorer.walk.codes[0], explorer.pins[0].code)
    assert np.array_equal(explorer.walk.codes[-1], explorer.pins[-1].code)
    assert walk.subtitle == "A to B, 2.0 s"
    assert not walk.grab().isNull()


def test_a_click_on_a_frame_goes_to_its_code(page, qtbot):
    walk = page("gan")
    explorer, strip = walk._explorer, walk.strip
    index, rect = strip.places()[5]
    with picture(qtbot, walk):
        qtbot.mouseClick(strip, LEFT, pos=rect.center().toPoint())
    assert np.array_equal(explorer.code, explorer.walk.codes[index])
    assert strip.place == index


def test_a_drag_scrubs_between_frames_and_is_taken_back_at_once(page, qtbot):
    walk = page("vae")
    explorer, strip = walk._explorer, walk.strip
    start = explorer.code.copy()
    y = round(strip.height() / 2)
    xs = np.linspace(strip.x_of(3.0), strip.x_of(20.4), 9).round().astype(int)
    qtbot.mousePress(strip, LEFT, pos=QPoint(int(xs[0]), strip.height() - 3))
    for x in xs[1:]:
        qtbot.mouseMove(strip, QPoint(int(x), y))
    qtbot.mouseRelease(strip, LEFT, pos=QPoint(int(xs[-1]), y))
    frame = strip.frame_at(float(xs[-1]))
    assert abs(frame - 20.4) < 0.2
    assert strip.place == pytest.approx(frame)
    expected = explorer.walk.at(frame / 47)
    np.testing.assert_allclose(explorer.code, expected)
    low, high = sorted(explorer.walk.codes[20:22, 0])
    assert low <= explorer.code[0] <= high
    explorer.back()
    assert np.array_equal(explorer.code, start)


def test_keys_step_frame_by_frame(page, qtbot):
    walk = page("vae")
    explorer, strip = walk._explorer, walk.strip
    keys = Qt.Key
    for key, frame in (
        (keys.Key_Home, 0),
        (keys.Key_Right, 1),
        (keys.Key_Period, 2),
        (keys.Key_PageDown, 12),
        (keys.Key_Comma, 11),
        (keys.Key_Left, 10),
        (keys.Key_End, 47),
        (keys.Key_Right, 47),
        (keys.Key_PageUp, 37),
    ):
        qtbot.keyClick(strip, key)
        assert strip.place == frame
        assert np.array_equal(explorer.code, explorer.walk.codes[frame])


def test_letters_stand_where_the_walk_passes_the_pins(page, qtbot):
    walk = page("vae")
    through(qtbot, walk, [0, 0], [1, 0], [1, 3])
    letters = walk.strip._letters
    assert list(letters.values()) == ["A", "B", "C"]
    assert list(letters) == pytest.approx([0.0, 47 / 4, 47.0])
    assert walk.subtitle == "A to C, 3 pins, 2.0 s"
    with walked(qtbot, walk._explorer):
        qtbot.mouseClick(walk.controls.even, LEFT)
    assert list(walk.strip._letters) == pytest.approx([0.0, 47 / 2, 47.0])


@pytest.mark.parametrize("kind", ["linear", "spherical", "spline", "spherical-spline"])
def test_every_way_passes_all_pins(page, qtbot, kind):
    walk = page("gan")
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(4, 8))
    through(qtbot, walk, *codes)
    if walk.controls.kind.value != kind:
        with walked(qtbot, walk._explorer):
            walk.controls.kind.set_value(kind)
            walk.controls.kind.value_changed.emit(kind)
    held = walk._explorer.walk
    for share, code in zip(held.stop_times(), codes, strict=True):
        np.testing.assert_allclose(held.at(float(share)), code, atol=1e-9)


def test_one_press_leads_through_all_classes(page, qtbot):
    walk = page("vae")
    with walked(qtbot, walk._explorer):
        qtbot.mouseClick(walk.controls.classes, LEFT)
    assert [pin.name for pin in walk._explorer.pins] == [str(digit) for digit in range(10)]
    assert list(walk.strip._letters.values()) == [str(digit) for digit in range(10)]
    assert walk.subtitle == "0 to 9, 10 pins, 2.0 s"


def test_arcs_are_chosen_where_codes_are_normal_and_many(page):
    assert page("gan").controls.kind.value == "spherical"


def test_straight_lines_are_chosen_in_the_plane_and_without_a_prior(page):
    assert page("vae").controls.kind.value == "linear"


def test_a_spherical_walk_keeps_the_length_that_a_straight_one_loses(page, qtbot):
    walk = page("gan")
    explorer = walk._explorer
    lengths = np.linalg.norm(explorer.walk.codes, axis=1)
    assert lengths.min() == pytest.approx(min(lengths[0], lengths[-1]))
    with walked(qtbot, explorer):
        walk.controls.kind.set_value("linear")
        walk.controls.kind.value_changed.emit("linear")
    assert np.linalg.norm(explorer.walk.codes, axis=1).min() < lengths.min()


class Clock:
    def __init__(self):
        self.time = 0.0

    def __call__(self):
        return self.time


def beat(qtbot, walk, clock, seconds):
    """One beat of the player's clock, and the picture that it asks for."""
    clock.time += seconds
    before = walk._explorer.picture
    walk._step()
    qtbot.waitUntil(
        lambda: (
            walk._explorer.picture is not before
            and np.array_equal(walk._explorer.picture.code, walk._explorer.code)
        )
    )


def test_playing_follows_the_clock_there_and_back(page, qtbot):
    walk = page("vae")
    explorer, clock = walk._explorer, Clock()
    walk.player = Player(clock)
    walk._timer.setInterval(10_000_000)  # the test beats
    explorer.move(explorer.pins[0].code)
    qtbot.keyClick(walk.strip, Qt.Key.Key_Space)
    assert walk.playing
    seen = []
    for _ in range(8):
        beat(qtbot, walk, clock, 0.5)
        seen.append(walk.strip.place / 47)
    assert seen == pytest.approx([0.25, 0.5, 0.75, 1.0, 0.75, 0.5, 0.25, 0.0], abs=1e-9)
    np.testing.assert_allclose(explorer.code, explorer.pins[0].code)
    qtbot.keyClick(walk.strip, Qt.Key.Key_Space)
    assert not walk.playing
    explorer.back()  # all that was played is one move
    assert np.array_equal(explorer.code, explorer.pins[0].code)


def test_once_stops_at_the_last_pin(page, qtbot):
    walk = page("vae")
    explorer, clock = walk._explorer, Clock()
    walk.player = Player(clock)
    walk._timer.setInterval(10_000_000)
    walk.controls.mode.set_value("once")
    walk.controls.mode.value_changed.emit("once")
    explorer.move(explorer.pins[0].code)
    qtbot.mouseClick(walk.play, LEFT)
    beat(qtbot, walk, clock, 1.0)
    clock.time += 1.5
    walk._step()
    assert not walk.playing
    assert np.array_equal(explorer.code, explorer.pins[-1].code)
    assert walk.strip.place == 47


def test_speed_and_frames_a_second_set_the_pace(page, qtbot):
    walk = page("vae")
    walk.controls.fps.set_value(12)
    walk.controls.fps.value_changed.emit(12)
    assert walk.seconds == 4.0
    assert walk.subtitle == "A to B, 4.0 s"
    walk.controls.speed.set_value(2.0)
    walk.controls.speed.value_changed.emit(2.0)
    assert walk.seconds == 2.0


def test_a_loop_leads_home(page, qtbot):
    walk = page("vae")
    through(qtbot, walk, [0, 0], [1, 0], [1, 1])
    with walked(qtbot, walk._explorer):
        walk.controls.mode.set_value("loop")
        walk.controls.mode.value_changed.emit("loop")
    held = walk._explorer.walk
    assert held.way.loop
    np.testing.assert_allclose(held.at(1.0), [0, 0], atol=1e-12)
    assert np.linalg.norm(held.codes[-1] - held.codes[0]) < 0.1


def test_playing_ends_when_one_goes_elsewhere_or_looks_away(page, qtbot):
    walk = page("vae")
    qtbot.mouseClick(walk.play, LEFT)
    assert walk.playing
    walk._explorer.move([0.3, 0.3])
    assert not walk.playing
    qtbot.mouseClick(walk.play, LEFT)
    walk.window().hide()
    assert not walk.playing


def test_played_for_real_it_says_how_many_pictures_it_reaches(page, qtbot):
    walk = page("vae")
    qtbot.mouseClick(walk.play, LEFT)
    qtbot.waitUntil(lambda: walk.player.rate > 0, timeout=10_000)
    walk._say()
    assert "pictures a second" in walk.subtitle
    qtbot.mouseClick(walk.play, LEFT)
    assert walk.subtitle == "A to B, 2.0 s"


def test_too_few_pins_leave_a_sentence(page, qtbot):
    walk = page("vae")
    with qtbot.waitSignal(walk._explorer.walked, check_params_cb=lambda w: w is None):
        walk._explorer.set_pins(walk._explorer.pins[:1])
    assert walk.strip.count == 0
    assert not walk.play.isEnabled()
    assert not walk.grab().isNull()


def test_how_walks_go_is_remembered(page, qtbot):
    walk = page("vae")
    kept = {"kind": "spline", "mode": "loop", "even": False, "frames": 24, "fps": 30.0}
    walk.restore({**kept, "speed": 0.5})
    assert walk.state() == {**kept, "speed": 0.5}
    way = walk._explorer.way
    assert (way.kind, way.loop, way.even, way.frames) == ("spline", True, False, 24)
    walk.restore({"kind": "zigzag", "frames": 10**9, "fps": "many", "speed": 3, "even": 1})
    assert walk.state() == {**kept, "speed": 0.5}


# Films


def choose(monkeypatch, path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(path), ""))


def card(walk, qtbot, monkeypatch, path, ending):
    """Open the card and choose a format."""
    choose(monkeypatch, path)
    walk.card.setWindowFlags(Qt.WindowType.Widget)  # the off-screen platform raises no window
    qtbot.mouseClick(walk.controls.save, LEFT)
    assert walk.card.isVisible()
    centre = walk.card.format.segment_centre(ending)
    qtbot.mouseClick(walk.card.format, LEFT, pos=centre)
    return walk.card


@pytest.mark.parametrize(
    ("name", "ending"), [("vae", ".gif"), ("gan", ".webp"), ("points", ".gif")]
)
def test_a_film_is_saved_and_shown(page, qtbot, monkeypatch, tmp_path, name, ending):
    walk = page(name)
    path, told = tmp_path / f"film{ending}", []
    walk._explorer.told.connect(told.append)
    shown = card(walk, qtbot, monkeypatch, path, ending)
    with qtbot.waitSignal(walk.saving.maker.estimated, timeout=20_000):
        pass
    side = 320 if name == "points" else 256
    assert f"{side} × {side} pixels, 94 frames in 3.9 s, about" in shown.preview.text()
    with qtbot.waitSignal(walk.saving.maker.saved, timeout=60_000):
        qtbot.mouseClick(shown.go, LEFT)
    with Image.open(path) as film:
        assert film.size == (side, side)
        assert film.n_frames == pytest.approx(94, abs=24)  # equal neighbours become one
        assert film.info.get("loop") == 0
    assert walk.saving.line.isVisible()
    assert told[0].startswith(f"Saved film{ending}")
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    qtbot.mouseClick(walk.saving.reveal, LEFT)
    assert opened == [str(tmp_path)]
    qtbot.waitUntil(lambda: not walk.saving.maker.busy)


def test_a_film_looks_as_on_the_screen(page, qtbot, tmp_path):
    walk = page("vae")
    draft = walk._draft()
    frames = draft.frames()
    assert np.array_equal(frames[0], 255 - draft.items[0] if draft.inverted else draft.items[0])
    assert len(frames) == 94
    assert np.array_equal(frames[48], frames[46])


def test_a_strip_is_one_picture_of_all_frames(page, qtbot, monkeypatch, tmp_path):
    walk = page("vae")
    shown = card(walk, qtbot, monkeypatch, tmp_path / "strip.png", ".png")
    assert not shown.repeat.isEnabled()
    with qtbot.waitSignal(walk.saving.maker.saved, timeout=20_000):
        qtbot.mouseClick(shown.go, LEFT)
    with Image.open(tmp_path / "strip.png") as strip:
        assert strip.size == ((48 * 9 - 1) * 32, 8 * 32)
    qtbot.waitUntil(lambda: not walk.saving.maker.busy)


def test_without_the_extra_mp4_says_how_to_get_it(page, qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr(films, "has_mp4", lambda: False)
    walk = page("vae")
    shown = card(walk, qtbot, monkeypatch, tmp_path / "film.mp4", ".mp4")
    assert shown.problem.isVisible()
    assert "pip install imageio av" in shown.problem.text
    assert not shown.go.isEnabled()
    label = shown.problem._label
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))
    qtbot.waitUntil(lambda: not walk.saving.maker.busy)
    shown.hide()


def test_a_film_can_be_cancelled_and_leaves_nothing(page, qtbot, tmp_path, monkeypatch):
    walk = page("vae")
    never = threading.Event()

    def slow(path, frames, fps, *, repeat, scale, progress):
        while not never.wait(0.005):
            progress(1)

    monkeypatch.setattr(films, "save_film", slow)
    with qtbot.waitSignal(walk.saving.maker.progressed):
        walk.saving.save(walk._draft(), tmp_path / "film.gif")
    assert walk.saving.bar.busy
    walk.saving.bar.cancelled.emit()
    qtbot.waitUntil(lambda: not walk.saving.maker.busy)
    assert not walk.saving.bar.busy
    assert not walk.saving.line.isVisible()
    assert not list(tmp_path.iterdir())


def test_a_film_that_cannot_be_written_says_why(page, qtbot, tmp_path):
    walk = page("vae")
    with qtbot.waitSignal(walk._explorer.trouble, timeout=20_000) as said:
        walk.saving.save(walk._draft(), tmp_path / "film.bmp")
    assert "film.bmp" in str(said.args[0][0])
    qtbot.waitUntil(lambda: not walk.saving.maker.busy)


def test_the_strip_is_copied(page):
    walk = page("vae")
    walk.strip.copy()
    assert QGuiApplication.clipboard().image().size().toTuple() == (48 * 8, 8)
