"""What was done last and can be taken back, step by step."""

from __future__ import annotations

from typing import Generic, TypeVar

StepT = TypeVar("StepT")


class StepsBack(Generic[StepT]):
    """Steps in the order they were done, and those of them that were taken back.

    Each step holds whatever its owner needs to leave it and to come back to it.

    Parameters
    ----------
    limit : int
        How many are remembered; the oldest are forgotten first.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._steps: list[StepT] = []
        self._done = 0

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return self._done > 0

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return self._done < len(self._steps)

    def remember(self, step: StepT) -> None:
        """A step was done; what was taken back before it is gone."""
        del self._steps[self._done :]
        self._steps.append(step)
        del self._steps[: -self._limit]
        self._done = len(self._steps)

    def undo(self) -> StepT | None:
        """The step that is taken back now; ``None`` where there is none."""
        if not self.can_undo:
            return None
        self._done -= 1
        return self._steps[self._done]

    def redo(self) -> StepT | None:
        """The step that is done again now; ``None`` where none was taken back."""
        if not self.can_redo:
            return None
        self._done += 1
        return self._steps[self._done - 1]

    def forget(self) -> None:
        """Nothing can be taken back any more."""
        self._steps.clear()
        self._done = 0
