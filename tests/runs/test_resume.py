"""A run that was interrupted and goes on is bit for bit the run that was not."""

import json
import subprocess
import sys
import textwrap

import pytest

from aegan_studio import api, cli
from aegan_studio.experiment import toml
from aegan_studio.runs.folder import RunFolder
from tests.runs.resumable import EXPERIMENTS, experiment, same_training

METHODS = tuple(EXPERIMENTS)

KILL_AFTER_200 = textwrap.dedent(
    """
    import os, signal, sys
    from aegan_studio import api
    from aegan_studio.experiment.events import Progress, Saved

    saved = False

    def kill(event):
        global saved
        saved = saved or isinstance(event, Saved)
        if isinstance(event, Progress) and event.step >= 200 and saved:
            os.kill(os.getpid(), signal.SIGKILL)

    api.train(sys.argv[1], sys.argv[2], autosave=0.1, on_event=kill)
    """
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Runs of 400 steps at once, by method."""
    folder = tmp_path_factory.mktemp("whole")
    for method in METHODS:
        api.train(experiment(method), folder / method)
    return folder


@pytest.mark.parametrize("method", ["autoencoder", "gan"])  # a schedule depends on the last step
def test_200_steps_and_200_more_equal_400_at_once(method, whole, tmp_path):
    path, out = tmp_path / "experiment.toml", tmp_path / "run"
    toml.save(experiment(method), path)
    assert cli.main(["train", str(path), "--out", str(out), "--json", "--steps", "200"]) == 0
    assert RunFolder.open(out).facts["step"] == 200
    assert cli.main(["train", "--resume", "--out", str(out), "--json", "--steps", "400"]) == 0
    same_training(whole / method, out)


@pytest.mark.parametrize("method", METHODS)
def test_a_run_killed_after_200_steps_goes_on_as_if_nothing_had_happened(method, whole, tmp_path):
    path, out = tmp_path / "experiment.toml", tmp_path / "run"
    toml.save(experiment(method), path)
    killed = subprocess.run([sys.executable, "-c", KILL_AFTER_200, path, out], check=False)
    assert killed.returncode == -9
    run = RunFolder.open(out)
    assert 0 < run.steps()[0][-1] < 400  # as far as it was saved, which the machine decides
    assert not run.checkpoint_path(400).exists()
    assert cli.main(["train", "--resume", "--out", str(out), "--json"]) == 0
    same_training(whole / method, out)


def test_a_run_killed_from_outside_opens_and_goes_on(tmp_path):
    out = tmp_path / "run"
    command = [sys.executable, "-m", "aegan_studio", "train", "ring-gan", "--out", str(out)]
    command += ["--json", "--autosave", "0.2", "--steps", "1000000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        saved = 0
        for line in process.stdout:
            saved += json.loads(line)["event"] == "saved"
            if saved == 3:
                process.kill()
                break
    run = RunFolder.open(out)
    step = run.facts["step"]
    assert step > 0
    assert len(run.checkpoints()) >= 1
    more = str(step + 20)
    assert cli.main(["train", "--resume", "--out", str(out), "--steps", more, "--json"]) == 0
    steps, _ = RunFolder.open(out).steps()
    assert steps.tolist() == list(range(1, len(steps) + 1))


def test_a_run_killed_before_its_first_checkpoint_starts_again(tmp_path):
    out = tmp_path / "run"
    with RunFolder.create(out, experiment("vae")) as run:
        run.set_columns(("rec-x", "kl", "bound", "gradient.autoencoder"))
    result = api.train(out=out, resume=True, steps=20)
    assert result.step == 20


def test_a_damaged_checkpoint_falls_back_on_the_one_before(whole, tmp_path):
    out = tmp_path / "run"
    api.train(experiment("vae"), out, steps=300)
    api.train(out=out, resume=True, steps=400)
    newest = RunFolder.open(out).checkpoint_path(400)
    newest.write_bytes(newest.read_bytes()[:-100])
    assert api.load_run(out).step == 300
    assert api.train(out=out, resume=True, steps=400).step == 400


def test_a_change_after_the_checkpoint_is_not_carried_back_before_it(tmp_path):
    out = tmp_path / "run"
    api.train(experiment("vae"), out, steps=20)
    with RunFolder.open(out) as run:
        run.append_change(25, "phases.autoencoder.lr", 1e-3, 0.5)
    result = api.train(out=out, resume=True, steps=30)
    assert result.experiment.get("phases.autoencoder.lr") == 1e-3
