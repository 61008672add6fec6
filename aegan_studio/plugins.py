"""Layers of one's own: PyTorch modules in files of the plug-in folder.

A plug-in is a file ``<folder>/<file>.py`` that defines functions or classes

.. code-block:: python

    def layer(in_shape, **options):
        return torch.nn.Linear(in_shape[-1], options.get("width", 64))

called with the shape of one item (channels, height, width, without the batch) and the options
that the layer ``module`` holds. What they return takes (N, \\*in_shape) and gives (N, …), draws
no random numbers while it runs, and keeps what it learns in parameters and buffers. Weights it
draws when it is made come from the experiment's seed.

Plug-ins are programs and can do whatever the user may. They are therefore off until somebody
switches them on, and while they are off none is ever executed, whatever file is opened:
:func:`found` reads names off the text.
"""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass
from pathlib import Path

from aegan_studio import paths
from aegan_studio.files import write_atomically

VARIABLE = "AEGAN_STUDIO_PLUGINS"
"""Environment variable: 1 switches plug-ins on, 0 off, whatever the settings say."""

READABLE = 1 << 20
"""Bytes of a file that is looked into."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """One file: its name without ``.py``, its path, and the names it defines publicly.

    ``error`` says where the file is not Python; then it has no names.
    """

    file: str
    path: Path
    names: tuple[str, ...]
    error: str = ""


def folder() -> Path:
    """Where plug-ins live; it need not exist."""
    return paths.config_dir() / "plugins"


def enabled() -> bool:
    """Whether plug-ins may be executed: off unless switched on."""
    override = forced()
    if override is not None:
        return override
    try:
        return _switch().read_text(encoding="utf-8").strip() == "enabled = true"
    except (OSError, UnicodeDecodeError):
        return False


def forced() -> bool | None:
    """What the environment variable says; ``None`` where it leaves the choice to the settings."""
    return {"0": False, "1": True}.get(os.environ.get(VARIABLE, ""))


def enable(on: bool) -> None:
    """Switch plug-ins on or off for this user, from now on; makes the folder when on.

    Raises
    ------
    OSError
        Where the settings folder cannot be written.
    """
    if on:
        folder().mkdir(parents=True, exist_ok=True)
        write_atomically(_switch(), b"enabled = true\n")
    else:
        _switch().unlink(missing_ok=True)


def found() -> tuple[Plugin, ...]:
    """Every plug-in of the folder, by name; nothing is executed."""
    try:
        files = sorted(path for path in folder().glob("*.py") if path.is_file())
    except OSError:
        return ()
    return tuple(_described(path) for path in files if not path.name.startswith("_"))


def path_of(file: str) -> Path | None:
    """The file of a plug-in's name; ``None`` for one that is not in the folder itself."""
    path = folder() / f"{file}.py"
    if not file or Path(file).name != file or file.startswith((".", "_")) or not path.is_file():
        return None
    return path


def _switch() -> Path:
    return paths.config_dir() / "plugins.toml"


def _described(path: Path) -> Plugin:
    try:
        if path.stat().st_size > READABLE:
            return Plugin(path.stem, path, (), "too large")
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return Plugin(path.stem, path, (), str(error))
    names = (
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    )
    return Plugin(path.stem, path, tuple(dict.fromkeys(names)))
