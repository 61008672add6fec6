"""Every named model, on every kind of data it learns, gets a complete form and a drawing."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from aegan_studio import paths
from aegan_studio.catalog import models
from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment.options import describe
from aegan_studio.experiment.parts import METHODS
from aegan_studio.ml.networks.inspect import inspect
from aegan_studio.ui.document import Document
from aegan_studio.ui.panels.recipe.model_chooser import choose_model
from aegan_studio.ui.panels.recipe.panel import RecipePanel
from aegan_studio.ui.panels.train.model.panel import ModelPanel
from aegan_studio.ui.settings import Settings
from aegan_studio.ui.training.background import Background
from aegan_studio.ui.training.session import Session
from aegan_studio.ui.widgets.menus import Menu
from tests.ui.training_fakes import dark

DATASETS = {"points": "ring", "image": "digits"}

CASES = {
    modality: [
        model.name
        for kind, model in models.models()
        if modality in (model.modalities or METHODS[kind].options.modalities)
    ]
    for modality in DATASETS
}


@pytest.fixture
def desk(qapp, qtbot):
    """A recipe and a drawing of its model, without the window around them."""
    with dark(qapp):
        document = Document(recipe("digits-vae"))
        session = Session(document)
        background = Background()
        panel = RecipePanel(document, session, background, Menu(), Settings(paths.settings_file()))
        drawing = ModelPanel(document, session)
        for widget in (panel, drawing):
            qtbot.addWidget(widget)
        yield SimpleNamespace(document=document, panel=panel, drawing=drawing)
        assert not background.isRunning()


def unsaid(rows, where):
    """What is missing in the words of options: a label, a help that is a sentence, choices."""
    for row in rows:
        info = row.info
        if not row.label:
            yield f"{where}: {row.path} has no label"
        if not info.help.endswith("."):
            yield f"{where}: the help of {row.path} does not end with a full stop: {info.help!r}"
        if info.type == "choice" and not all(info.choices.values()):
            yield f"{where}: a choice of {row.path} has no words"


def group_faults(group, options, where):
    """Options without a row, and rows that are shown or hidden against what applies."""
    rows = {row.path: row for row in group.rows}
    for info in describe(type(options)):
        path = f"{group.prefix}.{info.name}"
        if info.type == "table":
            continue
        if path not in rows:
            yield f"{where}: {path} has no row"
        elif rows[path].isHidden() is info.applies(options):
            yield f"{where}: {path} is {'hidden' if info.applies(options) else 'shown'}"
        elif rows[path].control is None:
            yield f"{where}: {path} has no control"
    yield from unsaid(group.rows, where)


def faults(desk, name, modality):
    document, panel = desk.document, desk.panel
    where = f"{name}, {modality}"
    if not choose_model(document, name):
        yield f"{where}: it cannot be chosen"
        return
    experiment = document.experiment
    document.set_inspection(experiment, inspect(experiment))
    for problem in document.errors:
        yield f"{where}: {problem.path}: {problem.message}"
    if models.model_of(experiment).name != name:
        yield f"{where}: it counts as {models.model_of(experiment).name}"
    shown, changes = models.nearest(experiment)
    if changes or models.chosen(experiment, shown.name).method != experiment.method:
        yield f"{where}: it is taken for {shown.name} with {changes}"
    lines = [line.latex for line in panel.method.formulas.lines]
    if lines != [phase.latex for phase in experiment.phase_infos()]:
        yield f"{where}: its formulas are {lines}"
    if panel.method.kind.choice.value != name:
        yield f"{where}: the form calls it {panel.method.kind.choice.value}"
    yield from group_faults(panel.method.group, experiment.method, where)
    roles = [role.name for role in experiment.roles()]
    if list(panel.networks.blocks) != roles:
        yield f"{where}: networks {list(panel.networks.blocks)} for the roles {roles}"
    for role, block in panel.networks.blocks.items():
        network = experiment.networks[role]
        if block.kind.choice.value != network.kind:
            yield f"{where}: {role} shows {block.kind.choice.value}"
        yield from group_faults(block.group, network, f"{where}, {role}")
    training = {row.path for row in panel.training.rows}
    for phase in experiment.phase_infos():
        if f"phases.{phase.name}.lr" not in training:
            yield f"{where}: the phase {phase.name} has no rate"
    yield from unsaid(panel.training.rows, where)
    structure = desk.drawing.view.structure
    undrawn = set(roles) - structure.roles
    if undrawn:
        yield f"{where}: {sorted(undrawn)} are not drawn"


def test_every_model_has_a_complete_form_and_a_drawing(desk):
    found = []
    for modality, dataset in DATASETS.items():
        # by way of a method that learns anything: not every other one learns the next data
        desk.document.edit({"method.kind": "autoencoder"})
        assert desk.document.edit({"dataset.kind": dataset})
        for name in CASES[modality]:
            found += faults(desk, name, modality)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not found, "\n".join(found)


def test_every_model_says_what_it_is():
    for _, model in models.models():
        assert model.label
        assert model.help.endswith("."), model.name
    assert all(CASES.values())
