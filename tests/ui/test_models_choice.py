"""Choosing among the named models and the recipes: lists in groups, found by typing."""

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices

from aegan_studio.catalog import models
from aegan_studio.catalog.recipes import recipes
from aegan_studio.experiment.parts import METHODS, DataInfo
from aegan_studio.ui.panels.recipe.model_chooser import choose_model, model_picks
from aegan_studio.ui.widgets.formula_lines import FormulaLines, broken
from aegan_studio.ui.widgets.pick_list import Pick, best, found

LONG = 60_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def row(bench):
    return bench.window.recipe.method.kind


def listed(row):
    assert row.choice.list is not None
    return row.choice.list


def test_every_named_model_is_offered_once_under_its_family(bench):
    picks = model_picks(bench.document.experiment)
    names = [pick.value for pick in picks]
    assert sorted(names) == sorted(model.name for _, model in models.models())
    groups = list(dict.fromkeys(pick.group for pick in picks))
    assert groups == [str(heading.text) for heading in models.FAMILIES.values()][: len(groups)]
    assert all(pick.help for pick in picks)


def test_typing_and_enter_chooses_a_model_in_one_undoable_edit(bench, row, qtbot):
    before = bench.document.experiment
    depth = bench.document.undo_stack.index()
    qtbot.keyClick(row.choice, Qt.Key.Key_Down)
    qtbot.keyClicks(listed(row).line_edit, "vae")
    assert listed(row).matches[listed(row).current].value == "vae"
    qtbot.keyClick(listed(row).line_edit, Qt.Key.Key_Return)
    assert listed(row).isHidden()
    untitled = before.with_options({"title": ""})
    assert bench.document.experiment == models.chosen(untitled, "vae")
    assert bench.document.title == "VAE on Handwritten digits"
    assert row.choice.text() == "VAE"
    assert bench.document.undo_stack.index() == depth + 1
    bench.document.undo_stack.undo()
    assert bench.document.experiment == before
    assert row.choice.text() == "Autoencoder"


def test_the_mouse_chooses_and_escape_changes_nothing(bench, row, qtbot):
    before = bench.document.experiment
    qtbot.mouseClick(row.choice, LEFT)
    qtbot.keyClick(listed(row).line_edit, Qt.Key.Key_Escape)
    assert listed(row).isHidden()
    assert bench.document.experiment == before
    qtbot.mouseClick(row.choice, LEFT)
    qtbot.mouseClick(listed(row).rows, LEFT, pos=listed(row).centre_of("gan"))
    assert bench.document.experiment.method.kind == "gan"
    assert list(bench.window.recipe.networks.blocks) == ["generator", "discriminator"]


def test_models_that_the_data_rule_out_say_why_and_cannot_be_chosen(bench, row, qtbot, monkeypatch):
    monkeypatch.setattr(METHODS["vae"].options, "modalities", ("text",))
    before = bench.document.experiment
    qtbot.mouseClick(row.choice, LEFT)
    ruled_out = next(pick for pick in listed(row).matches if pick.value == "vae")
    assert ruled_out.reason == "It does not learn pictures."
    qtbot.mouseClick(listed(row).rows, LEFT, pos=listed(row).centre_of("vae"))
    assert not listed(row).isHidden()
    assert bench.document.experiment == before
    qtbot.keyClick(listed(row).line_edit, Qt.Key.Key_Escape)


def test_a_model_that_needs_classes_asks_for_them(monkeypatch):
    always = property(lambda _options: True)
    monkeypatch.setattr(METHODS["gan"].options, "needs_labels", always, raising=False)
    bare = DataInfo("image", (1, 8, 8), 100)
    assert models.unfit("gan", bare).text == "It needs data with classes."
    assert models.unfit("gan", DataInfo("image", (1, 8, 8), 100, ("a", "b"))) is None


def test_a_changed_option_is_told_and_reset_without_losing_rates(bench, row, qtbot):
    choose_model(bench.document, "gan")
    bench.document.edit({"phases.generator.lr": 0.004, "training.steps": 77})
    assert row.back.isHidden()
    bench.document.edit({"method.prior": "uniform"})
    assert row.choice.text() == "GAN, changed"
    assert "Uniform instead of Normal" in row.back.toolTip()
    qtbot.mouseClick(row.back, LEFT)
    assert row.choice.text() == "GAN"
    assert bench.document.experiment.get("method.prior") == "normal"
    assert bench.document.experiment.get("phases.generator.lr") == 0.004


