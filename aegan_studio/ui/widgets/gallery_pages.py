"""What each page of the gallery holds; the figures are invented."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from aegan_studio.ui.icons import icon_names
from aegan_studio.ui.widgets import gallery_data
from aegan_studio.ui.widgets.buttons import Button, IconButton, SplitButton
from aegan_studio.ui.widgets.cards import Card
from aegan_studio.ui.widgets.choice import Choice
from aegan_studio.ui.widgets.command_palette import CommandPalette
from aegan_studio.ui.widgets.fields import IntListField, PathField, SeedField, TextField
from aegan_studio.ui.widgets.form import FormRow
from aegan_studio.ui.widgets.formula import FormulaLabel
from aegan_studio.ui.widgets.image_grid import ImageGrid
from aegan_studio.ui.widgets.labels import Label
from aegan_studio.ui.widgets.menus import Menu
from aegan_studio.ui.widgets.messages import Banner, BusyBar, Glyph, Well
from aegan_studio.ui.widgets.number_field import NumberField
from aegan_studio.ui.widgets.panels import Panel
from aegan_studio.ui.widgets.pictures import PictureView
from aegan_studio.ui.widgets.plots import LossPlot
from aegan_studio.ui.widgets.scatter import ScatterMap
from aegan_studio.ui.widgets.slider_row import SliderRow
from aegan_studio.ui.widgets.switches import Segmented, Toggle


def _recipe() -> QWidget:
    host = QWidget()
    host.setFixedWidth(264)
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    data = Card("Data", summary="Digits, 1,797 images", folded=True)
    data.set_preview(Label("(thumbnails)", tone="text3"))
    method = Card("Method")
    names = [(n.lower(), n) for n in ("AE", "VAE", "GAN", "AEGAN")]
    method.add(FormRow("Method", Choice(names, "aegan"), marker="restart"))
    method.add(FormRow("Prior", Choice([("n", "Normal")], "n"), marker="restart"))
    code = NumberField(12, lo=1, hi=64, integer=True, log=True)
    method.add(FormRow("Code size", code, marker="restart"))
    updates = NumberField(1, lo=0, hi=10, integer=True, unit="a step")
    changed = FormRow("Critic updates", updates, marker="live")
    changed.set_changed(True, "5")
    method.add(changed)
    networks = Card("Networks", summary="4 MLPs, 193 k weights", folded=True)
    training = Card("Training")
    for name, value in (("Rate of E, G", 0.0004), ("Rate of critics", 1e-5)):
        rate = NumberField(value, lo=1e-6, hi=0.1, log=True)
        training.add(FormRow(name, rate, marker="live"))
    batch = FormRow(
        "Batch", NumberField(2048, lo=1, hi=4096, integer=True, unit="images"), marker="restart"
    )
    batch.set_problem("Larger than the data (1,797).", "Use 256")
    training.add(batch)
    stop = NumberField(12_000, lo=1, hi=1e6, integer=True, log=True, unit="steps")
    row = FormRow("Stop after", stop, marker="live")
    row.set_note("running: 64")
    training.add(row)
    training.add(FormRow("Average", Toggle(True, text="0.999"), marker="live"))
    training.add(FormRow("Seed", SeedField(3), marker="restart"))
    training.add(FormRow("Hidden widths", IntListField((512, 256)), marker="restart"))
    training.add(FormRow("Name", TextField("Digits"), marker=""))
    training.add(FormRow("Folder", PathField("", kind="folder", placeholder="none"), marker=""))
    for card in (data, method, networks, training):
        column.addWidget(card)
    column.addStretch(1)
    return host


def _buttons() -> QWidget:
    panel = Panel("Buttons", "filled, soft, plain, ghost")
    panel.add_action(IconButton("undo", "Undo"))
    panel.add_action(IconButton("redo", "Redo"))
    panel.add_action(IconButton("more", "More"))
    menu = Menu()
    menu.add("One update", lambda: None)
    rows: list[list[QWidget]] = [
        [
            Button("Pause", icon="pause", variant="filled"),
            SplitButton("Step", menu, icon="step"),
            Button("Restart", icon="restart"),
        ],
        [
            Button("Next: update G", icon="step", variant="soft"),
            Button("Slow motion", icon="pulse", variant="ghost"),
            Button("Lower its rate", variant="warn", size="s"),
            Button("Show", variant="error", size="s"),
        ],
        [Button("Start training", icon="play", variant="filled", size="l"), Toggle(), Toggle(True)],
        [Segmented([(n, n) for n in ("Train", "Explore", "Compare", "Learn")], "Train")],
        [Segmented([(n, n) for n in ("Critic", "Generator")], "Generator", stretch=True)],
    ]
    disabled = Button("Disabled", icon="play")
    disabled.setEnabled(False)
    rows[2].append(disabled)
    for widgets in rows:
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in widgets:
            line.addWidget(widget)
        if not isinstance(widgets[0], Segmented) or len(widgets) > 1:
            line.addStretch(1)
        panel.add(line)
    panel.add(Banner("The data critic is pulling ahead, 78 % right.", "Lower its rate"))
    panel.add(Banner("256×4×4 holds 4,096 values.", "Make Linear wide", severity="error"))
    panel.add(Banner("8 of 8 spots reached.", severity="healthy"))
    well = Well("Train a moment, and samples appear here.", button="Train", icon="picture")
    panel.add(well, 1)
    busy = BusyBar()
    busy.start("Encoding 1,797 images", 0.4)
    panel.add(busy)
    waiting = BusyBar()
    waiting.start()
    panel.add(waiting)
    return panel


def _icons() -> QWidget:
    panel = Panel("Icons", "24 grid, 1.9 stroke")
    names = icon_names()
    for start in range(0, len(names), 6):
        line = QHBoxLayout()
        for name in names[start : start + 6]:
            cell = QVBoxLayout()
            glyph = Glyph(name, "real" if name == "mark" else "text2", 16)
            cell.addWidget(glyph, 0, Qt.AlignmentFlag.AlignHCenter)
            note = Label(name, tone="text3", size=10, elide=True)
            note.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            cell.addWidget(note)
            line.addLayout(cell, 1)
        panel.add(line)
    panel.body.setSpacing(3)
    panel.body.addStretch(1)
    return panel


def controls() -> list[QWidget]:
    """Forms, buttons, messages and icons."""
    return [_recipe(), _buttons(), _icons()]


def pictures() -> list[QWidget]:
    """Grids, pairs, plots and sliders."""
    images, _ = gallery_data.digits()
    left = Panel("Samples")
    left.set_header_widget(FormulaLabel(r"\hat{x} = G(z)", size=14, tone="generated"))
    left.add_action(IconButton("lock", "Keep these codes"))
    grid = ImageGrid(name="Samples")
    grid.set_pictures(images[:56])
    grid.set_selected(10)
    left.add(grid, 2)
    wells = QHBoxLayout()
    empty = ImageGrid(empty="Press Train, and samples appear here.")
    big = PictureView()
    big.set_picture(images[6])
    wells.addWidget(empty)
    wells.addWidget(big)
    left.add(wells, 1)
    middle = Panel("Reconstructions")
    middle.set_header_widget(FormulaLabel(r"x \text{ over } \tilde{x}", size=14))
    pairs = ImageGrid(name="Reconstructions", columns=6)
    blurred = (images[:24] // 2 + images[1:25] // 6 + 20).astype("uint8")
    pairs.set_pictures(images[:24], blurred)
    middle.add(pairs, 2)
    for latex in (
        r"L_G = -\log D(G(z)) \text{  averaged over 128}",
        r"\mathcal{L}_{rec} = \lVert x - \tilde{x} \rVert_2^2 + \lambda \, "
        r"\mathrm{KL}\left(q(z \mid x) \,\|\, p(z)\right)",
        r"\mathbb{E}_{x \sim p_{data}}[\log D_x(x)] + \tfrac12 \sum_{i=1}^{N} "
        r"\frac{\hat{z}_i^2}{\sqrt{2\sigma}} \ge -\log 4",
    ):
        middle.add(FormulaLabel(latex, size=15))
    plots = Panel("Terms", "weight × loss")
    losses = LossPlot(log=True, name="Terms")
    gallery_data.terms(losses)
    plots.add(losses, 3)
    plots.add(Label("Critics right", weight=600))
    right = LossPlot(name="Critics right")
    right.set_labels({"Dx": "$D_x$", "Dz": "$D_z$"})
    right.set_y_limits(0.5, 1.0)
    gallery_data.critics(right)
    plots.add(right, 2)
    for name, value in (("Thicker stroke", 1.0), ("Leans right", -0.6), ("More like 6", 0.1)):
        plots.add(SliderRow(name, value, lockable=True))
    plots.add(SliderRow("Truncation", 0.85, lo=0, hi=1, neutral=0, step=0.01))
    return [left, middle, plots]


def maps() -> list[QWidget]:
    """Maps of codes and of points in the plane."""
    codes, classes = gallery_data.codes()
    left = Panel("Latent map", "1,797 digits by their code")
    latent = ScatterMap(classes=[str(k) for k in range(10)], axis_labels=("z_1", "z_2"))
    latent.set_points(codes, classes)
    walk = codes[[3, 40, 7, 12]]
    latent.set_path(walk)
    latent.set_pins({"A": (walk[0, 0], walk[0, 1]), "B": (walk[-1, 0], walk[-1, 1])})
    latent.set_cursor((float(walk[1:3, 0].mean()), float(walk[1:3, 1].mean())))
    left.add(latent, 1)
    right = Panel("Plane", "real and generated")
    plane = ScatterMap(radius=3.5)
    plane.set_points(gallery_data.ring(400, 0.05, 1), layer="Real", color="real")
    plane.set_points(
        gallery_data.ring(300, 0.09, 2), layer="Generated", color="generated", shape="square"
    )
    right.add(plane, 1)
    names = "Train,Pause,Step,Restart,Open experiment…,Save,Explore,Compare,Learn,Dark theme,Undo"
    actions = [QAction(text, right) for text in names.split(",")]
    actions[0].setShortcut("Space")
    actions[5].setShortcut("Ctrl+S")
    finder = CommandPalette(right, lambda: actions)
    QTimer.singleShot(0, lambda: _show_palette(finder))
    return [left, right]


def _show_palette(finder: CommandPalette) -> None:
    finder.open()
    finder.line_edit.setText("re")


PAGES: dict[str, Callable[[], list[QWidget]]] = {
    "controls": controls,
    "pictures": pictures,
    "maps": maps,
}
