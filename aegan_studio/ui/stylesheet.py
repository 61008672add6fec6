"""The style sheet for plain Qt widgets: menus, scroll bars, tool tips, lists, splitters."""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from aegan_studio.ui.theme import Theme

_SHEET = Template("""
* { outline: 0; }
QMainWindow, QDialog { background: $bg; }
QToolTip {
  background: $raised; color: $text; border: 1px solid $strong;
  padding: 5px 7px; border-radius: 5px;
}
QMenu {
  background: $menu; color: $text; border: 1px solid $menu_edge;
  border-radius: 8px; padding: 5px;
}
QMenu::item { padding: 5px 26px 5px 10px; border-radius: 5px; margin: 0; min-height: 16px; }
QMenu::item:selected { background: $accent_fill; color: $on_accent; }
QMenu::item:disabled { color: $text3; background: transparent; }
QMenu::icon { padding-left: 8px; }
QMenu::item:checked { font-weight: 600; }
QMenu::separator { height: 1px; background: $hairline; margin: 5px 8px; }
QMenu::right-arrow { width: 0; }
QScrollArea, QScrollArea > QWidget > QWidget#scrolled { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $strong; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $edge; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $accent_soft; }
QMainWindow::separator { background: $bg; width: 8px; height: 8px; }
QMainWindow::separator:hover { background: $accent_soft; }
QLineEdit, QPlainTextEdit, QTextEdit {
  background: $raised; color: $text; border: 1px solid transparent; border-radius: 5px;
  padding: 2px 6px; selection-background-color: $accent_fill; selection-color: $on_accent;
}
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover { background: $hover; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {
  background: $sunken; border-color: $accent;
}
QLineEdit[problem="true"] { background: $error_ground; color: $error; border-color: $error; }
QLineEdit[bare="true"] { background: transparent; border: 0; padding: 0; border-radius: 0; }
QListView, QTreeView, QTableView {
  background: $surface; color: $text; border: 0;
  selection-background-color: $accent_soft; selection-color: $text; gridline-color: $hairline;
  alternate-background-color: $sunken;
}
QListView::item, QTreeView::item { padding: 4px 8px; border-radius: 5px; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected { background: $accent_soft; color: $text; }
QHeaderView::section {
  background: $surface; color: $text3; border: 0; border-bottom: 1px solid $hairline;
  padding: 6px 8px;
}
QComboBox QAbstractItemView {
  background: $menu; color: $text; border: 1px solid $menu_edge; padding: 4px; outline: 0;
}
QComboBox QAbstractItemView::item { min-height: 24px; padding: 0 8px; border-radius: 5px; }
QComboBox QAbstractItemView::item:hover,
QComboBox QAbstractItemView::item:selected { background: $accent_fill; color: $on_accent; }
QComboBox QAbstractItemView::item:disabled { color: $text3; }
QProgressBar { background: $hairline; border: 0; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QTextBrowser { background: transparent; border: 0; padding: 0; color: $text; }
""")


def stylesheet(theme: Theme) -> str:
    """The sheet with a theme's colours put in."""
    tokens = asdict(theme)
    tokens["menu"] = theme.raised if theme.dark else theme.surface
    tokens["menu_edge"] = theme.strong if theme.dark else theme.hairline
    return _SHEET.substitute(tokens)