def test_the_paper_opens_in_the_browser_at_a_click_only(bench, row, qtbot, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    choose_model(bench.document, "vae")
    assert row.paper.text() == "arXiv 1312.6114"
    assert opened == []
    qtbot.mouseClick(row.paper, LEFT)
    assert opened == ["https://arxiv.org/abs/1312.6114"]
    assert models.link("Ng, CS294A (2011)") == ""


def test_what_still_runs_is_told_beside_the_chosen_model(bench, row, qtbot):
    bench.session.step_once()
    qtbot.waitUntil(lambda: bench.session.step == 1, timeout=LONG)
    choose_model(bench.document, "vae")
    assert row._note.text() == "running: Autoencoder"


def test_formulas_break_before_their_signs_and_never_inside_brackets(qapp):
    latex = r"L_D = -\mathbb{E}[\log D(x)] - \mathbb{E}[\log (1 - D(G(z)))]"
    assert broken(latex) == [
        r"L_D = -\mathbb{E}[\log D(x)]",
        r"- \mathbb{E}[\log (1 - D(G(z)))]",
    ]
    label = FormulaLines(latex)
    assert label.heightForWidth(200) > label.heightForWidth(600)
    label.resize(200, 80)
    label.grab()
    assert label.lines == 2
    label.deleteLater()


def test_all_typed_words_must_occur_and_the_best_name_is_marked():
    picks = [
        Pick(1, "VAE", "A bound", "arXiv 1312"),
        Pick(2, "β-VAE", "A heavier bound"),
        Pick(3, "GAN", "Noise", reason="Not for text."),
        Pick(4, "WGAN", "Earth moving, a GAN"),
    ]
    assert [p.value for p in found(picks, "BOUND vae")] == [1, 2]
    assert best(picks, "vae") == 0
    assert [p.value for p in found(picks, "1312")] == [1]
    gans = found(picks, "gan")
    assert gans[best(gans, "gan")].value == 4  # what cannot be chosen is marked last
    assert best([], "x") == -1


def test_a_model_is_chosen_from_the_palette(bench, row):
    action = next(a for a in bench.window._commands() if a.text() == "Method: VAE")
    action.trigger()
    assert bench.document.experiment.method.kind == "vae"
    assert "Method: GAN" in [a.text() for a in bench.window._commands()]


def test_recipes_are_a_list_by_family_found_by_typing(bench, qtbot):
    window = bench.window
    window.choose_recipe()
    shown = window._recipe_list
    assert {pick.value for pick in shown.matches} == {recipe.name for recipe in recipes()}
    groups = [pick.group for pick in shown.matches]
    assert len(dict.fromkeys(groups)) == 1 + sum(a != b for a, b in itertools.pairwise(groups))
    qtbot.keyClicks(shown.line_edit, "moons vae")
    qtbot.keyClick(shown.line_edit, Qt.Key.Key_Return)
    assert bench.document.experiment.dataset.kind == "moons"


def test_the_cards_of_the_welcome_page_are_sieved_by_data_and_words(studio, qtbot):
    studio.window.welcome.show_section("recipes")
    page = studio.window.welcome.shelf

    def shown():
        return {card.recipe.name for card in page.cards if not card.isHidden()}

    assert shown() == {card.recipe.name for card in page.cards}
    page.dataset.setFocus()
    page.dataset.setCurrentIndex(1)
    page.dataset.activated.emit(1)
    assert shown() == {
        card.recipe.name
        for card in page.cards
        if card.experiment.dataset.kind == page.dataset.value
    }
    page.dataset.setCurrentIndex(0)
    page.dataset.activated.emit(0)
    qtbot.keyClicks(page.search, "article")
    assert shown() == {c.recipe.name for c in page.cards if c.recipe.name.startswith("article")}
    qtbot.keyClicks(page.search, " zzz")
    assert shown() == set()
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert shown() == {card.recipe.name for card in page.cards}
