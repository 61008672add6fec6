"""Buttons, switches, choices, rows, cards, messages, the palette: by mouse and by keyboard."""

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QEnterEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from aegan_studio.ui.theme import ThemeManager
from aegan_studio.ui.widgets.buttons import Button, IconButton, SplitButton
from aegan_studio.ui.widgets.cards import Card
from aegan_studio.ui.widgets.choice import Choice, Option
from aegan_studio.ui.widgets.command_palette import CommandPalette, fuzzy_score
from aegan_studio.ui.widgets.focus import FocusRing
from aegan_studio.ui.widgets.form import FormRow
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.messages import Banner, BusyBar, ProblemLine, Well
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.slider_row import SliderRow
from aegan_studio.ui.widgets.switches import Segmented, Toggle


@pytest.fixture
def still(qapp):
    """No motion, so that a fold is over at once."""
    manager = ThemeManager(qapp, "dark")
    manager.reduced_motion = True
    yield manager
    manager.setParent(None)


@pytest.fixture
def page(qtbot):
    """A window to put widgets on."""
    window = QWidget()
    window.resize(320, 400)
    QVBoxLayout(window)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    return window


def put(page, widget):
    page.layout().addWidget(widget)
    QApplication.processEvents()
    return widget


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_button_is_pressed_from_the_keyboard(page, qtbot, key):
    button = put(page, Button("Train", icon="play", variant="filled"))
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, key)


def test_an_icon_button_is_named_by_its_tool_tip(qtbot):
    button = IconButton("undo", "Undo")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Undo"


# The off-screen platform says that it cannot raise a popup or grab the keyboard for it.
@pytest.mark.qt_log_ignore("^This plugin does not support")
def test_a_split_button_opens_its_menu_only_at_the_chevron(page, qtbot):
    menu = Menu()
    menu.add("One update", lambda: None)
    button = put(page, SplitButton("Step", menu))
    shown, pressed = [], []
    button.menu_shown.connect(lambda: shown.append(1))
    button.clicked.connect(lambda: pressed.append(1))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert (len(pressed), len(shown)) == (1, 0)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(button.width() - 8, 10))
    assert (len(pressed), len(shown)) == (1, 1)
    menu.close()


def test_a_segment_is_chosen_by_click_and_by_arrow(page, qtbot):
    row = put(page, Segmented([("t", "Train"), ("e", "Explore"), ("c", "Compare")], "t"))
    heard = []
    row.value_changed.connect(heard.append)
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=row.segment_centre("c"))
    qtbot.keyClick(row, Qt.Key.Key_Left)
    assert heard == ["c", "e"]
    assert row.accessibleDescription() == "Explore"


def test_a_toggle_switches_by_key(page, qtbot):
    toggle = put(page, Toggle(False, name="Average"))
    qtbot.keyClick(toggle, Qt.Key.Key_Space)
    assert toggle.isChecked()


def test_a_choice_keeps_values_not_indices(page, qtbot):
    choice = put(page, Choice([Option(1, "One"), Option(2, "Two"), Option(3, "Three")], 2))
    heard = []
    choice.value_changed.connect(heard.append)
    qtbot.keyClick(choice, Qt.Key.Key_Down)
    assert heard == [3]
    choice.set_options([Option(3, "Drei"), Option(9, "Neun")])
    assert choice.value == 3


def test_a_value_that_is_not_on_offer_is_kept(qtbot):
    choice = Choice([("a", "A")], "from a newer version")
    qtbot.addWidget(choice)
    assert choice.value == "from a newer version"


def test_a_problem_stands_below_its_control_and_offers_the_mend(page, qtbot):
    field = NumberField(2048, lo=1, hi=4096, integer=True)
    row = put(page, FormRow("Batch", field, marker="restart"))
    before = row.sizeHint().height()
    row.set_problem("Larger than the data (1,797).", "Use 256")
    assert row.sizeHint().height() > before
    with qtbot.waitSignal(row.fix_requested):
        qtbot.mouseClick(row.problem_line.link, Qt.MouseButton.LeftButton)
    row.set_problem("")
    assert row.problem_line is None


