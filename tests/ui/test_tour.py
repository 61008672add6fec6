"""The tour and the demonstration draw the real window, off-screen."""

from PySide6.QtGui import QImage

from aegan_studio.i18n import tr
from aegan_studio.ui import demo
from aegan_studio.ui.rehearsal import rehearsal
from aegan_studio.ui.tour import command as tour


def test_the_tour_draws_a_screen_in_every_theme_language_and_size(qapp, tmp_path, capsys):
    assert tour.main(tmp_path, only="welcome-empty") == 0
    names = capsys.readouterr().out.split()
    assert len(names) == len(tour.THEMES) * 2 * len(tour.FORMATS)
    for name in names:
        width, height = (1280, 800) if "1280x800" in name else (1024, 680)
        scale = 2 if "at-200" in name else 1
        image = QImage(str(tmp_path / name))
        assert (image.width(), image.height()) == (width * scale, height * scale)
    assert tr.language == "en", "the tour leaves the language as it was"


def test_every_screen_has_a_name_of_its_own():
    names = [screen.name for screen in tour.SCREENS]
    assert len(set(names)) == len(names)


def test_a_screen_is_reached_by_the_way_it_depends_on():
    way = tour.way_to([screen for screen in tour.SCREENS if screen.name == "train-running"])
    names = ["welcome-empty", "recipes", "train-new", "train-running"]
    assert [screen.name for screen in way] == names


def test_the_demonstration_trains_explores_and_saves(qapp, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(demo, "STEPS", 150)
    assert demo.main(tmp_path, offscreen=True) == 0
    said = capsys.readouterr().out
    assert "Pressed Train" in said
    assert "150 steps" in said
    assert not QImage(str(tmp_path / "train.png")).isNull()
    (run,) = (tmp_path / "runs").iterdir()
    assert (run / "experiment.toml").is_file()


def test_a_rehearsal_leaves_the_persons_folder_as_it_was(qapp, tmp_path, home):
    with rehearsal(tmp_path / "other", offscreen=True) as studio:
        studio.window.show()
    assert not home.exists()
