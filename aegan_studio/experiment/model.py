"""The experiment: one frozen value that says everything a run needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from aegan_studio.experiment import changes
from aegan_studio.experiment.options import OptionInfo, Options, describe, option
from aegan_studio.experiment.parts import (
    DATASETS,
    METHODS,
    DataInfo,
    Dataset,
    Method,
    Network,
    PhaseInfo,
    Role,
)
from aegan_studio.experiment.problems import InputError
from aegan_studio.experiment.training import PhaseOptions, TrainingOptions


class Experiment(Options):
    """Dataset, method, networks, training and seed: the declarative description of a run.

    Networks and phases that are not given take the method's defaults, so
    ``Experiment.parse({"dataset": "digits", "method": "vae"})`` is complete.
    """

    title: str = option(
        "", label="Title", help="What the experiment is called in the library.", max_length=120
    )
    seed: int = option(
        0,
        label="Seed",
        help="Fixes every random choice: the same seed gives the same run.",
        ge=0,
        le=2**32 - 1,
    )
    dataset: Dataset
    method: Method
    networks: dict[str, Network] = Field(default_factory=dict)
    phases: dict[str, PhaseOptions] = Field(default_factory=dict)
    training: TrainingOptions = Field(default_factory=TrainingOptions)

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: Any) -> Any:
        """Complete networks and phases from the method; merge partial ones over its defaults."""
        if not isinstance(data, Mapping) or "dataset" not in data or "method" not in data:
            return data
        try:
            dataset = DATASETS.parse(data["dataset"])
            method = METHODS.parse(data["method"])
        except ValueError:
            return data  # the fields' own validators report it, with its path
        defaults: dict[str, Mapping[str, Any]] = {
            "networks": method.default_networks(dataset.info()),
            "phases": {phase.name: dict(phase.defaults) for phase in method.phases()},
        }
        filled = dict(data) | {"dataset": dataset, "method": method}
        for group, default in defaults.items():
            given = data.get(group, {})
            if isinstance(given, Mapping):
                filled[group] = changes.merged(default, given)
        return filled

    @model_validator(mode="after")
    def _only_known_roles_and_phases(self) -> Self:
        unknown = [
            *_unknown("networks", self.networks, [role.name for role in self.roles()]),
            *_unknown("phases", self.phases, [phase.name for phase in self.phase_infos()]),
        ]
        if unknown:
            raise ValidationError.from_exception_data("Experiment", unknown)
        return self

    def data_info(self) -> DataInfo:
        """Shape, range and size of the data."""
        return self.dataset.info()

    def roles(self) -> tuple[Role, ...]:
        """The roles of the method, with their shapes for this data."""
        return self.method.roles(self.data_info())

    def phase_infos(self) -> tuple[PhaseInfo, ...]:
        """The phases of one training step, in order."""
        return self.method.phases()

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Experiment:
        """Validate plain data.

        Raises
        ------
        InputError
            One problem per wrong field, each naming the field, the value and the mend.
        """
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise InputError.from_pydantic(error) from None

    def to_plain(self) -> dict[str, Any]:
        """Plain data (dicts, lists, numbers, strings) that :meth:`parse` accepts."""
        return self.model_dump(mode="json")

    def get(self, path: str) -> Any:
        """The plain value at a dotted path, e.g. ``"method.latent_dim"``.

        Raises
        ------
        InputError
            Where there is no such option.
        """
        return changes.look_up(self.to_plain(), path)

    def option_info(self, path: str) -> OptionInfo | None:
        """What is known of the option at a dotted path; ``None`` for kinds and whole tables.

        Raises
        ------
        InputError
            Where there is no such option.
        """
        self.get(path)
        group: Any = self
        *parents, name = path.split(".")
        for part in parents:
            if isinstance(group, Mapping):
                group = group[part]
            elif isinstance(group, tuple):
                group = group[int(part)]
            else:
                group = getattr(group, part)
        if not isinstance(group, Options):
            return None
        return next((info for info in describe(type(group)) if info.name == name), None)

    def with_options(self, edits: Mapping[str, Any]) -> Experiment:
        """A new experiment with the options at the given dotted paths changed.

        Changing a ``kind`` (``dataset.kind``, ``method.kind``, ``networks.encoder.kind``) keeps
        the options that both kinds have and takes the new kind's defaults for the rest; networks
        and phases that the new method lacks are dropped.

        Raises
        ------
        InputError
            Unknown paths and values out of range, each with its mend.
        """
        result = self
        for batch in changes.in_order(edits):  # a new kind's defaults must stand before edits of it
            result = type(self).parse(changes.edited(result.to_plain(), batch))
        return result

    def differences(self, other: Experiment) -> dict[str, tuple[Any, Any]]:
        """The dotted paths at which two experiments differ, with both values (``None``: absent)."""
        mine, theirs = changes.flat(self.to_plain()), changes.flat(other.to_plain())
        return {
            path: (mine.get(path), theirs.get(path))
            for path in dict.fromkeys((*mine, *theirs))
            if mine.get(path) != theirs.get(path)
        }


def _unknown(group: str, given: Iterable[str], known: list[str]) -> list[InitErrorDetails]:
    return [
        InitErrorDetails(
            type=PydanticCustomError("unknown_name", "unknown name", {"known": known}),
            loc=(group, name),
            input=name,
        )
        for name in given
        if name not in known
    ]
