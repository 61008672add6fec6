"""One side of the comparison: what its model makes, and what keeps it from training."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aegan_studio.experiment.events import Diverged, Failed, SaveFailed
from aegan_studio.experiment.sides import Side, other
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.compare.mark import SideMark
from aegan_studio.ui.panels.train.pictures import ReconstructionsPanel, SamplesPanel
from aegan_studio.ui.panels.train.plane.panel import PlanePanel
from aegan_studio.ui.panels.train.plots.marks import option_label
from aegan_studio.ui.training.pair import Pair, name_of
from aegan_studio.ui.training.watched import Watched
from aegan_studio.ui.widgets.messages import Banner, Severity
from aegan_studio.ui.widgets.numbers import format_number
from aegan_studio.ui.widgets.panels import Panel

Make = Callable[[Document, Watched], Panel]

_PARTS: Mapping[str, Make] = {
    "plane": PlanePanel,
    "samples": SamplesPanel,
    "reconstructions": ReconstructionsPanel,
}
"""What a side can show; each is made when first shown."""


ROOMY = 330
"""From this width on a header has room for what the plane says of itself."""


class SideColumn(QWidget):
    """Samples, reconstructions or the plane of one side, under a notice where there is one."""

    def __init__(
        self, document: Document, pair: Pair, side: Side, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._pair, self._side = document, pair, side
        self.twin = pair.sides[side]
        self.panels: dict[str, Panel] = {}
        self.part = ""
        self.notice = Banner(dismissible=False)
        self.notice.fix_requested.connect(self._mend)
        self.notice.hide()
        self._act: Callable[[], object] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.notice)  # below what is shown, which stays level with the other
        self.twin.event.connect(self._on_event)
        self.refresh()

    @property
    def panel(self) -> Panel | None:
        """The panel in view."""
        return self.panels.get(self.part)

    def show_part(self, part: str) -> None:
        """Show one of the parts."""
        if part not in self.panels:
            panel = _PARTS[part](self._document, self.twin)
            panel.header.insertWidget(0, SideMark(self._side))
            self.panels[part] = panel
            self._column.insertWidget(self._column.count() - 1, panel, 1)
        self.part = part
        for name, panel in self.panels.items():
            panel.setVisible(name == part)
        self._fit()
        self._show_name()

    def _show_name(self) -> None:
        wanted = self._pair.wanted(self._side)
        shown = self.twin.experiment if self.twin.has_run or wanted is None else wanted
        if self.panel is not None:
            self.panel.set_title(name_of(shown))

    # What is to be said

    def refresh(self) -> None:
        """Say what keeps this side from training, or how its run ended."""
        self._show_name()
        text, severity, fix = self._said()
        self.notice.setVisible(bool(text))
        if text:
            self.notice.set(text, fix, severity)

    def _said(self) -> tuple[str, Severity, str]:
        """The sentence, how grave it is, and the word on the button."""
        pair, twin = self._pair, self.twin
        self._act = None
        problems = pair.problems(self._side) if pair.kept is not None else ()
        if problems:
            wanted = pair.wanted(self._side)
            where = option_label(wanted, problems[0].path) if wanted is not None else ""
            sentence = tr(problems[0].message)
            if where:
                sentence = tr("{where}: {problem}", where=where, problem=sentence)
            return sentence, "error", ""
        failed, unsaved = twin.latest.get(Failed), twin.latest.get(SaveFailed)
        if isinstance(failed, Failed):
            return tr.join([m for m in (failed.message, failed.mend) if m]), "error", ""
        if isinstance(unsaved, SaveFailed):
            return tr.join([m for m in (unsaved.message, unsaved.mend) if m]), "error", ""
        return self._ended()

    def _ended(self) -> tuple[str, Severity, str]:
        pair, twin = self._pair, self.twin
        if not twin.ended or not pair.has_run:
            return "", "info", ""
        rest = other(self._side)
        fix = ""
        if pair.alone == rest and pair.state == "paused":
            fix = tr("Train {side} on alone", side=rest.upper())
            self._act = pair.train
        diverged = twin.latest.get(Diverged)
        if twin.ended == "diverged" and isinstance(diverged, Diverged):
            step = format_number(diverged.step)
            kept = format_number(diverged.restored_step)
            return (
                tr("Diverged at step {step}; shown is step {kept}.", step=step, kept=kept),
                "warning",
                fix,
            )
        if pair.alone == rest:
            return tr("Made its last step, {step}.", step=format_number(twin.step)), "info", fix
        return "", "info", ""

    def _mend(self) -> None:
        if self._act is not None:
            self._act()

    def _on_event(self, event: object) -> None:
        if isinstance(event, SaveFailed | Failed | Diverged):
            self.refresh()

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow header names the model, and no more."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self.panel is not None and self.part == "plane":
            self.panel.show_subtitle(self.width() >= ROOMY)

    def showEvent(self, event: QShowEvent) -> None:
        """In sight, it has a use for pictures."""
        super().showEvent(event)
        self.twin.want("pictures", self, True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Out of sight, it costs nothing."""
        super().hideEvent(event)
        self.twin.want("pictures", self, False)
