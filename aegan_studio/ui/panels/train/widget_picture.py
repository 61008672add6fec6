"""A drawing as a picture to paste or to keep: what a context menu offers on it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.theme import current_theme
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.pictures import copy_image, picture_menu, save_image

SCALE = 2.0
"""Device pixels per logical pixel: enough for a slide."""


def widget_picture(widget: QWidget, scale: float = SCALE) -> QImage:
    """What a widget shows, on the surface it stands on."""
    image = QImage(widget.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(current_theme().color("surface"))
    painter = QPainter(image)
    widget.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
    painter.end()
    return image


def widget_menu(widget: QWidget, name: str) -> Menu:
    """Copy or save the picture of a widget; ``name`` is the file proposed."""
    image = widget_picture(widget)
    return picture_menu(
        widget,
        [
            (tr("Copy picture"), "copy", partial(copy_image, image)),
            (tr("Save picture…"), "save", partial(save_image, widget, image, name)),
        ],
    )
