"""What a training shows: pictures from fixed codes, reconstructions, and held-out measurements."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from aegan_studio.catalog.views import VIEWS, parted
from aegan_studio.experiment.events import Exhibit, Exhibits, Pictures, Views
from aegan_studio.experiment.parts import Flow
from aegan_studio.experiment.views import View
from aegan_studio.ml.looking import PICTURES, SEED, Looking, first
from aegan_studio.ml.views import views_of
from aegan_studio.ml.vitals import Vitals

CYCLED = 64
"""Samples that are encoded again, for the drawn model."""
HELD_OUT = 1024
"""Held-out items measured at most, so that measuring stays cheap beside training."""

EXHIBITED = 1 << 20
"""Values of the items that exhibits are made of at most, so that making them stays cheap."""


class Showcase:
    """What is seen of a model, as events; whoever asks brings ``looking`` up to the weights."""

    def __init__(self, looking: Looking) -> None:
        self.looking = looking
        self._cycles = _cycles(looking.experiment.method.flow())
        self._vitals = Vitals(looking)
        self._seen: dict[str, tuple[float, View | None]] = {}

    def pictures(self, step: int) -> Pictures:
        """What the model makes at this step."""
        looking, model = self.looking, self.looking.model
        show = looking.data.to_screen
        rebuilt = held_out = held_out_rebuilt = codes = None
        if model.has_encoder:
            codes = _numpy(looking.codes)
            rebuilt = show(looking.rebuilt)
            if len(looking.held_out):
                held_out = self._shown("held-out", looking.held_out)
                held_out_rebuilt = show(model.generate(model.encode(looking.held_out)))
        samples = looking.samples
        return Pictures(
            step=step,
            modality=looking.data.info.modality,
            samples=show(samples),
            originals=self._shown("originals", looking.originals),
            reconstructions=rebuilt,
            held_out=held_out,
            held_out_reconstructions=held_out_rebuilt,
            codes=codes,
            sample_codes=_numpy(looking.sample_codes),
            cycled_codes=_numpy(model.encode(samples[:CYCLED])) if self._cycles else None,
        )

    def _shown(self, name: str, items: Tensor) -> npt.NDArray[Any]:
        """Items of the data as they are shown, the same at every look."""
        name = f"shown-{name}"
        if name not in self.looking.kept:
            self.looking.kept[name] = self.looking.data.to_screen(items)
        shown: npt.NDArray[Any] = self.looking.kept[name]
        return shown

    def views(self, step: int, wants: Iterable[str], *, fresh: bool = True) -> Views:
        """What the wanted live views show at this step.

        Unless all shall be ``fresh``, those that need not be made at every look are as they were.
        """
        self.looking.step, wants = step, tuple(wants)
        now = time.perf_counter()
        seen = {} if fresh else {want: self._seen[want] for want in wants if want in self._seen}
        late = [want for want in wants if want not in seen or now >= seen[want][0]]
        made = views_of(self.looking, late)
        now = time.perf_counter()
        for want in late:
            info = VIEWS.get(parted(want)[0])
            seen[want] = (now + (info.every if info else 0.0), made.get(want))
        self._seen = seen
        return Views(step, {want: view for want, (_, view) in seen.items() if view is not None})

    @torch.no_grad()
    def exhibits(self, step: int) -> Exhibits:
        """What the method shows beside samples and reconstructions at this step."""
        data = self.looking.data
        count = min(HELD_OUT, max(PICTURES, EXHIBITED // math.prod(data.info.shape)))
        made = self.looking.model.method.exhibits(
            first(data.train, count, mixed=True), first(data.held_out, count, mixed=True)
        )
        return Exhibits(
            step,
            {
                name: Exhibit(data.to_screen(items), _numpy(values), kind)
                for name, (items, values, kind) in made.items()
            },
        )

    @torch.no_grad()
    def evaluate(self, step: int) -> dict[str, float]:
        """Measurements on held-out data, and the vital signs due at this step."""
        return {**self._on_held_out(), **self._vitals.measure(step)}

    def _on_held_out(self) -> dict[str, float]:
        """What the method measures; nothing where it or the data offer nothing."""
        looking = self.looking
        x = looking.data.held_out[:HELD_OUT]
        if not len(x):
            return {}
        rng = torch.Generator(looking.device).manual_seed(SEED)
        values = looking.model.method.evaluate(x, rng)
        if not values:
            return {}
        found: list[float] = torch.stack(list(values.values())).tolist()
        return dict(zip(values, found, strict=True))


def _cycles(flow: Flow) -> bool:
    """Whether the method encodes its samples again."""
    return any(
        part == ("x-hat", "encoder", "z-tilde")
        for path in flow.paths
        for part in zip(path, path[1:], path[2:], strict=False)
    )


def _numpy(tensor: Tensor) -> npt.NDArray[np.float32]:
    array: npt.NDArray[np.float32] = tensor.detach().cpu().numpy().astype(np.float32)
    return array
