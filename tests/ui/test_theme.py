"""The tokens, and their switch while the window is open."""

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from aegan_studio.ui.icons import icon_names, icon_pixmap
from aegan_studio.ui.theme import (
    DARK,
    LIGHT,
    Theme,
    ThemeManager,
    colour_tokens,
    current_theme,
    mix,
)
from aegan_studio.ui.widgets.labels import Label


@pytest.fixture
def manager(qapp: QApplication):
    manager = ThemeManager(qapp, "dark")
    manager.apply()
    yield manager
    manager.setParent(None)
    qapp.setStyleSheet("")


def luminance(name: str) -> float:
    parts = QColor(name).getRgbF()[:3]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_every_token_is_a_colour(theme: Theme):
    assert all(QColor(getattr(theme, token)).isValid() for token in colour_tokens())


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize(
    "ink", ["text", "text2", "text3", "accent", "error", "warning", "healthy", "real", "generated"]
)
def test_text_is_legible_on_every_ground(theme: Theme, ink: str):
    grounds = (theme.bg, theme.chrome, theme.surface, theme.raised, theme.sunken)
    assert min(contrast(getattr(theme, ink), ground) for ground in grounds) >= 4.45


def test_a_role_answers_to_its_symbol_and_its_term():
    assert DARK.role("rec-x") == DARK.reconstruction
    assert DARK.role("Dz") == DARK.role("adv-z") == DARK.latent_critic
    assert DARK.role("nothing known") == DARK.text


def test_the_verdict_map_has_22_steps_from_fake_to_real():
    shades = {DARK.verdict(k / 1000).name() for k in range(1001)}
    assert len(shades) == 22
    assert DARK.verdict(0.0) == QColor(DARK.verdict_fake)
    assert DARK.verdict(1.0) == QColor(DARK.verdict_real)


def test_mixing_half_way_lies_between():
    assert mix("#000000", "#FFFFFF", 0.5).lightness() == pytest.approx(127, abs=1)


def test_switching_the_mode_reaches_widgets_without_a_restart(manager, qtbot):
    label = Label("Train", tone="accent")
    qtbot.addWidget(label)
    with qtbot.waitSignal(manager.changed) as heard:
        manager.set_mode("light")
    assert heard.args == [LIGHT]
    assert current_theme() is LIGHT
    assert label.palette().windowText().color() == QColor(LIGHT.accent)


def test_setting_the_same_mode_again_changes_nothing(manager, qtbot):
    with qtbot.assertNotEmitted(manager.changed):
        manager.set_mode("dark")


def test_without_a_manager_widgets_are_dark(qapp):
    assert current_theme() is DARK


def test_every_icon_draws_something(qapp):
    for name in icon_names():
        image = icon_pixmap(name, 24, "#ECEEF2", 2.0).toImage()
        inked = sum(
            image.pixelColor(x, y).alpha() > 0
            for x in range(0, image.width(), 2)
            for y in range(0, image.height(), 2)
        )
        assert inked > 4, name
