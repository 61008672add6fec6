"""Colours, type and their live switch: every token of the look, in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyleFactory, QWidget
from shiboken6 import isValid

Mode = Literal["system", "dark", "light"]

UI_FAMILIES = (
    "Inter",
    "SF Pro Text",
    "Segoe UI Variable",
    "Segoe UI",
    "Noto Sans",
    "DejaVu Sans",
    "Noto Sans CJK SC",
    "PingFang SC",
    "Microsoft YaHei UI",
    "WenQuanYi Micro Hei",
)
FORMULA_FAMILIES = (
    "STIX Two Text",
    "STIX Two Math",
    "Cambria Math",
    "TeX Gyre Termes",
    "Nimbus Roman",
    "DejaVu Serif",
)
HERO, PAGE, CARD, HEADING, BODY, NOTE, TICK = 30, 20, 15, 13, 12, 11, 10
"""The type scale, in logical pixels."""

CLASS_COLOURS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#F0E442",
    "#80280F",
    "#8655E6",
    "#6FE8B4",
)
_ROLE_OF = {
    "x": "real",
    "adv-x": "generated",
    "dx": "generated",
    "rec-x": "reconstruction",
    "z": "code",
    "rec-z": "code",
    "adv-z": "latent_critic",
    "dz": "latent_critic",
}
_ROLES = ("real", "generated", "reconstruction", "code", "latent_critic")
VERDICT_STEPS = 22
"""Visible steps of the verdict map, from fake to real."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colour tokens, each ``#RRGGBB``; the roles mean the same on every screen."""

    name: Literal["dark", "light"]
    bg: str
    chrome: str
    surface: str
    raised: str
    hover: str
    sunken: str
    hairline: str
    strong: str
    edge: str
    text: str
    text2: str
    text3: str
    accent: str
    accent_fill: str
    on_accent: str
    accent_soft: str
    error: str
    error_ground: str
    warning: str
    warning_ground: str
    healthy: str
    healthy_ground: str
    real: str
    generated: str
    reconstruction: str
    code: str
    latent_critic: str
    verdict_fake: str
    verdict_neutral: str
    verdict_real: str

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return self.name == "dark"

    def color(self, token: str, alpha: float = 1.0) -> QColor:
        """The colour of a token, or of any ``#RRGGBB``; ``alpha`` in 0–1."""
        color = QColor(token if token.startswith("#") else getattr(self, token))
        color.setAlphaF(alpha)
        return color

    def role(self, name: str) -> str:
        """The colour of a role by its token or its symbol: ``rec-x``, ``adv-x``, ``Dz``, ``x``.

        A name that is no role gives the text colour.
        """
        token = _ROLE_OF.get(name.lower(), name)
        return str(getattr(self, token)) if token in _ROLES else self.text

    def class_color(self, index: int) -> str:
        """The colour of class ``index``; the ten colours repeat."""
        return CLASS_COLOURS[index % len(CLASS_COLOURS)]

    def curve_color(self, index: int) -> str:
        """A colour for a curve that has no role; readable as a line and a name on a surface."""
        palette = ("accent", "real", "generated", "reconstruction", "code", "latent_critic")
        return str(getattr(self, palette[index % len(palette)]))

    def verdict(self, p: float) -> QColor:
        """The map's colour of a critic's verdict ``p`` in 0 (fake) – 1 (real), in 22 steps."""
        step = min(int(max(p, 0.0) * VERDICT_STEPS), VERDICT_STEPS - 1) / (VERDICT_STEPS - 1)
        end = self.verdict_fake if step < 0.5 else self.verdict_real
        return mix(self.verdict_neutral, end, abs(step - 0.5) * 2)


DARK = Theme(
    name="dark",
    bg="#111317",
    chrome="#171A1F",
    surface="#1B1F25",
    raised="#272C35",
    hover="#323844",
    sunken="#13161A",
    hairline="#2B313B",
    strong="#454D5B",
    edge="#6B7585",
    text="#ECEEF2",
    text2="#B1B8C4",
    text3="#8E97A6",
    accent="#9AA2FF",
    accent_fill="#5A62E8",
    on_accent="#FFFFFF",
    accent_soft="#2A2D55",
    error="#FF8F6B",
    error_ground="#3A2320",
    warning="#F2B53A",
    warning_ground="#352B17",
    healthy="#3CC394",
    healthy_ground="#17342B",
    real="#56B4E9",
    generated="#E69F00",
    reconstruction="#2CC295",
    code="#D98BB6",
    latent_critic="#F0E442",
    verdict_fake="#9A5C00",
    verdict_neutral="#1B1F25",
    verdict_real="#1F78B4",
)
LIGHT = Theme(
    name="light",
    bg="#F4F4F1",
    chrome="#FAFAF8",
    surface="#FFFFFF",
    raised="#EFEFEB",
    hover="#E4E4DF",
    sunken="#F3F3F0",
    hairline="#E2E2DC",
    strong="#BDBEB8",
    edge="#858781",
    text="#1B1D22",
    text2="#4F545E",
    text3="#676C76",
    accent="#434CD0",
    accent_fill="#4951D6",
    on_accent="#FFFFFF",
    accent_soft="#E6E7FB",
    error="#B3420E",
    error_ground="#FBEAE2",
    warning="#8A5A00",
    warning_ground="#FBF1DC",
    healthy="#00704F",
    healthy_ground="#DFF3EB",
    real="#0072B2",
    generated="#9C5A00",
    reconstruction="#007A59",
    code="#A8447C",
    latent_critic="#4F4B00",
    verdict_fake="#9A5C00",
    verdict_neutral="#F3F3F0",
    verdict_real="#1F78B4",
)


