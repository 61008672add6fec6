"""The welcome page: what it offers, and that the window needs no torch to show it."""

import subprocess
import sys
import time

from PySide6.QtCore import Qt

from aegan_studio.catalog.recipes import recipes
from aegan_studio.runs.folder import RunFolder
from aegan_studio.ui.training.session import new_folder

LONG = 60_000
LEFT = Qt.MouseButton.LeftButton

SHOWS = """
import sys
from aegan_studio.ui import app as module
studio = {}
real = module.build
def build(*given):
    studio["it"] = real(*given)
    return studio["it"]
module.build = build
def look(*_):
    window = studio["it"].window
    assert window.isVisible()
    print("torch" in sys.modules, "pyqtgraph" in sys.modules, "sklearn" in sys.modules)
    window.close()
module._after_first_paint = look
sys.exit(module.run_app(["aegan-studio"]))
"""


def show_recipes(studio, qtbot):
    page = studio.window.welcome
    qtbot.mouseClick(page.sections, LEFT, pos=page.sections.segment_centre("recipes"))
    return page


def test_the_visible_window_has_loaded_no_torch(home):
    done = subprocess.run(
        [sys.executable, "-c", SHOWS], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "False", "False"]


def test_every_recipe_is_a_card_with_a_real_picture(studio, qtbot):
    show_recipes(studio, qtbot)
    cards = studio.window.welcome.cards
    assert {card.recipe.name for card in cards} == {recipe.name for recipe in recipes()}
    qtbot.waitUntil(lambda: all(card.has_picture for card in cards), timeout=LONG)


def test_one_click_starts_training_on_digits(studio, qtbot):
    qtbot.mouseClick(studio.window.welcome.hero.train, LEFT)
    assert studio.window.at_work
    qtbot.waitUntil(lambda: studio.session.step > 0, timeout=LONG)
    assert studio.session.experiment.dataset.kind == "digits"


def test_a_card_opens_its_recipe(studio, qtbot):
    show_recipes(studio, qtbot)
    card = next(c for c in studio.window.welcome.cards if c.recipe.name == "moons-vae")
    qtbot.mouseClick(card, LEFT)
    assert studio.document.experiment == card.experiment
    assert studio.window.at_work


def test_cards_can_be_filtered_by_family(studio, qtbot):
    page = show_recipes(studio, qtbot).shelf
    qtbot.mouseClick(page.filter, LEFT, pos=page.filter.segment_centre("gan"))
    shown = [card for card in page.cards if not card.isHidden()]
    assert shown
    assert all(card.experiment.method.family == "gan" for card in shown)


def test_recent_runs_are_listed_newest_first_and_open(studio, qtbot):
    page = studio.window.welcome
    assert page.hero.rows == []
    for title in ("One", "Two"):
        experiment = studio.document.experiment.with_options({"title": title})
        with RunFolder.create(new_folder(title), experiment) as run:
            run.describe(step=3, when=time.time())
    studio.window.show_work()
    studio.window.show_welcome()
    qtbot.waitUntil(lambda: len(page.hero.rows) == 2, timeout=LONG)
    assert {row.text() for row in page.hero.rows} == {"One", "Two"}
    qtbot.mouseClick(page.hero.rows[0], LEFT)
    assert studio.window.at_work
    assert studio.document.title == page.hero.rows[0].text()


def test_demos_come_first_and_the_choice_of_recipes_is_remembered(studio, qtbot):
    assert studio.window.welcome.section == "demos"
    assert studio.window.welcome.gallery.isVisible()
    show_recipes(studio, qtbot)
    studio.window.rebuild()
    assert studio.window.welcome.section == "recipes"
    qtbot.waitUntil(lambda: studio.window.welcome.shelf.isVisible(), timeout=LONG)


def test_the_way_back_to_the_experiment_is_kept(studio, qtbot):
    studio.window.show_work()
    studio.window.show_welcome()
    qtbot.mouseClick(studio.window.top.back, LEFT)
    assert studio.window.at_work