def test_the_way_back_appears_only_for_a_changed_value(page, qtbot):
    row = put(page, FormRow("Prior", NumberField(1), marker="live"))
    with qtbot.assertNotEmitted(row.reset_requested):
        qtbot.mouseClick(row.marker_button, Qt.MouseButton.LeftButton)
    row.set_changed(True, "5")
    assert "5" in row.marker_button.toolTip()
    with qtbot.waitSignal(row.reset_requested):
        qtbot.mouseClick(row.marker_button, Qt.MouseButton.LeftButton)


def test_a_rows_label_names_its_control_for_a_screen_reader(qtbot):
    field = NumberField(1)
    row = FormRow("Code size", field)
    qtbot.addWidget(row)
    assert field.accessibleName() == "Code size"


def test_a_card_folds_to_its_header_and_back(page, qtbot, still):
    card = put(page, Card("Method", summary="AEGAN, code 12"))
    for _ in range(4):
        card.add(FormRow("Row", NumberField(1)))
    page.layout().addStretch(1)
    QApplication.processEvents()
    tall = card.height()
    qtbot.keyClick(card.head, Qt.Key.Key_Space)
    QApplication.processEvents()
    assert card.folded
    assert card.height() < 60 < tall
    qtbot.mouseClick(card.head, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert card.height() == tall


def test_a_panel_says_its_title_to_a_screen_reader(qtbot):
    panel = Panel("Samples", "step 40")
    qtbot.addWidget(panel)
    panel.set_title("Rebuilt", "step 50")
    assert (panel.accessibleName(), panel.subtitle) == ("Rebuilt", "step 50")


def test_a_label_too_long_for_its_room_tells_all_in_its_tool_tip(page):
    label = put(page, Label("A name much longer than the room there is for it", elide=True))
    middle = QPointF(label.rect().center())

    def hover():
        where = label.mapToGlobal(middle)
        QApplication.sendEvent(label, QEnterEvent(middle, where, where))

    label.setFixedWidth(60)
    hover()
    assert label.toolTip() == label.text()
    label.setText("Another name, as long as the one before")
    QApplication.sendEvent(label, QEvent(QEvent.Type.Leave))
    hover()
    assert label.toolTip() == label.text()
    QApplication.sendEvent(label, QEvent(QEvent.Type.Leave))
    label.setFixedWidth(400)
    hover()
    assert not label.toolTip()


@pytest.mark.parametrize("options", [{"elide": True}, {"room": "−0.00"}])
def test_live_text_changes_without_a_new_layout(page, options):
    label = put(page, Label("−0.10", **options))
    asked = []

    class Watch(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.LayoutRequest:
                asked.append(watched)
            return False

    QApplication.processEvents()
    watch = Watch()
    page.installEventFilter(watch)
    label.setText("−0.20")
    QApplication.processEvents()
    assert not asked
    assert label.text() == label.accessibleName() == "−0.20"
    plain = put(page, Label("−0.10"))
    QApplication.processEvents()
    asked.clear()
    plain.setText("a text that needs more room")
    QApplication.processEvents()
    assert asked
    page.removeEventFilter(watch)


def test_a_banner_offers_its_mend_and_can_be_sent_away(page, qtbot):
    banner = put(page, Banner("The critic is ahead.", "Lower its rate"))
    with qtbot.waitSignal(banner.fix_requested):
        qtbot.mouseClick(banner.fix_button, Qt.MouseButton.LeftButton)
    close = banner.findChildren(IconButton)[0]
    with qtbot.waitSignal(banner.dismissed):
        qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_a_banner_breaks_words_that_are_wider_than_it(page, qtbot):
    path = "/home/somebody/" + "a_long_name_without_a_space_" * 8 + "2019.png cannot be read."
    banner = put(page, Banner(path))
    assert banner.minimumSizeHint().width() < 400
    assert banner.text == banner.accessibleName() == path


def test_a_problem_line_without_a_mend_shows_no_link(qtbot):
    line = ProblemLine("Too large.")
    qtbot.addWidget(line)
    assert line.link.isHidden()


def test_a_well_says_what_to_do(page, qtbot):
    well = put(page, Well("Train a moment.", button="Train"))
    with qtbot.waitSignal(well.clicked):
        qtbot.mouseClick(well.button, Qt.MouseButton.LeftButton)


def test_work_that_takes_long_can_be_cancelled(page, qtbot, monkeypatch):
    monkeypatch.setattr(BusyBar, "CANCEL_AFTER_MS", 1)
    bar = put(page, BusyBar())
    bar.start("Encoding")
    qtbot.waitUntil(lambda: bar.cancel_button.isVisible())
    with qtbot.waitSignal(bar.cancelled):
        qtbot.mouseClick(bar.cancel_button, Qt.MouseButton.LeftButton)
    assert not bar.busy


def test_a_slider_is_live_and_commits_once(page, qtbot):
    slider = put(page, SliderRow("Leans right", 0.0))
    live, done = [], []
    slider.moved.connect(live.append)
    slider.value_changed.connect(done.append)
    track = slider.slider
    y = track.height() // 2
    start = QPoint(round(track.x_of(0.0)), y)
    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(track, QPoint(round(track.x_of(1.0)), y))
    qtbot.mouseMove(track, QPoint(round(track.x_of(2.0)), y))
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=QPoint(round(track.x_of(2.0)), y))
    assert len(live) == 2
    assert done == [live[-1]]
    assert live[-1] == pytest.approx(2.0, abs=0.05)


def test_a_double_click_takes_a_slider_to_its_neutral_point(page, qtbot):
    slider = put(page, SliderRow("Truncation", 0.4, lo=0, hi=1, neutral=1.0))
    qtbot.mouseDClick(slider.slider, Qt.MouseButton.LeftButton)
    assert slider.value == 1.0


def test_tab_shows_the_focus_ring_and_the_mouse_does_not(qapp, page, qtbot):
    ring = FocusRing(qapp)
    first, second = put(page, Button("One")), put(page, Button("Two"))
    first.setFocus(Qt.FocusReason.MouseFocusReason)
    assert ring.target is None
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert ring.target is second
    first.setFocus(Qt.FocusReason.MouseFocusReason)
    assert ring.target is None
    ring.setParent(None)


def test_a_command_is_found_by_parts_of_its_name_and_run(page, qtbot):
    actions = [QAction(name, page) for name in ("Train", "Restart training", "Save &as…")]
    palette = CommandPalette(page, lambda: actions)
    palette.open()
    qtbot.keyClicks(palette.line_edit, "retr")
    assert [action for action, _ in palette.matches] == [actions[1]]
    with qtbot.waitSignal(actions[1].triggered):
        qtbot.keyClick(palette.line_edit, Qt.Key.Key_Return)
    assert not palette.isVisible()


def test_escape_closes_the_palette_and_gives_the_focus_back(page, qtbot):
    button = put(page, Button("Train"))
    button.setFocus()
    palette = CommandPalette(page, list)
    palette.open()
    qtbot.keyClick(palette.line_edit, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert button.hasFocus()


def test_a_disabled_command_is_shown_last_and_does_not_run(page, qtbot):
    off, on = QAction("Save", page), QAction("Save as", page)
    off.setEnabled(False)
    palette = CommandPalette(page, lambda: [off, on])
    palette.open()
    assert [action for action, _ in palette.matches] == [on, off]
    palette.choose(1)
    palette.run()
    assert palette.isVisible()
    palette.close_palette()


def test_beginnings_of_words_rank_above_letters_within():
    words, within = fuzzy_score("sa", "Save as"), fuzzy_score("sa", "Dispersal")
    assert words[0] > within[0]
    assert fuzzy_score("xyz", "Save") is None
