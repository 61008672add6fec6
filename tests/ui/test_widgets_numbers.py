"""Numbers: read, written, dragged, typed and stepped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from aegan_studio.ui.widgets.fields import SEED_MAX, IntListField, SeedField, TextField
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.number_scale import NumberScale
from aegan_studio.ui.widgets.numbers import compact, exact_text, format_number, parse_number


@pytest.fixture
def rate(qtbot):
    field = NumberField(0.0004, lo=1e-6, hi=0.1, log=True, unit="", name="Rate")
    return _shown(field, qtbot)


@pytest.fixture
def batch(qtbot):
    return _shown(NumberField(64, lo=1, hi=4096, integer=True, unit="images"), qtbot)


def _shown(widget, qtbot):
    qtbot.addWidget(widget)
    widget.resize(126, 28)
    widget.show()
    qtbot.waitExposed(widget)
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    return widget


def _heard(field):
    values = []
    field.value_changed.connect(values.append)
    return values


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0002, "0.0002"),
        (1e-5, "1e−5"),
        (12_000, "12,000"),
        (-0.5, "−0.5"),
        (0.0, "0"),
        (2.5e-7, "2.5e−7"),
        (1.0, "1"),
    ],
)
def test_a_number_is_written_in_few_characters(value, text):
    assert format_number(value) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e-4", 1e-4), ("12,000", 12_000), ("1k", 1000), ("−3", -3), (" .5 ", 0.5), ("2.5M", 2.5e6)],
)
def test_a_typed_number_is_understood(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "abc", "1..2", "--3", "1e", "nan", "1e999"])
def test_text_that_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match=r"is not a number|is too large"):
        parse_number(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_an_edit_line_reads_back_as_the_same_float(value):
    assert parse_number(exact_text(value)) == value


@given(st.integers(-(10**12), 10**12))
def test_a_written_int_reads_back_as_the_same_int(value):
    assert parse_number(format_number(value)) == value


@given(st.floats(0, 1), st.sampled_from(["fine", "normal", "coarse"]), st.sampled_from([-1, 1]))
def test_steps_on_a_log_scale_stay_within_bounds(place, size, direction):
    scale = NumberScale(1e-6, 0.1, log=True)
    moved = scale.moved(scale.at(place), direction, size)
    assert 1e-6 <= moved <= 0.1


@given(st.integers(1, 4096))
def test_a_step_on_an_int_log_scale_always_moves(value):
    scale = NumberScale(1, 8192, integer=True, log=True)
    assert scale.moved(value, 1) > value
    assert value == 1 or scale.moved(value, -1) < value


def test_counts_are_shortened():
    assert (compact(193_000), compact(2_900_000), compact(1797)) == ("193 k", "2.9 M", "1,797")


def test_typing_replaces_the_value_on_enter(rate, qtbot):
    heard = _heard(rate)
    qtbot.keyClicks(rate, "1")
    qtbot.keyClicks(rate.line_edit, "e-3")
    qtbot.keyClick(rate.line_edit, Qt.Key.Key_Return)
    assert heard == [1e-3]
    assert not rate.editing


def test_escape_takes_the_typing_back(rate, qtbot):
    heard = _heard(rate)
    rate.edit()
    qtbot.keyClicks(rate.line_edit, "0.05")
    qtbot.keyClick(rate.line_edit, Qt.Key.Key_Escape)
    assert (rate.value, heard) == (0.0004, [])


def test_text_beyond_the_bounds_is_never_committed_and_says_why(batch, qtbot):
    heard = _heard(batch)
    batch.edit("9999")
    assert "4,096" in batch.typing_error
    qtbot.keyClick(batch.line_edit, Qt.Key.Key_Return)
    assert batch.editing
    assert heard == []


def test_opening_and_closing_the_edit_keeps_every_digit(qtbot):
    field = _shown(NumberField(0.123456789012345), qtbot)
    heard = _heard(field)
    field.edit()
    qtbot.keyClick(field.line_edit, Qt.Key.Key_Return)
    assert (field.value, heard) == (0.123456789012345, [])


def test_arrows_step_and_shift_steps_coarsely(batch, qtbot):
    heard = _heard(batch)
    qtbot.keyClick(batch, Qt.Key.Key_Up)
    qtbot.keyClick(batch, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(batch, Qt.Key.Key_End)
    assert heard == [65, 75, 4096]


def test_a_drag_reports_all_along_and_commits_once(batch, qtbot):
    heard, dragged = _heard(batch), []
    batch.value_dragged.connect(dragged.append)
    qtbot.mousePress(batch, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    for x in (40, 60, 80):
        qtbot.mouseMove(batch, QPoint(x, 10))
    qtbot.mouseRelease(batch, Qt.MouseButton.LeftButton, pos=QPoint(80, 10))
    assert dragged == sorted(dragged)
    assert len(dragged) >= 2
    assert heard == [dragged[-1]]


def test_a_double_click_edits(batch, qtbot):
    qtbot.mouseDClick(batch, Qt.MouseButton.LeftButton)
    assert batch.editing


def test_the_wheel_moves_nothing_without_the_focus(batch, qtbot):
    heard = _heard(batch)
    batch.clearFocus()
    _wheel(batch)
    assert heard == []
    batch.setFocus()
    _wheel(batch)
    assert heard == [65]


def _wheel(widget):
    centre = QPointF(widget.rect().center())
    event = QWheelEvent(
        centre,
        widget.mapToGlobal(centre),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_an_empty_field_can_mean_none(qtbot):
    field = _shown(NumberField(1.0, lo=0, hi=10, none_text="off"), qtbot)
    heard = _heard(field)
    field.edit("")
    qtbot.keyClick(field.line_edit, Qt.Key.Key_Return)
    assert heard == [None]
    assert field.text() == "off"


def test_setting_a_value_is_silent(batch):
    heard = _heard(batch)
    batch.set_value(128)
    assert (batch.value, heard) == (128, [])


def test_a_list_of_widths_is_read_and_tidied(qtbot):
    field = _shown(IntListField((512, 256)), qtbot)
    heard = _heard(field)
    field.line_edit.selectAll()
    qtbot.keyClicks(field.line_edit, "128 64,32")
    qtbot.keyClick(field.line_edit, Qt.Key.Key_Return)
    assert heard == [(128, 64, 32)]
    assert field.line_edit.text() == "128, 64, 32"


def test_a_wrong_width_is_refused_until_mended(qtbot):
    field = _shown(IntListField((8,)), qtbot)
    heard = _heard(field)
    field.line_edit.selectAll()
    qtbot.keyClicks(field.line_edit, "12, x")
    qtbot.keyClick(field.line_edit, Qt.Key.Key_Return)
    assert heard == []
    assert "x" in field.line_edit.typing_error


def test_the_die_throws_a_seed(qtbot):
    field = _shown(SeedField(3), qtbot)
    heard = _heard(field)
    qtbot.mouseClick(field.dice, Qt.MouseButton.LeftButton)
    assert heard == [field.value]
    assert 0 <= field.value <= SEED_MAX


def test_escape_restores_a_text(qtbot):
    field = _shown(TextField("Digits"), qtbot)
    qtbot.keyClicks(field, "xyz")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "Digits"
