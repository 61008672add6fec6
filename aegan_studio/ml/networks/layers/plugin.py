"""Layers made by the user's own code, run only where plug-ins are switched on."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from aegan_studio import plugins
from aegan_studio.catalog import layers as catalog
from aegan_studio.experiment.parts import Shape
from aegan_studio.messages import Message, msg
from aegan_studio.ml.networks.layers.site import Site
from aegan_studio.ml.networks.misfit import MisfitError

_loaded: dict[Path, tuple[int, ModuleType]] = {}
"""What has been executed, by path, with the file's time: a changed file is executed anew."""


class Plugged(nn.Module):
    """A module of the user's, and the shape it makes."""

    def __init__(self, inner: nn.Module, out_shape: Shape) -> None:
        super().__init__()
        self.inner = inner
        self.out_shape = out_shape

    def forward(self, x: Tensor) -> Tensor:
        """(N, \\*in_shape) to (N, \\*out_shape)."""
        made: Tensor = self.inner(x)
        return made


def module(options: catalog.Module, in_shape: Shape, site: Site) -> nn.Module:
    """What the named function or class makes for ``in_shape``.

    Raises
    ------
    MisfitError
        Where plug-ins are off, the file or the name is missing, the options are not to be read,
        or the code itself fails.
    """
    if not plugins.enabled():
        raise MisfitError(
            msg("It would run the code in {file}.py, and own modules are off.", file=options.file),
            msg(
                "If you trust the files in {folder}, give the command “Allow or forbid own "
                "modules…” in the window, or run “{command}”.",
                folder=str(plugins.folder()),
                command="aegan-studio plugins --enable",
            ),
        )
    path = plugins.path_of(options.file)
    if path is None:
        raise MisfitError(
            msg("There is no plug-in {file}.", file=f"“{options.file}”"),
            msg("Put {file}.py into {folder}.", file=options.file, folder=str(plugins.folder())),
        )
    arguments = _arguments(options)
    try:
        factory = getattr(_code(path), options.name, None)
    except Exception as error:  # anything may go wrong in code that is not ours
        raise _failed(options, error) from error
    if not callable(factory):
        raise MisfitError(
            msg("{file}.py defines no {name}.", file=options.file, name=options.name or "“”"),
            msg("Choose a function or class of the file."),
        )
    try:
        with torch.random.fork_rng(devices=[]):
            with torch.device("meta"):
                inner = factory(in_shape, **arguments)
                shape = _shape(inner, in_shape)
            if site.rng is not None:
                torch.manual_seed(int(torch.randint(2**62, (), generator=site.rng)))
            if torch.device(site.device).type != "meta":
                with torch.device(site.device):
                    inner = factory(in_shape, **arguments)
    except Exception as error:
        raise _failed(options, error) from error
    return Plugged(inner, shape)


def _code(path: Path) -> ModuleType:
    time = path.stat().st_mtime_ns
    known = _loaded.get(path)
    if known is not None and known[0] == time:
        return known[1]
    spec = importlib.util.spec_from_file_location(f"aegan_studio_plugin_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    code = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(code)
    _loaded[path] = (time, code)
    return code


def _shape(inner: object, in_shape: Shape) -> Shape:
    """What the module makes of an item; raises :class:`TypeError` for what is no module."""
    if not isinstance(inner, nn.Module):
        raise TypeError(f"it made a {type(inner).__name__}, not a torch.nn.Module")
    training = inner.training
    with torch.no_grad():
        made = inner.eval()(torch.empty((2, *in_shape)))
    inner.train(training)
    if not isinstance(made, Tensor) or made.dim() < 2 or len(made) != 2:
        raise TypeError("the module must give a tensor with the batch first")
    return tuple(made.shape[1:])


def _arguments(options: catalog.Module) -> dict[str, Any]:
    """The options as written, ``width = 64, slope = 0.1``, as values."""
    try:
        read = tomllib.loads(f"it = {{ {options.arguments} }}")
    except tomllib.TOMLDecodeError:
        read = {}
    if list(read) != ["it"]:
        raise MisfitError(
            msg("The options cannot be read: {text}.", text=options.arguments),
            msg("Write them as in {example}.", example="width = 64, slope = 0.1"),
        )
    return dict(read["it"])


def _failed(options: catalog.Module, error: Exception) -> MisfitError:
    what: Message | str = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return MisfitError(
        msg("{file}.py, {name}: {what}.", file=options.file, name=options.name, what=what),
        msg("Mend the file; it is read again when it changes."),
    )
