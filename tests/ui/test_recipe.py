"""The recipe column: forms made from the options, edited with mouse and keyboard."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from aegan_studio.catalog.models import models_of
from aegan_studio.catalog.recipes import recipes
from aegan_studio.experiment.options import describe
from aegan_studio.experiment.parts import DATASETS, METHODS, NETWORKS
from aegan_studio.ui.panels.recipe.editors import SwitchedNumber
from aegan_studio.ui.panels.recipe.forms import OptionRow, default_value

LONG = 60_000
LEFT = Qt.MouseButton.LeftButton


def rows_of(panel):
    return {row.path: row for row in panel.findChildren(OptionRow)}


def enter(qtbot, control, text):
    qtbot.keyClick(control, Qt.Key.Key_Return)
    qtbot.keyClicks(control.line_edit, text)
    qtbot.keyClick(control.line_edit, Qt.Key.Key_Return)


def test_every_kind_of_recipe_gets_a_form_for_all_its_options(bench, qtbot):
    kinds = {}
    for recipe in recipes():
        experiment = recipe.experiment()
        kinds[type(experiment.dataset), type(experiment.method)] = experiment
    for experiment in kinds.values():
        bench.document.replace(experiment)
        shown = rows_of(bench.window.recipe)
        for group, options in (("dataset", experiment.dataset), ("method", experiment.method)):
            for info in describe(type(options)):
                row = shown[f"{group}.{info.name}"]
                assert row.isHidden() != info.applies(options) or info.advanced


def test_every_dataset_can_be_chosen_and_undone(bench):
    before = bench.document.experiment
    for kind in DATASETS.kinds():
        assert bench.document.edit({"dataset.kind": kind}), kind
        assert bench.window.recipe.data.kind.choice.value == kind
        if kind != before.dataset.kind:
            bench.document.undo_stack.undo()
        assert bench.document.experiment == before, kind


def test_every_method_can_be_chosen(bench):
    panel = bench.window.recipe
    for kind in METHODS.kinds():
        assert bench.document.edit({"method.kind": kind}), kind
        assert panel.method.kind.choice.value in {model.name for model in models_of(kind)}
        assert list(panel.networks.blocks) == [r.name for r in bench.document.experiment.roles()]


def test_choosing_a_network_with_the_keyboard_edits_the_document(bench, qtbot):
    panel = bench.window.recipe
    panel.networks.set_folded(False, animate=False)
    block = panel.networks.open_role("encoder")
    block.kind.choice.setFocus()
    kinds = [option.value for option in block.kind.choice.options if option.enabled]
    qtbot.keyClick(block.kind.choice, Qt.Key.Key_Down)
    assert bench.document.experiment.networks["encoder"].kind in kinds
    assert bench.document.is_modified


def test_a_network_that_cannot_serve_says_why(bench):
    bench.document.edit({"dataset.kind": "ring"})
    block = bench.window.recipe.networks.blocks["encoder"]
    (dcgan,) = [option for option in block.kind.choice.options if option.value == "dcgan"]
    assert not dcgan.enabled
    assert "picture" in dcgan.help
    assert {entry.kind for entry in NETWORKS} > {
        option.value for option in block.kind.choice.options
    }


def test_reset_brings_the_default_back(bench, qtbot):
    row = rows_of(bench.window.recipe)["method.latent_dim"]
    assert bench.document.experiment.get("method.latent_dim") == 8
    qtbot.mouseMove(row)
    row.enterEvent(None)
    qtbot.mouseClick(row.marker_button, LEFT)
    assert bench.document.experiment.get("method.latent_dim") == 16


def test_the_default_of_a_rate_is_the_methods_own(bench):
    bench.document.edit({"method.kind": "gan"})
    experiment = bench.document.experiment
    path = "phases.generator.lr"
    info = experiment.option_info(path)
    declared = {phase.name: phase.defaults for phase in experiment.phase_infos()}
    assert default_value(experiment, path, info) == declared["generator"]["lr"] != info.default


def test_a_value_out_of_range_is_said_beside_its_field(bench, qtbot):
    row = rows_of(bench.window.recipe)["phases.autoencoder.lr"]
    enter(qtbot, row.control, "0")
    assert "greater than 0" in row.problem_line.text
    enter(qtbot, row.control, "0.003")
    assert row.problem_line is None
    assert bench.document.experiment.get("phases.autoencoder.lr") == 0.003


def test_a_drag_is_one_undo(bench, qtbot):
    row = rows_of(bench.window.recipe)["training.steps"]
    before = bench.document.experiment
    depth = bench.document.undo_stack.index()
    middle = row.control.rect().center()
    qtbot.mousePress(row.control, LEFT, pos=middle)
    for moved in (12, 24, 36):
        qtbot.mouseMove(row.control, middle + type(middle)(moved, 0))
    qtbot.mouseRelease(row.control, LEFT, pos=middle + type(middle)(36, 0))
    assert bench.document.experiment.training.steps > before.training.steps
    assert bench.document.undo_stack.index() == depth + 1
    bench.document.undo_stack.undo()
    assert bench.document.experiment == before


def test_averaging_is_a_switch_with_a_number(bench, qtbot):
    control = rows_of(bench.window.recipe)["training.ema"].control
    assert isinstance(control, SwitchedNumber)
    qtbot.mouseClick(control.toggle, LEFT)
    assert bench.document.experiment.training.ema == 0.999
    qtbot.mouseClick(control.toggle, LEFT)
    assert bench.document.experiment.training.ema == 0


def test_options_without_effect_are_not_shown(bench):
    rows = rows_of(bench.window.recipe)
    assert rows["phases.autoencoder.momentum"].isHidden()
    bench.document.edit({"phases.autoencoder.optimizer": "sgd"})
    assert not rows["phases.autoencoder.momentum"].isHidden()
    assert rows["phases.autoencoder.beta1"].isHidden()


def test_real_samples_and_sizes_are_shown(bench, qtbot):
    panel = bench.window.recipe
    qtbot.waitUntil(lambda: panel.data.strips[0].samples is not None, timeout=LONG)
    assert panel.data.strips[0].samples.labels[:4].tolist() == [0, 1, 2, 3]
    qtbot.waitUntil(lambda: bench.document.inspection is not None, timeout=LONG)
    assert "weights" in panel.networks.blocks["encoder"].head.weights


def test_folded_cards_keep_a_summary(bench, qtbot):
    card = bench.window.recipe.method
    qtbot.mouseClick(card.head, LEFT)
    assert card.folded
    assert card.head.summary.text() == "Autoencoder, code 8"


def test_a_number_whose_row_goes_while_it_is_typed_is_an_edit_after_that_step(bench, qtbot):
    document, card = bench.document, bench.window.recipe.method
    card.set_folded(False, animate=False)
    document.edit({"method.kind": "gan"})
    document.edit({"method.penalty": "r1"})
    document.edit({"method.penalty": "none"})
    document.edit({"seed": 7})
    document.undo_stack.undo()
    document.undo_stack.undo()
    row = next(row for row in card.group.rows if row.path == "method.penalty_weight")
    row.control.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is row.control)
    qtbot.keyClicks(row.control, "5")
    document.undo_stack.redo()  # by its button, which takes no focus: the row goes, and commits
    assert document.experiment.method.penalty == "none"
    qtbot.waitUntil(lambda: document.experiment.method.penalty_weight == 5)
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.experiment.method.penalty == "r1"
