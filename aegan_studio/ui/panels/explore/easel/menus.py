"""The easel's menus: where its picture may come from, and what of it can be taken away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from aegan_studio.i18n import tr
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.pictures import copy_image, save_image

if TYPE_CHECKING:
    from aegan_studio.ui.panels.explore.easel.page import PicturePage


def offer_sources(page: PicturePage) -> None:
    """Open the menu of sources below its button."""
    menu = Menu(parent=page)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if not page.of_points:
        menu.add(tr("Open a picture…"), page.supply.open, icon_name="folder")
        menu.add(tr("Paste"), page.supply.paste, icon_name="copy", shortcut="Ctrl+V")
        menu.addSeparator()
    menu.add(tr("A random held-out item"), page.supply.take_random, icon_name="dice")
    menu.add(
        tr("The nearest training item"),
        page.supply.take_nearest,
        icon_name="points",
        enabled=page.looking.nearest is not None,
    )
    menu.add(tr("The current code’s picture"), page.supply.take_current, icon_name="code")
    menu.addSeparator()
    menu.add(tr("Empty"), page.supply.clear, icon_name="trash", enabled=page.subject() is not None)
    menu.popup(page.take.mapToGlobal(page.take.rect().bottomLeft()))


def offer_copies(page: PicturePage) -> None:
    """Open the menu that copies or saves, below its button."""
    menu = Menu(parent=page)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    images: tuple[tuple[str, str, QImage | None], ...] = (
        (tr("Copy the drawing"), tr("Save the drawing…"), _drawing(page)),
        (tr("Copy the result"), tr("Save the result…"), _result(page)),
    )
    for copy, save, image in images:
        there = image is not None
        menu.add(copy, partial(_copy, image), icon_name="copy", enabled=there)
        menu.add(save, partial(_save, page, image), icon_name="save", enabled=there)
    menu.popup(page.share.mapToGlobal(page.share.rect().bottomLeft()))


def _drawing(page: PicturePage) -> QImage | None:
    if page.of_points:
        return page.point.grab().toImage()
    return None if page.pad.canvas.is_blank else page.pad.image


def _result(page: PicturePage) -> QImage | None:
    """What the model made of it, in the mode that is chosen."""
    if page.of_points:
        return None
    if page.mode.value == "restore":
        return page.mask_pad.image if page.restore_bench.item is not None else None
    pair = page.search.pair if page.mode.value == "search" else page.looking.pair
    return pair.right.view.image


def _copy(image: QImage | None) -> None:
    if image is not None:
        copy_image(image)


def _save(page: PicturePage, image: QImage | None) -> None:
    if image is not None:
        save_image(page, image, "picture.png")
