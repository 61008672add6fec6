"""Branches: the original's continuation bit for bit, or a fair beginning from its weights."""

import json

import numpy as np
import pytest

from aegan_studio import api, cli
from aegan_studio.messages import StudioError
from aegan_studio.ml import checkpoint
from aegan_studio.ml.branching import branch
from aegan_studio.ml.timeline import arrays_of
from aegan_studio.runs import instants
from aegan_studio.runs.branching import origin_of, way
from aegan_studio.runs.folder import RunFolder
from tests.runs.resumable import experiment, same_training

METHODS = ("vae", "gan")
AT = 200


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Runs of 400 steps, by method, each with a pause in the middle."""
    folder = tmp_path_factory.mktemp("whole")
    for method in METHODS:
        api.train(experiment(method).with_options({"training.steps": AT}), folder / method)
        api.train(out=folder / method, resume=True, steps=400)
    return folder


def wanted(method, **edits):
    return experiment(method).with_options({"training.steps": 400} | edits)


@pytest.mark.parametrize("method", METHODS)
def test_a_branch_without_changes_is_the_originals_continuation(method, whole, tmp_path):
    """Every source of chance, schedules and averages included; from a whole checkpoint."""
    assert AT in instants.wholes(whole / method)
    made = branch(whole / method, AT, tmp_path / "run", wanted(method))
    assert made.way == "exact"
    api.train(out=made.folder, resume=True)
    same_training(whole / method, made.folder)


def test_a_changed_live_option_keeps_everything_else(whole, tmp_path):
    edits = {"phases.autoencoder.lr": 0.005}
    made = branch(whole / "vae", AT, tmp_path / "run", wanted("vae", **edits))
    assert made.way == "exact"
    run = api.train(wanted("vae", **edits), made.folder, resume=True)
    assert run.experiment.get("phases.autoencoder.lr") == 0.005
    old, new = RunFolder.open(whole / "vae"), RunFolder.open(made.folder)
    before, after = old.steps()[1], new.steps()[1]
    assert before[:AT].tobytes() == after[:AT].tobytes(), "the record begins with the original's"
    assert before[AT + 20].tobytes() != after[AT + 20].tobytes()
    (change,) = (one for one in new.changes() if one["path"] == "phases.autoencoder.lr")
    assert (change["step"], change["old"], change["new"]) == (AT, 0.001, 0.005)
    assert [step for step, _ in new.held_out() if step <= AT] == [50, 100, 150, AT]


def test_a_branch_names_its_origin_and_shares_its_timeline(whole, tmp_path):
    made = branch(whole / "gan", AT, tmp_path / "run", wanted("gan"))
    run = RunFolder.open(made.folder)
    origin = origin_of(run.facts)
    assert (origin.folder, origin.step, origin.exact) == (str(whole / "gan"), AT, True)
    assert origin.created == RunFolder.open(whole / "gan").facts["created"]
    steps = [one.step for one in instants.listed(whole / "gan")]
    assert [one.step for one in instants.listed(made.folder)] == [n for n in steps if n <= AT]
    assert origin_of({"origin": {"step": "x"}}) is None


def test_without_a_checkpoint_it_begins_from_the_kept_weights(whole, tmp_path):
    steps = [one.step for one in instants.listed(whole / "gan")]
    at = next(step for step in steps if step and step not in instants.wholes(whole / "gan"))
    made = branch(whole / "gan", at, tmp_path / "run", wanted("gan"))
    assert made.way == "weights"
    kept = arrays_of(instants.read(whole / "gan", at))
    start = checkpoint.read(RunFolder.open(made.folder).checkpoints()[0])
    for role, arrays in start.weights.items():
        for name, array in arrays.items():
            assert np.array_equal(array, kept[role][name])
    for name, tensor in start.group("average").items():
        role, _, rest = name.partition("/")
        assert np.array_equal(tensor.numpy(), kept[role][rest])
    assert not start.group("optimiser/generator")
    assert api.train(out=made.folder, resume=True, steps=at + 20).step == at + 20


def test_options_that_need_new_optimisers_keep_the_exact_weights(whole, tmp_path):
    edits = {"training.batch_size": 32, "phases.discriminator.optimizer": "sgd"}
    made = branch(whole / "gan", AT, tmp_path / "run", wanted("gan", **edits))
    assert made.way == "weights"
    start = checkpoint.read(RunFolder.open(made.folder).checkpoints()[0])
    saved = checkpoint.read(instants.whole_path(whole / "gan", AT))
    for name, tensor in start.group("weights").items():
        assert np.array_equal(tensor.numpy(), saved.group("weights")[name].numpy())
    run = RunFolder.open(made.folder)
    assert run.current_experiment == wanted("gan", **edits)
    told = {change["path"]: (change["old"], change["new"]) for change in run.changes()}
    assert told["training.batch_size"] == (64, 32)
    api.train(out=made.folder, resume=True, steps=AT + 10)


def test_changed_networks_are_refused_and_nothing_is_made(whole, tmp_path):
    edits = {"networks.encoder.widths": [32]}
    with pytest.raises(StudioError, match="do not fit the changed network “encoder”"):
        branch(whole / "vae", AT, tmp_path / "run", wanted("vae", **edits))
    with pytest.raises(StudioError, match="do not fit"):
        way(wanted("vae"), wanted("vae", **{"method.latent_dim": 3}), whole=True)
    assert not (tmp_path / "run").exists()


def test_a_step_that_is_not_kept_names_those_that_are(whole, tmp_path):
    with pytest.raises(StudioError, match=r"Step 123,456 is not kept .* 400"):
        branch(whole / "vae", 123_456, tmp_path / "run")
    with RunFolder.create(tmp_path / "bare", experiment("vae")):
        pass
    with pytest.raises(StudioError, match="no timeline to branch from"):
        branch(tmp_path / "bare", 0, tmp_path / "run")


def test_the_command_line_and_the_interface_branch_too(whole, tmp_path, capsys):
    out = tmp_path / "run"
    command = ["train", "--from", str(whole / "vae"), "--at", str(AT), "--out", str(out), "--json"]
    assert cli.main([*command, "--steps", str(AT + 5)]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (told[0]["event"], told[0]["step"], told[0]["way"]) == ("branched", AT, "exact")
    assert told[-1] == {"event": "finished", "step": AT + 5, "reason": "done"}
    run = api.branch(whole / "vae", AT, tmp_path / "api", options={"training.steps": AT + 5})
    assert run.step == AT + 5
    first, second = (checkpoint.read(RunFolder.open(p).checkpoints()[0]) for p in (out, run.path))
    for name, tensor in first.tensors.items():
        assert np.array_equal(tensor.numpy(), second.tensors[name].numpy()), name


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--at", "3"], "--at names no run"),
        (["--from", "{vae}", "--resume"], "A branch is a new run"),
        (["--from", "{vae}", "--set", "method.latent_dim=9"], "do not fit"),
        (["--from", "{vae}", "--at", "7654321"], "not kept"),
        (["--from", "nowhere"], "no run at"),
    ],
)
def test_the_command_line_says_why_it_cannot_branch(arguments, says, whole, tmp_path, capsys):
    given = [argument.format(vae=whole / "vae") for argument in arguments]
    assert cli.main(["train", *given, "--out", str(tmp_path / "run")]) != 0
    assert says in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "run").exists()
