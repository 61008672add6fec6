"""The document: edits, undo, files and problems, without a window."""

import pytest

from aegan_studio.catalog.recipes import recipe
from aegan_studio.experiment import toml
from aegan_studio.messages import StudioError
from aegan_studio.ui.document import Document


@pytest.fixture
def document(qapp):
    return Document(recipe("digits-autoencoder"))


def test_an_edit_makes_a_new_experiment_and_undo_brings_the_old_one_back(document, qtbot):
    before = document.experiment
    with qtbot.waitSignal(document.changed):
        assert document.edit({"method.latent_dim": 3}, "change code size")
    assert document.experiment.get("method.latent_dim") == 3
    assert document.is_modified
    document.undo_stack.undo()
    assert document.experiment == before
    assert not document.is_modified


@pytest.mark.parametrize("way", ["undo", "redo"])
def test_an_edit_in_the_middle_of_another_step_waits_until_it_is_done(document, qtbot, way):
    for size in (3, 4, 5):
        document.edit({"method.latent_dim": size})
    document.undo_stack.undo()

    def answer(experiment):
        document.changed.disconnect(answer)
        assert document.edit({"seed": 100 + experiment.get("method.latent_dim")})

    document.changed.connect(answer)
    getattr(document.undo_stack, way)()
    size = {"undo": 3, "redo": 5}[way]
    assert document.experiment.get("method.latent_dim") == size
    assert document.experiment.seed == 0
    qtbot.waitUntil(lambda: document.experiment.seed == 100 + size)
    document.undo_stack.undo()
    assert (document.experiment.get("method.latent_dim"), document.experiment.seed) == (size, 0)
    document.undo_stack.redo()
    assert document.experiment.seed == 100 + size


def test_an_edit_of_an_option_that_goes_says_nothing(document):
    document.edit({"method.kind": "gan"})
    document.undo_stack.undo()

    def answer(_experiment):
        document.changed.disconnect(answer)
        assert not document.edit({"method.loss": "mse"})

    document.changed.connect(answer)
    document.undo_stack.redo()
    assert not document.errors
    assert document.problems == document._checked


def test_edits_of_one_gesture_are_undone_together(document):
    drag = object()
    for size in (3, 4, 5):
        document.edit({"method.latent_dim": size}, gesture=drag)
    document.edit({"method.latent_dim": 6}, gesture=object())
    document.undo_stack.undo()
    assert document.experiment.get("method.latent_dim") == 5
    document.undo_stack.undo()
    assert document.experiment.get("method.latent_dim") == 8


def test_a_refused_value_is_a_problem_beside_its_option_and_changes_nothing(document):
    before = document.experiment
    assert not document.edit({"method.latent_dim": 0})
    assert document.experiment is before
    assert document.problems[0].path == "method.latent_dim"
    assert document.edit({"method.latent_dim": 2})
    assert not document.problems


def test_a_batch_larger_than_the_data_is_an_error_with_a_mend(document):
    document.edit({"training.batch_size": 5000})
    (problem,) = document.errors
    assert problem.path == "training.batch_size"
    document.edit(problem.mend.changes)
    assert not document.errors


def test_saving_and_opening_keeps_every_option(document, tmp_path):
    document.edit({"seed": 7})
    path = document.save(tmp_path / "mine.toml")
    assert not document.is_modified
    other = Document(recipe("digits-vae"))
    other.open(path)
    assert other.experiment == document.experiment
    assert other.path == path


def test_opening_another_experiment_can_be_undone(document, tmp_path):
    before = document.experiment
    path = tmp_path / "other.toml"
    toml.save(recipe("ring-gan"), path)
    document.open(path)
    assert document.title == "Eight spots with a GAN"
    document.undo_stack.undo()
    assert document.experiment == before
    assert document.path is None


def test_a_failed_save_keeps_the_edits_and_the_old_file(document, tmp_path, monkeypatch):
    path = document.save(tmp_path / "mine.toml")
    before = path.read_text()
    document.edit({"seed": 7})

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StudioError, match="disk is full"):
        document.save()
    assert path.read_text() == before
    assert document.is_modified
    assert document.experiment.seed == 7


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("dataset = [", "not valid TOML"),
        ('dataset = "digits"\nmethod = "gann"', "gann"),
        ('dataset = "digits"\nmethod = "vae"\nseed = -1', "too small"),
        ('dataset = "digits"\nmethod = "vae"\ncolour = 1', "colour"),
        ("format = 99", "format 99"),
    ],
)
def test_a_file_that_cannot_be_understood_leaves_the_document_alone(
    document, tmp_path, text, sentence
):
    path = tmp_path / "bad.toml"
    path.write_text(text)
    before = document.experiment
    with pytest.raises(StudioError, match=sentence):
        document.open(path)
    assert document.experiment is before
    assert not document.undo_stack.canUndo()
