"""The command line: what it prints, what it writes, how it leaves."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image

from aegan_studio import __version__, cli
from aegan_studio.catalog.models import chosen, models
from aegan_studio.catalog.recipes import recipe
from aegan_studio.cli.training import parse_edits
from aegan_studio.experiment.parts import DATASETS, METHODS
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError
from aegan_studio.runs.folder import RunFolder
from aegan_studio.runs.library import recent


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(cli, "system_language", lambda: "en")
    yield
    tr.use("en")


def json_lines(text):
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    out = tmp_path_factory.mktemp("cli") / "digits"
    arguments = ["train", "digits-vae", "--out", str(out), "--steps", "40", "--threads", "1"]
    assert cli.main(arguments) == 0
    return out


def test_training_reports_json_lines_of_numbers(tmp_path, capsys):
    out = tmp_path / "run"
    assert cli.main(["train", "ring-gan", "--out", str(out), "--steps", "50", "--json"]) == 0
    lines = json_lines(capsys.readouterr().out)
    kinds = [line["event"] for line in lines]
    assert kinds[0] == "preparing"
    assert "started" in kinds
    assert kinds[-1] == "finished"
    progress = [line for line in lines if line["event"] == "progress"]
    assert progress[-1]["step"] == 50
    assert set(progress[-1]["values"]) <= set(RunFolder.open(out).columns)
    assert all(isinstance(value, float) for value in progress[-1]["values"].values())


def test_progress_lines_come_at_most_five_times_a_second(tmp_path, capsys):
    start = time.monotonic()
    arguments = ["train", "ring-gan", "--out", str(tmp_path / "run"), "--steps", "600", "--json"]
    assert cli.main(arguments) == 0
    seconds = time.monotonic() - start
    lines = json_lines(capsys.readouterr().out)
    # the first, the throttled ones, and those before other events
    others = sum(line["event"] in ("saved", "finished") for line in lines)
    progress = sum(line["event"] == "progress" for line in lines)
    assert progress <= 2 + 5 * seconds + others


def test_training_for_people_ends_with_where_the_run_is(tmp_path, capsys):
    out = tmp_path / "run"
    assert cli.main(["train", "moons-vae", "--out", str(out), "--steps", "20"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"Finished at step 20. The run is in {out}." in captured.err


def test_options_are_set_by_their_dotted_path(tmp_path):
    out = tmp_path / "run"
    arguments = ["train", "digits-vae", "--out", str(out), "--steps", "2", "--json"]
    settings = ["method.latent_dim=3", "networks.encoder.widths=[16]", "title=Mine", "seed=4"]
    for setting in settings:
        arguments += ["--set", setting]
    assert cli.main(arguments) == 0
    experiment = RunFolder.open(out).experiment
    assert experiment.get("method.latent_dim") == 3
    assert experiment.get("networks.encoder.widths") == [16]
    assert (experiment.title, experiment.seed) == ("Mine", 4)


def test_values_are_toml_and_plain_words_are_text():
    edits = parse_edits(
        ["a=1", "b=.5", "c=true", "d=word", "e=[1, 2]", 'f="q=r"', "g=", "h=1\nx=2"]
    )
    assert edits == {
        "a": 1, "b": ".5", "c": True, "d": "word", "e": [1, 2], "f": "q=r", "g": "", "h": "1\nx=2",
    }  # fmt: skip
    with pytest.raises(StudioError, match="sets nothing"):
        parse_edits(["seed"])


def test_without_a_folder_the_run_goes_among_the_others(tmp_path, monkeypatch):
    monkeypatch.setenv("AEGAN_STUDIO_HOME", str(tmp_path))
    assert cli.main(["train", "ring-gan", "--steps", "2", "--json"]) == 0
    assert cli.main(["train", "ring-gan", "--steps", "2", "--json"]) == 0
    assert [run.method for run in recent(tmp_path / "runs")] == ["gan", "gan"]


def test_a_live_option_changes_on_resuming_and_is_recorded(tmp_path, capsys):
    out = str(tmp_path / "run")
    assert cli.main(["train", "ring-gan", "--out", out, "--steps", "5", "--json"]) == 0
    arguments = ["train", "--resume", "--out", out, "--steps", "8", "--json"]
    assert cli.main([*arguments, "--set", "phases.generator.lr=0.01"]) == 0
    lines = json_lines(capsys.readouterr().out)
    changed = {line["path"] for line in lines if line["event"] == "changed"}
    assert changed == {"training.steps", "phases.generator.lr"}
    run = RunFolder.open(tmp_path / "run")
    assert run.current_experiment.get("phases.generator.lr") == 0.01
    assert len(run.steps()[0]) == 8


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send to a child")
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_saves_and_says_how_to_go_on(tmp_path, kind):
    out = tmp_path / "run"
    command = [sys.executable, "-m", "aegan_studio", "--language", "en", "train", "ring-gan"]
    command += ["--out", str(out), "--steps", "1000000"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        steps = out / "metrics" / "steps.bin"
        while process.poll() is None and not (steps.exists() and steps.stat().st_size):
            time.sleep(0.05)
        process.send_signal(kind)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert f"aegan-studio train --resume --out {out}" in errors
    run = RunFolder.open(out)
    assert run.facts["status"] == "paused"
    assert run.checkpoints()[0] == run.checkpoint_path(run.facts["step"])
    assert run.steps()[0][-1] == run.facts["step"]


def test_a_training_that_diverges_says_where_and_keeps_healthy_weights(tmp_path, capsys):
    out = tmp_path / "run"
    arguments = ["train", "digits-autoencoder", "--out", str(out), "--steps", "500"]
    settings = ["phases.autoencoder.optimizer=sgd", "phases.autoencoder.lr=10", "method.loss=mse"]
    settings += ["dataset.scaling=standard", "networks.decoder.activation=relu"]
    for setting in settings:
        arguments += ["--set", setting]
    assert cli.main(arguments) == 1
    assert "is no longer a finite number" in capsys.readouterr().err
    run = RunFolder.open(out)
    assert run.facts["status"] == "diverged"
    assert np.isfinite(run.steps()[1][:, 0]).all()


def test_samples_are_saved_pixel_by_pixel(digits, tmp_path, capsys):
    arguments = ["sample", str(digits), "-n", "6", "--seed", "2"]
    assert cli.main([*arguments, "--out", str(tmp_path / "sheet.png")]) == 0
    assert cli.main([*arguments, "--out", str(tmp_path / "arrays.npz")]) == 0
    sheet = np.asarray(Image.open(tmp_path / "sheet.png"))
    assert sheet.shape == (2 * 9 - 1, 3 * 9 - 1)
    with np.load(tmp_path / "arrays.npz", allow_pickle=False) as arrays:
        assert arrays["x"].shape == (6, 1, 8, 8)
        assert arrays["z"].shape == (6, 8)
        shown = np.clip(np.rint(arrays["x"][:, 0] * (255 / 16)), 0, 255)
    for index in range(6):
        top, left = index // 3 * 9, index % 3 * 9
        difference = sheet[top : top + 8, left : left + 8] - shown[index]
        assert np.abs(difference).max() <= 1
    assert "6 samples of step 40" in capsys.readouterr().err


def test_points_are_saved_as_a_table(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["train", "ring-gan", "--out", "ring", "--steps", "2", "--json"]) == 0
    assert cli.main(["sample", "ring", "-n", "5"]) == 0
    table = np.loadtxt(tmp_path / "ring-samples.csv", delimiter=",", skiprows=1)
    assert table.shape == (5, 2)


def test_lists_name_everything_registered(capsys):
    assert cli.main(["methods", "--json"]) == 0
    methods = json.loads(capsys.readouterr().out)
    assert [method["name"] for method in methods] == [model.name for _, model in models()]
    assert {method["kind"] for method in methods} == set(METHODS.kinds())
    assert len(methods) >= 30
    assert {"label", "family", "paper", "help", "edits"} <= set(methods[0])
    assert cli.main(["datasets", "--json"]) == 0
    datasets = json.loads(capsys.readouterr().out)
    assert [dataset["name"] for dataset in datasets] == list(DATASETS.kinds())
    option = next(o for o in methods[0]["options"] if o["path"] == "method.latent_dim")
    assert option["minimum"] == 1
    assert option["help"]
    assert option["live"] is False


def test_every_named_model_is_listed_for_people_under_its_family(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert cli.main(["methods"]) == 0
    out = capsys.readouterr().out
    first = {line.split()[0] for line in out.splitlines() if line.strip()}
    assert {model.name for _, model in models()} <= first
    assert out.index("Autoencoders") < out.index("GANs")


def test_a_named_model_is_trained_in_place_of_the_recipes(tmp_path):
    out = tmp_path / "run"
    arguments = ["train", "digits-gan", "--method", "vae", "--steps", "2", "--json"]
    assert cli.main([*arguments, "--out", str(out), "--set", "method.latent_dim=3"]) == 0
    wanted = chosen(recipe("digits-gan"), "vae")
    assert RunFolder.open(out).experiment == wanted.with_options(
        {"training.steps": 2, "method.latent_dim": 3}
    )


def test_without_an_experiment_a_model_is_trained_on_digits(tmp_path, capsys):
    out = tmp_path / "run"
    assert cli.main(["train", "--method", "gan", "--steps", "2", "--out", str(out), "--json"]) == 0
    assert RunFolder.open(out).experiment.dataset.kind == "digits"
    assert cli.main(["train", "--method", "gam", "--out", str(tmp_path / "b")]) == 2
    assert "“gam” is not a known method. Did you mean “gan”?" in capsys.readouterr().err
    assert cli.main(["train", "--resume", "--method", "gan", "--out", str(out)]) == 2
    assert "A run keeps its method." in capsys.readouterr().err


@pytest.mark.parametrize("command", ["recipes", "methods", "datasets", "methods gan"])
def test_lists_for_people_are_tables(command, capsys):
    assert cli.main(command.split()) == 0
    assert len(capsys.readouterr().out.splitlines()) > 2


def test_the_version_is_printed(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"AEGAN Studio {__version__}"


def test_the_language_can_be_chosen(capsys):
    assert cli.main(["--language", "zh_CN", "recipes", "--json"]) == 0
    assert tr.language == "zh_CN"
    assert cli.main(["--language=xx", "recipes"]) == 2
    assert "“xx” is not a language" in capsys.readouterr().err


def test_a_closed_pipe_ends_quietly():
    command = f"{sys.executable} -m aegan_studio methods --json | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert os.linesep.join(done.stdout.splitlines()) == "["
