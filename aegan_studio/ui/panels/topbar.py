"""The top bar: experiment, transport, workspaces, find, language, theme."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.icons import paint_icon
from aegan_studio.ui.theme import BODY, HEADING, NOTE, current_theme, mix, ui_font
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.transport import Runs, Transport
from aegan_studio.ui.widgets.buttons import Button, IconButton, SplitButton
from aegan_studio.ui.widgets.hover import HoverFade
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.painting import (
    CENTRE,
    LEFT,
    RIGHT,
    disc,
    draw_text,
    fill_round,
    smooth,
    stroke_round,
    text_width,
)
from aegan_studio.ui.widgets.switches import Segmented

HEIGHT = 48


class TitleButton(QAbstractButton):
    """The bow-tie, the experiment's title, a dot for unsaved edits; opens the menu of files."""

    def __init__(self, menu: Menu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._menu = menu
        self._modified = False
        self._hover = HoverFade(self)
        self.setFont(ui_font(HEADING, 600))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setProperty("focusRadius", 6.0)
        self.clicked.connect(self.show_menu)

    @property
    def menu(self) -> Menu:
        """The menu of files."""
        return self._menu

    def show_title(self, title: str, *, modified: bool) -> None:
        """Show a title and whether there are unsaved edits."""
        self.setText(title)
        self._modified = modified
        note = tr("There are unsaved edits.") if modified else ""
        self.setToolTip("\n".join(line for line in (title, note) if line))
        self.setAccessibleName(title)
        self.setAccessibleDescription(note)
        self.update()

    def show_menu(self) -> None:
        """Open the menu below."""
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def sizeHint(self) -> QSize:
        """As wide as the column of the recipe."""
        return QSize(264, 34)

    def minimumSizeHint(self) -> QSize:
        """The mark and a few letters."""
        return QSize(120, 34)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint mark, title, dot and chevron."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        room = rect.width() - 36 - 18 - (14 if self._modified else 0) - 8
        words = min(text_width(self.text(), self.font()), room)
        ground = QRectF(0, 0, 36 + words + (14 if self._modified else 0) + 26, rect.height())
        if self._hover.amount > 0:
            clear = theme.color("hover", 0.0)
            fill_round(painter, ground, 6, mix(clear, theme.hover, self._hover.amount))
        middle = rect.center().y()
        paint_icon(painter, "mark", QRectF(6, middle - 10, 20, 20), theme.real)
        text = QRectF(36, 0, words + 1, rect.height())
        draw_text(painter, text, self.text(), theme.text, self.font(), LEFT)
        left = text.right() + 7
        if self._modified:
            disc(painter, QRectF(left, middle - 2, 4, 4).center(), 2.25, theme.text3)
            left += 12
        paint_icon(painter, "chevron-down", QRectF(left, middle - 6, 13, 13), theme.text2)


class FindButton(QAbstractButton):
    """Opens the palette of commands: a field in a wide window, an icon in a narrow one."""

    def __init__(self, shortcut: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shortcut = shortcut
        self._compact = False
        self._hover = HoverFade(self)
        self.setText(tr("Find a command"))
        self.setToolTip(f"{self.text()} ({shortcut})")
        self.setAccessibleName(self.text())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setProperty("focusRadius", 6.0)

    def set_compact(self, compact: bool) -> None:
        """Show the icon alone."""
        if compact != self._compact:
            self._compact = compact
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """174 px wide, or a square."""
        words = text_width(self.text(), ui_font(HEADING)) + text_width(
            self._shortcut, ui_font(NOTE)
        )
        return QSize(28, 28) if self._compact else QSize(max(174, int(words) + 60), 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint icon, words and shortcut."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        if self._compact:
            ground = mix(theme.color("hover", 0.0), theme.hover, self._hover.amount)
            fill_round(painter, rect, 6, ground)
            paint_icon(painter, "search", QRectF(6, 6, 16, 16), theme.text2)
            return
        rest = theme.sunken if theme.dark else theme.raised
        fill_round(painter, rect, 6, mix(rest, theme.hover, self._hover.amount))
        if theme.dark:
            stroke_round(painter, rect, 6, theme.hairline)
        paint_icon(painter, "search", QRectF(9, rect.center().y() - 7, 14, 14), theme.text2)
        text = rect.adjusted(30, 0, -10, 0)
        draw_text(painter, text, self.text(), theme.text2, ui_font(BODY), LEFT)
        draw_text(painter, text, self._shortcut, theme.text3, ui_font(NOTE), RIGHT)


class LanguageButton(QAbstractButton):
    """Shows the language that a press turns to, in its own script."""

    def __init__(self, sign: str, tooltip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hover = HoverFade(self)
        self.setText(sign)
        self.setToolTip(tooltip)
        self.setAccessibleName(tooltip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setProperty("focusRadius", 6.0)

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(28, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sign."""
        theme, painter = current_theme(), QPainter(self)
        smooth(painter)
        rect = QRectF(self.rect())
        ground = theme.hover if theme.dark else theme.raised
        fill_round(painter, rect, 6, mix(theme.color("hover", 0.0), ground, self._hover.amount))
        ink = mix(theme.text2, theme.text, self._hover.amount)
        draw_text(painter, rect, self.text(), ink, ui_font(HEADING, 500), CENTRE)


class TopBar(QWidget):
    """Everything that is reachable from every screen."""

    workspace_chosen = Signal(object)

    def __init__(
        self,
        document: Document,
        session: Session,
        transport: Transport,
        *,
        file_menu: Menu,
        step_menu: Menu,
        workspaces: Sequence[tuple[str, str]],
        find_shortcut: str,
        language: tuple[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._session, self._transport = document, session, transport
        self.title = TitleButton(file_menu)
        self.train = Button(tr("Train"), icon="play", variant="filled")
        self.step = SplitButton(
            tr("Step"),
            step_menu,
            icon="step",
            tooltip=tr("Carry out one step, then pause"),
            menu_tooltip=tr("Other steps"),
        )
        self.restart = Button(
            tr("Restart"), icon="restart", tooltip=tr("Start a new run of this recipe")
        )
        self.back = Button(tr("Back to the experiment"), icon="chevron-left", variant="soft")
        self.back.hide()
        self.workspaces = Segmented(list(workspaces), name=tr("Workspace"))
        self.views = IconButton("grid", tr("Views: add panels, or take them away"))
        self.views.hide()
        self.finder = FindButton(find_shortcut)
        self.language = LanguageButton(*language)
        self.theme = IconButton("theme", tr("Dark or light"))
        self.train.clicked.connect(transport.toggle)
        self.step.clicked.connect(lambda: transport.step_once())
        self.restart.clicked.connect(transport.restart)
        self.workspaces.value_changed.connect(self.workspace_chosen)
        words = (tr("Train"), tr("Pause"), tr("Starting"))
        widest = max(text_width(word, self.train.font()) for word in words)
        self.train.setFixedWidth(max(88, int(widest) + 50))  # the row must not jump at a press
        self._title_room = QWidget()
        room = QHBoxLayout(self._title_room)
        room.setContentsMargins(8, 0, 8, 0)
        room.addWidget(self.title)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 14, 0)
        row.setSpacing(8)
        row.addWidget(self._title_room)
        self._buttons = (self.train, self.step, self.restart)
        for button in self._buttons:
            row.addWidget(button)
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.workspaces)
        row.addStretch(1)
        row.addWidget(self.views)
        row.addSpacing(-4)
        row.addWidget(self.finder)
        row.addSpacing(-2)
        row.addWidget(self.language)
        row.addSpacing(-4)
        row.addWidget(self.theme)
        self.setFixedHeight(HEIGHT)
        document.state_changed.connect(self.refresh)
        document.problems_changed.connect(self.refresh)
        session.state_changed.connect(self.refresh)
        session.stepping.slow.changed.connect(self.refresh)
        transport.changed.connect(self.refresh)
        self._at_work = True
        self.refresh()

    def set_at_work(self, on: bool, *, can_return: bool = False) -> None:
        """Show transport and workspaces, or the welcome page's bare bar."""
        self._at_work = on
        self.back.setVisible(not on and can_return)
        for part in (*self._buttons, self.workspaces):
            part.setVisible(on)
        self.refresh()

    def set_column_width(self, width: int, *, compact: bool) -> None:
        """Align the transport with the panels; a compact bar drops words."""
        self._title_room.setFixedWidth(width)
        self.finder.set_compact(compact)
        self.restart.setText("" if compact else tr("Restart"))
        self.restart.setAccessibleName(tr("Restart"))
        self.restart.updateGeometry()

    def refresh(self, *_: object) -> None:
        """Show the document's title and what the run is doing."""
        if self._at_work:
            self.title.show_title(self._document.title, modified=self._document.is_modified)
        else:
            self.title.show_title("AEGAN Studio", modified=False)
        runs = self._transport.runs
        state = self._session.state if runs is None else runs.state
        running, starting = state == "running", state == "preparing"
        if runs is None:
            running = self._session.moves
        word = tr("Pause") if running else tr("Starting") if starting else tr("Train")
        self.train.setText(word)
        self.train.setAccessibleName(word)
        self.train.set_icon_name("pause" if running else "play")
        can = state == "running" or (runs or self._session).can_train
        self.train.setEnabled(can)
        self.train.setToolTip(self._train_tip())
        why = self._transport.why_not("session.step_once")
        self.step.setEnabled(why is None)
        tip = tr("Carry out one step, then pause") if why is None else tr(why)
        self.step.setToolTip(tip)
        obstacle = bool(self._document.errors) if runs is None else runs.obstacle is not None
        self.restart.setEnabled(not obstacle and not starting)

    def _train_tip(self) -> str:
        if self._transport.runs is not None:
            return self._tip_of(self._transport.runs)
        state = self._session.state
        if self._session.stepping.slow.on:
            going = self._session.stepping.slow.playing
            return tr("Stop the clock") if going else tr("Let the clock run")
        if state == "running":
            return tr("Pause after the step under way, and save")
        if state == "preparing":
            return tr("The run is being prepared.")
        if state in ("empty", "failed") and self._document.errors:
            return tr("A problem in the recipe keeps it from training.")
        if state == "finished":
            return tr("Train for as many steps again")
        return tr("Train until the last step")

    def _tip_of(self, runs: Runs) -> str:
        """What Train does for runs side by side, or why it does nothing."""
        if runs.state == "running":
            return tr("Pause both after the steps under way, and save")
        if runs.state == "preparing":
            return tr("The run is being prepared.")
        if runs.state in ("empty", "failed") and runs.obstacle is not None:
            return tr(runs.obstacle)
        if runs.state == "finished":
            return tr("Both have made their last step.")
        return tr("Train both in lockstep until one ends")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground and the line below it."""
        theme, painter = current_theme(), QPainter(self)
        painter.fillRect(self.rect(), theme.color("chrome"))
        line = QRectF(0, self.height() - 1, self.width(), 1)
        painter.fillRect(line, theme.color("hairline"))
