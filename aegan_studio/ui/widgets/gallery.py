"""Every widget of the kit on one page, for the eye."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.ui.icons import app_icon
from aegan_studio.ui.theme import Mode, ThemeManager
from aegan_studio.ui.widgets.cards import Surface
from aegan_studio.ui.widgets.focus import FocusRing
from aegan_studio.ui.widgets.gallery_pages import PAGES


def snapshot(widget: QWidget, scale: float) -> QImage:
    """The widget as a picture of ``scale`` device pixels to the logical one."""
    size = widget.size()
    image = QImage(size * scale, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.transparent)
    widget.render(image)
    return image


def page(build: Callable[[], list[QWidget]], size: QSize) -> QWidget:
    """One page: columns of widgets on the window's ground."""
    ground = Surface("bg", 0)
    row = QHBoxLayout(ground)
    row.setContentsMargins(8, 8, 8, 8)
    row.setSpacing(8)
    for widget in build():
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(widget)
        row.addLayout(column, 1)
    ground.resize(size)
    return ground


def main() -> int:
    """Show the pages, or write them to a folder in both themes at one and two device pixels."""
    parser = argparse.ArgumentParser(prog="python -m aegan_studio.ui.widgets")
    parser.add_argument("--out", type=Path, help="write PNGs here instead of a window")
    parser.add_argument("--theme", choices=["system", "dark", "light"], default="system")
    parser.add_argument("--page", choices=sorted(PAGES), help="one page only")
    options = parser.parse_args()
    app = QApplication(sys.argv[:1])
    app.setWindowIcon(app_icon())
    manager = ThemeManager(app, options.theme)
    manager.apply()
    FocusRing(app)
    chosen = [options.page] if options.page else list(PAGES)
    if options.out is None:
        windows = [page(PAGES[name], QSize(1280, 800)) for name in chosen]
        for window in windows:
            window.show()
        return app.exec()
    options.out.mkdir(parents=True, exist_ok=True)
    modes: tuple[Mode, ...] = ("dark", "light")
    for mode in modes:
        manager.set_mode(mode)
        for name in chosen:
            window = page(PAGES[name], QSize(1280, 800))
            window.show()
            for _ in range(3):
                app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
                app.processEvents()
            for scale in (1, 2):
                path = options.out / f"{name}-{mode}-{scale}x.png"
                snapshot(window, scale).save(str(path))
            window.close()
    return 0
