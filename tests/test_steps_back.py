"""What can be taken back and done again, against a list of all states."""

from hypothesis import given
from hypothesis import strategies as st

from aegan_studio.steps_back import StepsBack

ACTS = st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=60)


@given(ACTS, st.integers(1, 8))
def test_steps_lead_back_and_forth_between_the_states_they_joined(acts, limit):
    steps: StepsBack[tuple[int, int]] = StepsBack(limit)
    states, here, oldest = [0], 0, 0
    for number, act in enumerate(acts, 1):
        assert steps.can_undo == (here > oldest)
        assert steps.can_redo == (here < len(states) - 1)
        if act == "do":
            steps.remember((states[here], number))
            states[here + 1 :] = [number]
            here += 1
            oldest = max(oldest, here - limit)
        elif act == "undo":
            step = steps.undo()
            if here > oldest:
                assert step == (states[here - 1], states[here])
                here -= 1
            else:
                assert step is None
        else:
            step = steps.redo()
            if here < len(states) - 1:
                assert step == (states[here], states[here + 1])
                here += 1
            else:
                assert step is None
    steps.forget()
    assert not steps.can_undo
    assert not steps.can_redo
    assert steps.undo() is None
