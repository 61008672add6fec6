"""What the values of a code are called, and how to ask a conditional model for one class."""

from __future__ import annotations

from difflib import get_close_matches

import numpy as np
import numpy.typing as npt

from aegan_studio.experiment import Experiment
from aegan_studio.experiment.parts import CodePart
from aegan_studio.messages import Message, StudioError, msg

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def value_name(index: int) -> str:
    """What value ``index`` of a code is called, counted from one: ``z₁``."""
    return f"z{index + 1}".translate(_SUBSCRIPTS)


def value_names(experiment: Experiment) -> tuple[Message | str, ...]:
    """A name for every value of a code: ``z₁`` …, the classes by their own names."""
    data = experiment.data_info()
    parts = experiment.method.code_parts(data)
    names: list[Message | str] = []
    for part in parts:
        if _is_class(experiment, part):
            names.extend(msg("class {name}", name=name) for name in data.classes)
        elif len(parts) > 1 and part.name != "z":
            names.extend(
                msg("{part} {number}", part=msg(part.label), number=number + 1)
                for number in range(part.size)
            )
        else:
            names.extend(value_name(index) for index in range(part.size))
    return tuple(names)


def _is_class(experiment: Experiment, part: CodePart) -> bool:
    """Whether a part is the class of the data, not a category that the model finds by itself."""
    told = part.kind == "class" and experiment.method.needs_labels
    return told and part.size == len(experiment.data_info().classes)


def class_part(experiment: Experiment) -> tuple[slice, CodePart] | None:
    """Where a code says which class of the data is wanted; ``None`` for other models."""
    data = experiment.data_info()
    start = 0
    for part in experiment.method.code_parts(data):
        if _is_class(experiment, part):
            return slice(start, start + part.size), part
        start += part.size
    return None


def of_class(
    experiment: Experiment, codes: npt.NDArray[np.float32], name: str
) -> npt.NDArray[np.float32]:
    """Codes (n, d) that ask for the class called ``name``.

    Raises
    ------
    StudioError
        Where the model takes no class, or there is none of this name.
    """
    where = class_part(experiment)
    if where is None:
        raise StudioError(
            msg("This model cannot be asked for a class."),
            msg("Train a conditional one, such as “cgan”."),
        )
    classes = experiment.data_info().classes
    if name not in classes:
        near = get_close_matches(name, classes, n=1)
        raise StudioError(
            msg("There is no class called “{name}”.", name=name),
            msg("Did you mean “{near}”?", near=near[0])
            if near
            else msg("It must be one of: {known}.", known=", ".join(classes)),
        )
    asked = codes.copy()
    asked[:, where[0]] = np.eye(len(classes), dtype=codes.dtype)[classes.index(name)]
    return asked
