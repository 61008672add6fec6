"""The files of one's own modules as a choice, in the layer editor."""

from __future__ import annotations

from aegan_studio import plugins
from aegan_studio.catalog.layers import Module
from aegan_studio.experiment.options import OptionInfo, describe
from aegan_studio.i18n import tr
from aegan_studio.ui.widgets.choice import Choice, Option

_FILE = next(info for info in describe(Module) if info.name == "file")


def file_choice(info: OptionInfo, value: object) -> Choice | None:
    """A choice of the files there are, where the option is the file of an own module."""
    return FileChoice(str(value), tr(info.label)) if info == _FILE else None


class FileChoice(Choice):
    """Files of the plug-in folder; looked for anew whenever the list opens. Runs none of them."""

    def __init__(self, value: str, name: str) -> None:
        super().__init__(_options(), value, name=name)

    def showPopup(self) -> None:
        """Open the list of the files that are there now."""
        options = _options()
        if tuple(options) != self.options:
            self.set_options(options, self.value)
        super().showPopup()


def _options() -> list[Option]:
    found = [
        Option(
            one.file,
            one.file,
            tr("It defines {names}.", names=", ".join(one.names)) if one.names else one.error,
            not one.error,
        )
        for one in plugins.found()
    ]
    where = tr("Put Python files into {folder}.", folder=plugins.folder())
    return found or [Option("", tr("no file yet"), where, False)]
