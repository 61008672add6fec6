"""The list of layers being edited: one network of the document, changed undoably."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import QObject, Signal

from aegan_studio.catalog import layer_text, written
from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import LAYERS, NETWORKS, LayerOptions, NetworkOptions, Role
from aegan_studio.i18n import tr
from aegan_studio.ui.document import Document

Layers = tuple[LayerOptions, ...]


class LayerList(QObject):
    """One network of the document as a list of layers.

    A preset is shown as the list that it writes; the first edit puts a list in its place. Every
    edit is one entry of the document's undo stack.
    """

    changed = Signal()
    """Another list, or another network."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._name = ""
        self._layers: Layers = ()
        document.changed.connect(self._follow)

    @property
    def role(self) -> Role:
        """The role of the network; the first of the method where the chosen one is gone."""
        roles = self._document.experiment.roles()
        return next((role for role in roles if role.name == self._name), roles[0])

    @property
    def path(self) -> str:
        """Where the network is in the document."""
        return f"networks.{self.role.name}"

    @property
    def network(self) -> NetworkOptions:
        """The network's options."""
        return self._document.experiment.networks[self.role.name]

    @property
    def layers(self) -> Layers:
        """The layers, from input to output."""
        return self._layers

    @property
    def title(self) -> str:
        """What the network is called: a preset, one that was edited, or a list of one's own."""
        network = self.network
        if network.kind != "layers":
            return tr(NETWORKS.of(network).label)
        origin = written.begun_from(network)
        if not origin:
            return tr(NETWORKS.of(network).label)
        return tr("{preset}, edited", preset=tr(NETWORKS[origin].label))

    def show_role(self, name: str) -> None:
        """Edit the network of this role."""
        self._name = name
        self._read()

    def _follow(self, _experiment: Experiment) -> None:
        self._read()

    def _read(self) -> None:
        self._layers = written.layers_of(self.network, self.role)
        self.changed.emit()

    # Edits

    def put(self, layers: Sequence[LayerOptions], text: str, *, gesture: object = None) -> bool:
        """Put another list in the place of this one; ``False`` where it is refused."""
        changes = written.changes(self.network, self.role, layers)
        return self._document.edit(changes, text, gesture=gesture)

    def insert(self, index: int, layers: Sequence[LayerOptions], text: str = "") -> bool:
        """Put layers in before the one at ``index``."""
        named = text or tr("add {layer}", layer=tr(LAYERS.of(layers[0]).label))
        return self.put((*self._layers[:index], *layers, *self._layers[index:]), named)

    def add(self, index: int, kind: str) -> bool:
        """Put in a new layer of a kind, with its defaults."""
        return self.insert(index, [LAYERS[kind].defaults()])

    def remove(self, first: int, last: int) -> bool:
        """Take out the layers ``first`` to ``last``, both included."""
        return self.put(
            (*self._layers[:first], *self._layers[last + 1 :]), self._named("remove", first, last)
        )

    def duplicate(self, first: int, last: int) -> bool:
        """Put a copy of the layers below them."""
        copied = self._layers[first : last + 1]
        return self.insert(last + 1, copied, self._named("duplicate", first, last))

    def move(self, first: int, last: int, to: int) -> bool:
        """Move layers so that they stand before what is now at ``to``."""
        if first <= to <= last + 1:
            return False
        moved = self._layers[first : last + 1]
        rest = (*self._layers[:first], *self._layers[last + 1 :])
        place = to if to < first else to - len(moved)
        return self.put((*rest[:place], *moved, *rest[place:]), self._named("move", first, last))

    def switch(self, first: int, last: int, on: bool) -> bool:
        """Switch layers on or off; those that are off are kept and skipped."""
        switched = [
            written.with_option(layer, "enabled", on) if first <= place <= last else layer
            for place, layer in enumerate(self._layers)
        ]
        return self.put(switched, self._named("switch", first, last))

    def set_option(self, index: int, name: str, value: Any, *, gesture: object = None) -> bool:
        """Change one option of one layer; a value beyond its bounds is refused."""
        try:
            changed = written.with_option(self._layers[index], name, value)
        except ValidationError:
            return False
        layers = (*self._layers[:index], changed, *self._layers[index + 1 :])
        text = tr("change {layer}", layer=tr(LAYERS.of(changed).label))
        return self.put(layers, text, gesture=gesture)

    def use_preset(self, kind: str) -> bool:
        """Let a preset write the list anew."""
        label = tr(NETWORKS[kind].label)
        return self._document.edit({f"{self.path}.kind": kind}, tr("use {preset}", preset=label))

    def set_initialisation(self, how: str) -> bool:
        """Choose how weights are drawn."""
        return self._document.edit(
            {f"{self.path}.initialisation": how}, tr("change the initial weights")
        )

    # As text

    def text(self, first: int, last: int) -> str:
        """Some layers as text for the clipboard."""
        return layer_text.to_text(self._layers[first : last + 1])

    def paste(self, index: int, text: str) -> int:
        """Put copied layers in; says how many. Raises what reading the text raises."""
        layers = layer_text.from_text(text)
        self.insert(index, layers, tr("paste layers"))
        return len(layers)

    def _named(self, act: str, first: int, last: int) -> str:
        if last > first:
            words = {
                "remove": tr("remove layers"),
                "duplicate": tr("duplicate layers"),
                "move": tr("move layers"),
                "switch": tr("switch layers"),
            }
            return words[act]
        label = tr(LAYERS.of(self._layers[first]).label)
        sentences = {
            "remove": tr("remove {layer}", layer=label),
            "duplicate": tr("duplicate {layer}", layer=label),
            "move": tr("move {layer}", layer=label),
            "switch": tr("switch {layer}", layer=label),
        }
        return sentences[act]
