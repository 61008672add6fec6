"""Mixing: parts of codes from columns, the rest from rows; and what models of one part lack."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from aegan_studio.ui.latent.walk_messages import Mix
from tests.ui.walk_pages import open_page

__all__ = ["open_page"]

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(open_page, qtbot):
    def make(name):
        mixing = open_page(name, "atlas", "mixing")
        settled(qtbot, mixing)
        return mixing

    return make


def settled(qtbot, mixing):
    def there():
        mixed = mixing._mixed
        return (
            mixed is not None
            and mixed.complete
            and not mixing._explorer.is_busy(Mix)
            and not mixing._waiting
            and not mixing._stale
            and not mixing._soon.isActive()
        )

    qtbot.waitUntil(there, timeout=20_000)
    return mixing._mixed


def toggle(qtbot, mixing, index):
    qtbot.mouseClick(mixing.strands.chips[index], LEFT)
    return settled(qtbot, mixing)


def columns(qtbot, mixing, value):
    mixing.columns.set_value(value)
    mixing.columns.value_changed.emit(value)
    return settled(qtbot, mixing)


def test_a_conditional_model_writes_every_class_in_the_hand_of_each_pin(page, qtbot):
    mixing = page("cgan")
    mixed = mixing._mixed
    assert [chip.text() for chip in mixing.strands.chips] == ["Noise", "Class"]
    assert mixing.columns.value == "classes"
    assert mixing.sheet.shape == (2, 10)
    assert mixed.codes[:, :, 8:].argmax(axis=2).tolist() == [list(range(10))] * 2
    for row, pin in zip(mixed.codes, mixing._explorer.pins, strict=True):
        assert np.array_equal(row[:, :8], np.tile(pin.code[:8], (10, 1)))
    assert mixing.subtitle == "Class from the columns, the rest from the rows"
    assert not mixing.grab().isNull()


def test_other_parts_can_be_chosen(page, qtbot):
    mixing = page("cgan")
    columns(qtbot, mixing, "pins")
    toggle(qtbot, mixing, 1)
    mixed = toggle(qtbot, mixing, 0)
    a, b = (pin.code for pin in mixing._explorer.pins)
    assert np.array_equal(mixed.codes[0, 1], np.concatenate((b[:8], a[8:])))
    assert np.array_equal(mixed.codes[0, 0], a)
    assert mixing.sheet._heads.columns[1].name == "B"


def test_columns_can_be_seeds(page, qtbot):
    mixing = page("cgan")
    mixed = columns(qtbot, mixing, "seeds")
    assert mixing.sheet.shape == (2, 6)
    assert [head.name for head in mixing.sheet._heads.columns] == ["1", "2", "3", "4", "5", "6"]
    assert mixed.columns.shape == (6, 18)


@pytest.mark.parametrize("name", ["vae", "aegan", "gan", "points"])
def test_a_model_of_one_part_says_what_it_lacks_and_what_to_do(page, qtbot, name):
    mixing = page(name)
    assert mixing.well.isVisible()
    assert not mixing.sheet.isVisible()
    words = mixing.well.accessibleName()
    assert "one part" in words
    assert "Conditional GANs, InfoGAN and VQ-VAE" in words
    qtbot.mouseClick(mixing.well.button, LEFT)
    mixed = settled(qtbot, mixing)
    dimensions = mixing._explorer.model.dimensions
    assert mixing.strands.chips[0].text() == "z₁"
    assert mixed.codes.shape == (2, 2, dimensions)
    half = (dimensions + 1) // 2
    a, b = (pin.code for pin in mixing._explorer.pins)
    assert np.array_equal(mixed.codes[0, 1], np.concatenate((a[:half], b[half:])))
    qtbot.mouseClick(mixing.level, LEFT)
    settled(qtbot, mixing)
    assert mixing.well.isVisible()


def test_a_vq_vae_is_mixed_place_by_place(page, qtbot):
    mixing = page("vq-vae")
    mixed = mixing._mixed
    assert [chip.text() for chip in mixing.strands.chips][:2] == ["place 1", "place 2"]
    assert mixed.chosen == tuple(range(8, 16))
    a, b = (pin.code for pin in mixing._explorer.pins)
    half = len(a) // 2
    assert np.array_equal(mixed.codes[1, 0], np.concatenate((b[:half], a[half:])))


def test_a_click_goes_to_the_mixture(page, qtbot):
    mixing = page("vq-vae")
    rect = mixing.sheet.lay().rect(1, 0)
    qtbot.mouseClick(mixing.sheet, LEFT, pos=rect.center().toPoint())
    assert np.array_equal(mixing._explorer.code, mixing._mixed.codes[1, 0])
    assert mixing._tip(1, 0) == "B with 8 of 16 parts of A"


def test_more_pins_make_more_rows_and_none_a_sentence(page, qtbot):
    mixing = page("vq-vae")
    explorer = mixing._explorer
    explorer.add_pin(explorer.pins[0].code * 0.5)
    settled(qtbot, mixing)
    assert mixing.sheet.shape == (3, 3)
    explorer.set_pins(())
    settled(qtbot, mixing)
    assert mixing.sheet.shape == (0, 0)
    assert not mixing.grab().isNull()


def test_taking_all_or_nothing_is_said(page, qtbot):
    mixing = page("cgan")
    toggle(qtbot, mixing, 1)
    assert "leave something to the rows" in mixing.subtitle


def test_many_parts_take_more_lines_where_there_is_little_room(page, qtbot):
    mixing = page("vq-vae")
    one = mixing.strands.height()
    mixing.window().resize(320, 400)
    qtbot.waitUntil(lambda: mixing.strands.height() > one)
    assert all(mixing.strands.rect().contains(chip.geometry()) for chip in mixing.strands.chips)
