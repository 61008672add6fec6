"""The numbers of the current code, and which classes' codes it lies between."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QWidget

from aegan_studio.i18n import tr
from aegan_studio.ui.latent.explorer import Explorer, describe_code
from aegan_studio.ui.latent.messages import Charted, Decoded, Floats, Loaded
from aegan_studio.ui.theme import BODY
from aegan_studio.ui.widgets.formula import FormulaLabel
from aegan_studio.ui.widgets.labels import Label


class CodeReading(QWidget):
    """z = (…), and the class whose codes are near, or the two that are about as far."""

    def __init__(self, explorer: Explorer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explorer = explorer
        self._middles: tuple[list[str], Floats] | None = None
        self.numbers = Label("", size=BODY, weight=500, elide=True)
        self.likeness = Label("", tone="text2")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(FormulaLabel("z", size=15, tone="code"))
        row.addWidget(self.numbers, 1)
        row.addWidget(self.likeness)
        explorer.loaded.connect(self._on_loaded)
        explorer.code_changed.connect(self._on_code)
        explorer.rested.connect(self._on_rest)
        explorer.charted.connect(self._on_chart)
        if explorer.chart is not None:
            self._on_chart(explorer.chart)

    def _on_loaded(self, model: Loaded | None) -> None:
        if model is None:
            self.numbers.setText("")
            self.likeness.setText("")
            self._middles = None

    def _on_code(self, code: Floats) -> None:
        self.numbers.setText("= " + describe_code(code, 4))
        self.likeness.setText(self._likeness(code))

    def _on_rest(self, picture: Decoded) -> None:
        self.numbers.setToolTip(describe_code(picture.code, 64))

    def _on_chart(self, chart: Charted) -> None:
        self._middles = None
        model = self._explorer.model
        if chart.labels is None or model is None:
            return
        kinds = [int(kind) for kind in np.unique(chart.labels)]
        named = [tr(name) for name in model.classes]
        names = [named[kind] if kind < len(named) else str(kind) for kind in kinds]
        middles = [np.median(chart.codes[chart.labels == kind], axis=0) for kind in kinds]
        self._middles = names, np.stack(middles).astype(np.float64)
        if self._explorer.code.size:
            self._on_code(self._explorer.code)

    def _likeness(self, code: Floats) -> str:
        if self._middles is None or len(self._middles[0]) < 2:
            return ""
        names, middles = self._middles
        away = np.linalg.norm(middles - code, axis=1)
        first, second = (int(index) for index in np.argsort(away)[:2])
        if away[second] < 1.5 * away[first]:
            a, b = sorted((names[first], names[second]))
            return tr("between {a} and {b}", a=a, b=b)
        return tr("near {name}", name=names[first])
