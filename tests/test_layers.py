"""What is loaded when: the window shows before torch, and training needs no Qt."""

import subprocess
import sys

import pytest

QT = ("PySide6", "shiboken6", "pyqtgraph", "superqt")
TORCH = ("torch",)

LIST = ["recipes", "recipes --json", "methods", "methods vae --json", "datasets", "--help"]


def loaded_after(code):
    """The top-level packages that a fresh interpreter has loaded after running ``code``."""
    script = f"{code}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_package_loads_neither_torch_nor_qt():
    assert loaded_after("import aegan_studio").isdisjoint((*TORCH, *QT, "numpy", "pydantic"))


def test_experiments_and_recipes_load_neither_torch_nor_qt():
    code = (
        "import aegan_studio as studio\n"
        "studio.recipe('digits-vae').with_options({'seed': 1})\n"
        "import aegan_studio.runs.folder, aegan_studio.runs.library, aegan_studio.runs.pictures"
    )
    assert loaded_after(code).isdisjoint((*TORCH, *QT))


@pytest.mark.parametrize("arguments", LIST)
def test_lists_and_help_load_neither_torch_nor_qt(arguments):
    code = f"from aegan_studio.cli import main\nassert main({arguments.split()!r}) == 0"
    assert loaded_after(code).isdisjoint((*TORCH, *QT))


def test_headless_training_loads_no_qt(tmp_path):
    out = str(tmp_path / "run")
    train = ["train", "ring-gan", "--out", out, "--steps", "3", "--threads", "1"]
    sample = ["sample", out, "--out", str(tmp_path / "samples.csv")]
    code = (
        "from aegan_studio.cli import main\n"
        f"assert main({train!r}) == 0\nassert main({sample!r}) == 0"
    )
    loaded = loaded_after(code)
    assert "torch" in loaded
    assert loaded.isdisjoint(QT)


def test_the_python_interface_loads_no_qt():
    code = (
        "import aegan_studio as studio\n"
        "run = studio.train(studio.recipe('ring-gan'), steps=3)\n"
        "assert run.generate(4, seed=1).shape == (4, 2)"
    )
    assert loaded_after(code).isdisjoint(QT)
