"""Modules of one's own: whether they may run, where they live, and which there are."""

from __future__ import annotations

from aegan_studio import plugins
from aegan_studio.cli.output import print_json, say, table
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError, msg

EXAMPLE = """\
    # {path}
    import torch

    def layer(in_shape, width=64):
        return torch.nn.Linear(in_shape[-1], width)"""


def show(switch: bool | None, as_json: bool) -> None:
    """Switch own modules on or off if asked, then say what there is.

    Raises
    ------
    StudioError
        Where the settings cannot be written.
    """
    if switch is not None:
        try:
            plugins.enable(switch)
        except OSError as error:
            raise StudioError(
                msg("The setting could not be saved: {why}.", why=error.strerror or str(error)),
                msg("Make {folder} writable.", folder=str(plugins.folder().parent)),
            ) from error
    found = plugins.found()
    if as_json:
        print_json(
            {
                "enabled": plugins.enabled(),
                "folder": str(plugins.folder()),
                "files": [
                    {"file": one.file, "path": one.path, "names": one.names, "error": one.error}
                    for one in found
                ],
            }
        )
        return
    say(_state())
    if found:
        table(
            (tr("File"), tr("Defines")),
            ((one.file, one.error or ", ".join(one.names) or tr("nothing")) for one in found),
        )
        return
    say(tr("There are none yet. Write one like this, and add the layer “Own module”:"))
    say(EXAMPLE.format(path=plugins.folder() / "mine.py"))


def _state() -> str:
    folder, forced = plugins.folder(), plugins.forced()
    if forced is not None:
        return tr(
            "Own modules, files in {folder}, are on, because {variable} is 1."
            if forced
            else "Own modules, files in {folder}, are off, because {variable} is 0.",
            folder=folder,
            variable=plugins.VARIABLE,
        )
    if plugins.enabled():
        return tr(
            "Own modules are on: networks that use them run the files in {folder} as programs, "
            "with all your rights. Switch them off with “{command}”.",
            folder=folder,
            command="aegan-studio plugins --disable",
        )
    return tr(
        "Own modules are off: no file in {folder} is run. If you trust those files, switch them "
        "on with “{command}”.",
        folder=folder,
        command="aegan-studio plugins --enable",
    )