def mix(a: str | QColor, b: str | QColor, t: float) -> QColor:
    """The colour a fraction ``t`` (0–1) of the way from ``a`` to ``b``, alpha included."""
    first, second = QColor(a), QColor(b)
    return QColor.fromRgbF(
        first.redF() + (second.redF() - first.redF()) * t,
        first.greenF() + (second.greenF() - first.greenF()) * t,
        first.blueF() + (second.blueF() - first.blueF()) * t,
        first.alphaF() + (second.alphaF() - first.alphaF()) * t,
    )


def ui_font(size: int = BODY, weight: int = 400, *, italic: bool = False) -> QFont:
    """The interface font at ``size`` logical pixels, with figures of equal width."""
    font = QFont(list(UI_FAMILIES))
    font.setPixelSize(size)
    font.setWeight(QFont.Weight(weight))
    font.setItalic(italic)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setStyleHint(QFont.StyleHint.SansSerif)
    return font


def formula_font(size: int = 15, *, italic: bool = False) -> QFont:
    """The font of mathematics at ``size`` logical pixels."""
    font = QFont(list(FORMULA_FAMILIES))
    font.setPixelSize(size)
    font.setItalic(italic)
    font.setStyleHint(QFont.StyleHint.Serif)
    return font


def palette_of(theme: Theme) -> QPalette:
    """The Qt palette that plain Qt widgets take on."""
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, token in {
        roles.Window: "bg",
        roles.WindowText: "text",
        roles.Base: "surface",
        roles.AlternateBase: "sunken",
        roles.Text: "text",
        roles.Button: "raised",
        roles.ButtonText: "text",
        roles.BrightText: "on_accent",
        roles.Highlight: "accent_fill",
        roles.HighlightedText: "on_accent",
        roles.ToolTipBase: "raised",
        roles.ToolTipText: "text",
        roles.PlaceholderText: "text3",
        roles.Link: "accent",
        roles.LinkVisited: "accent",
        roles.Accent: "accent_fill",
        roles.Light: "hover",
        roles.Midlight: "raised",
        roles.Mid: "strong",
        roles.Dark: "hairline",
        roles.Shadow: "bg",
    }.items():
        palette.setColor(role, theme.color(token))
    disabled = QPalette.ColorGroup.Disabled
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(disabled, role, theme.color("text3"))
    return palette


class ThemeManager(QObject):
    """Chooses the theme and dresses the application; lives as a child of the QApplication.

    Parameters
    ----------
    app : QApplication
        Becomes the parent, which is how :func:`current_theme` finds the manager.
    mode : {"system", "dark", "light"}
        ``system`` follows the desktop's colour scheme, live.
    """

    changed = Signal(object)
    """Carries the new :class:`Theme`, once the application wears it."""

    def __init__(self, app: QApplication, mode: Mode = "system") -> None:
        super().__init__(app)
        self._app = app
        self._mode: Mode = mode
        self._applied: Theme | None = None
        self.reduced_motion = False
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def mode(self) -> Mode:
        """What was asked for: follow the system, dark or light."""
        return self._mode

    @property
    def theme(self) -> Theme:
        """The theme in force."""
        if self._mode == "system":
            scheme = self._app.styleHints().colorScheme()
            return LIGHT if scheme == Qt.ColorScheme.Light else DARK
        return DARK if self._mode == "dark" else LIGHT

    def set_mode(self, mode: Mode) -> None:
        """Switch, at once, without a restart."""
        self._mode = mode
        if self._applied is not None:
            self.apply()

    def apply(self) -> None:
        """Dress the application in the theme in force: style, palette, font and style sheet."""
        from aegan_studio.ui.stylesheet import stylesheet

        theme = self.theme
        if theme is self._applied:
            return
        if self._applied is None:
            self._app.setStyle(QStyleFactory.create("Fusion"))
            self._app.setFont(ui_font())
        self._applied = theme
        self._app.setPalette(palette_of(theme))
        self._app.setStyleSheet(stylesheet(theme))
        self.changed.emit(theme)

    def _follow_system(self) -> None:
        if self._mode == "system" and self._applied is not None:
            self.apply()


_known: ThemeManager | None = None


def theme_manager() -> ThemeManager | None:
    """The manager that the QApplication owns, or None before there is one."""
    global _known
    app = QApplication.instance()
    if app is None:
        return None
    # kept, because every paint event asks and a search among children takes twenty times as long
    if _known is None or not isValid(_known) or _known.parent() is not app:
        _known = app.findChild(ThemeManager, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return _known


def current_theme() -> Theme:
    """The theme in force; dark where no manager exists, as when a widget is shown alone."""
    manager = theme_manager()
    return manager.theme if manager is not None else DARK


def on_theme(callback: Callable[[Theme], Any]) -> None:
    """Call ``callback`` with the theme now and after every change.

    Pass a bound method of a QObject: the connection then ends with that object.
    """
    manager = theme_manager()
    if manager is not None:
        manager.changed.connect(callback)
    callback(current_theme())


def motion_ms(widget: QWidget, duration: int) -> int:
    """``duration`` in milliseconds, or 0 where the system or the user asks for no motion."""
    manager = theme_manager()
    if manager is not None and manager.reduced_motion:
        return 0
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return duration if widget.style().styleHint(hint, None, widget) > 0 else 0


def colour_tokens() -> tuple[str, ...]:
    """The names of all colour tokens of a :class:`Theme`."""
    return tuple(field.name for field in fields(Theme) if field.name != "name")
