"""Pages of the Explore workspace by themselves: a worker, an explorer and one place around them."""

from __future__ import annotations

import pytest

from aegan_studio.ui.latent.explorer import Explorer
from aegan_studio.ui.latent.worker import LatentWorker
from aegan_studio.ui.panels.explore.pages import PLACES
from aegan_studio.ui.panels.explore.place import Place


@pytest.fixture
def open_page(qtbot, trained):
    """Shows a page with a trained model: ``open_page("vae", "atlas", "sweeps")``."""
    workers = []

    def make(name, place, page, size=(640, 560)):
        worker = LatentWorker()
        workers.append(worker)
        explorer = Explorer(worker)
        entries = [entry for entry in PLACES[place] if entry.name == page]
        shown = Place(entries, explorer)
        shown.explorer = explorer  # lives as long as the place
        shown.resize(*size)
        qtbot.addWidget(shown)
        with qtbot.waitExposed(shown):
            shown.show()
        with qtbot.waitSignal(
            explorer.walked, timeout=60_000, check_params_cb=lambda w: w is not None and w.complete
        ):
            explorer.follow(*trained(name))
        return shown.page

    yield make
    for worker in workers:
        worker.end()
