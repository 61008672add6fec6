"""The commands and their flags. Each imports what it needs when it runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from aegan_studio import __version__
from aegan_studio.i18n import LANGUAGES, tr
from aegan_studio.messages import StudioError, msg


def execute(arguments: Sequence[str]) -> int:
    """Parse and run; returns the exit code.

    Raises
    ------
    StudioError
        Flags that don't exist or don't fit, and whatever the command raises.
    """
    try:
        result = _build()(list(arguments), prog_name="aegan-studio", standalone_mode=False)
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.TyperException as error:
        raise StudioError(
            msg("{why}.", why=error.format_message().rstrip(". ")),
            msg("Add --help to see what there is."),
        ) from None
    return result if isinstance(result, int) else 0


def _build() -> typer.Typer:
    app = typer.Typer(
        help=tr("A desktop playground for autoencoders, GANs and the models that join the two."),
        no_args_is_help=False,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback(invoke_without_command=True)(_start)
    commands = (
        ("train", _train, tr("Train an experiment or a recipe into a run folder.")),
        ("twin", _twin, tr("Train two experiments side by side, in lockstep.")),
        ("sample", _sample, tr("Save samples of a run.")),
        ("walk", _walk, tr("Film a walk through a run's latent space.")),
        ("grid", _grid, tr("Save a grid of a run's latent space.")),
        ("invert", _invert, tr("Find the codes of a picture or of held-out data.")),
        ("demos", _demos, tr("List the trained demos that travel with the program.")),
        ("codes", _codes, tr("Save the codes of a run's data, or of samples, as a table.")),
        (
            "doctor",
            _doctor,
            tr(
                "Say what is wrong with a run, or train an experiment and say so; the exit code is "
                "1 where something is."
            ),
        ),
        ("recipes", _recipes, tr("List the ready experiments.")),
        ("methods", _methods, tr("List the models by name, or the options of one.")),
        ("datasets", _datasets, tr("List the datasets, or the options of one.")),
        ("plugins", _plugins, tr("Allow or forbid layers of your own, and list them.")),
        ("tour", _tour, tr("Draw every screen into PNG files.")),
        (
            "demo",
            _demo,
            tr(
                "Open the window with a demo; without a name train, explore and save by itself, "
                "and keep pictures of it."
            ),
        ),
        ("bench", _bench, tr("Measure the speed of training beside hand-written loops.")),
    )
    for name, command, about in commands:
        app.command(name, help=about)(command)
    return app


def _start(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help=tr("Print the version and leave."))
    ] = False,
    language: Annotated[
        str, typer.Option("--language", help=tr("The language: {known}.", known=_languages()))
    ] = "",
) -> int:
    del language  # it was looked for before parsing, because the help speaks it
    if version:
        print(f"AEGAN Studio {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        from aegan_studio.cli import window

        raise typer.Exit(window([]))
    return 0


def _languages() -> str:
    return ", ".join(LANGUAGES)


def _train(
    experiment: Annotated[
        str | None, typer.Argument(help=tr("An experiment's TOML file or a recipe's name."))
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help=tr("The run's folder; by default a new one among your runs.")),
    ] = None,
    method: Annotated[
        str | None,
        typer.Option(
            help=tr(
                "Train this model, as “aegan-studio methods” names it; on handwritten digits "
                "where no experiment is given."
            )
        ),
    ] = None,
    steps: Annotated[
        int | None, typer.Option(help=tr("Train up to this step; short for training.steps."))
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="PATH=VALUE", help=tr("Change an option; may be given many times.")
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help=tr("Go on with the run in --out."))] = (
        False
    ),
    origin: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="RUN",
            help=tr("Branch from this run: a new run from an instant of its timeline."),
        ),
    ] = None,
    at: Annotated[
        int | None,
        typer.Option(
            "--at",
            metavar="STEP",
            min=0,
            help=tr("The step to branch from; by default the latest that is kept."),
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Report as JSON lines."))] = False,
    threads: Annotated[
        int | None, typer.Option(help=tr("Processor threads; short for training.threads."))
    ] = None,
    autosave: Annotated[
        float, typer.Option(min=0.1, help=tr("Seconds of training between checkpoints."))
    ] = 10.0,
) -> int:
    from aegan_studio.cli.training import parse_edits, train

    edits = parse_edits(settings or [])
    if steps is not None:
        edits["training.steps"] = steps
    if threads is not None:
        edits["training.threads"] = threads
    return train(
        experiment,
        out,
        edits,
        method=method,
        resume=resume,
        origin=origin,
        at=at,
        as_json=as_json,
        autosave=autosave,
    )


def _twin(
    first: Annotated[
        str, typer.Argument(metavar="A", help=tr("An experiment's TOML file or a recipe."))
    ],
    second: Annotated[
        str,
        typer.Argument(
            metavar="B", help=tr("The same, or the name of a model to compare A with, as wgan-gp.")
        ),
    ],
    steps: Annotated[
        int | None, typer.Option(help=tr("Train up to this step; short for training.steps."))
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="PATH=VALUE", help=tr("Change an option; may be given many times.")
        ),
    ] = None,
    own_data: Annotated[
        bool, typer.Option("--own-data", help=tr("Leave B its own seed and data."))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Report as JSON lines."))] = False,
) -> int:
    from aegan_studio.cli.training import parse_edits
    from aegan_studio.cli.twins import twin

    edits = parse_edits(settings or []) | ({} if steps is None else {"training.steps": steps})
    return twin(first, second, edits, own_data=own_data, as_json=as_json)


def _doctor(
    target: Annotated[
        str, typer.Argument(metavar="RUN|EXPERIMENT", help=tr("A run's folder, or what to train."))
    ],
    steps: Annotated[
        int | None, typer.Option(help=tr("Train up to this step; short for training.steps."))
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="PATH=VALUE", help=tr("Change an option; may be given many times.")
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Report as JSON."))] = False,
) -> int:
    from aegan_studio.cli.doctoring import doctor
    from aegan_studio.cli.training import parse_edits

    return doctor(target, steps, parse_edits(settings or []), as_json=as_json)


def _sample(
    run: Annotated[Path, typer.Argument(help=tr("The run's folder."))],
    count: Annotated[
        int, typer.Option("--count", "-n", min=1, max=100_000, help=tr("How many."))
    ] = 64,
    seed: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help=tr("The same seed gives the same samples."))
    ] = 0,
    out: Annotated[
        Path | None,
        typer.Option(help=tr("A .png (pictures), .csv (points) or .npz (arrays) file.")),
    ] = None,
    scale: Annotated[
        int, typer.Option(min=1, max=32, help=tr("Side of a pixel in the picture."))
    ] = 1,
    of_class: Annotated[
        str | None,
        typer.Option("--class", help=tr("Samples of this class; of a conditional model.")),
    ] = None,
) -> int:
    from aegan_studio.cli.sampling import sample

    sample(run, count, seed, out, scale, of_class)
    return 0


def _walk(
    run: Annotated[Path, typer.Argument(help=tr("The run's folder."))],
    start: Annotated[str, typer.Option("--from", metavar="STOP", help=_stop_help())] = "seed:0",
    end: Annotated[
        str, typer.Option("--to", metavar="STOP", help=tr("Where the walk ends; as --from."))
    ] = "seed:1",
    stops: Annotated[
        list[str] | None,
        typer.Option(
            "--stops", metavar="STOP", help=tr("A stop on the way; may be given many times.")
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            help=tr(
                "linear, spherical, spline or spherical-spline; by default spherical where codes "
                "are normal, else linear."
            )
        ),
    ] = None,
    frames: Annotated[int, typer.Option(min=2, max=10_000, help=tr("How many pictures."))] = 60,
    fps: Annotated[float, typer.Option(help=tr("Pictures per second."))] = 24.0,
    loop: Annotated[
        bool, typer.Option("--loop", help=tr("Go on from the end back to the start."))
    ] = False,
    ping_pong: Annotated[
        bool, typer.Option("--ping-pong", help=tr("Go back the same way."))
    ] = False,
    every_class: Annotated[
        bool,
        typer.Option(
            "--every-class", help=tr("Walk through all classes in order, in the place of stops.")
        ),
    ] = False,
    psi: Annotated[
        float, typer.Option(help=tr("Truncation: 1 as they are, 0 the mean of all codes."))
    ] = 1.0,
    even: Annotated[
        bool,
        typer.Option(
            "--even/--equal-legs",
            help=tr("Equal distances from picture to picture, or as many pictures for each leg."),
        ),
    ] = True,
    scale: Annotated[
        int | None, typer.Option(min=1, max=32, help=tr("Side of a pixel in the picture."))
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help=tr(
                "A .gif, .webp, .mp4 (needs the extra “video”), .png (strip) or .npz (arrays) file."
            )
        ),
    ] = None,
) -> int:
    from aegan_studio.cli import latent

    passed = None if every_class else (start, *(stops or ()), end)
    latent.walk(run, latent.Way(passed, kind, frames, loop, ping_pong, psi, even), fps, scale, out)
    return 0


def _grid(
    run: Annotated[Path, typer.Argument(help=tr("The run's folder."))],
    dims: Annotated[
        tuple[int, int] | None,
        typer.Option(
            help=tr(
                "The two values of a code to go through, counted from 0; by default those that "
                "data differ in most."
            )
        ),
    ] = None,
    traverse: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NUMBER",
            help=tr("A row for this value of a code, or “all”; may be given many times."),
        ),
    ] = None,
    base: Annotated[str | None, typer.Option("--from", metavar="STOP", help=_stop_help())] = None,
    by_change: Annotated[
        bool,
        typer.Option(
            "--by-change",
            help=tr("With --traverse: the values that one sees most of come first."),
        ),
    ] = False,
    side: Annotated[int, typer.Option(min=2, max=100, help=tr("Pictures a row."))] = 15,
    scale: Annotated[
        int | None, typer.Option(min=1, max=32, help=tr("Side of a pixel in the picture."))
    ] = None,
    out: Annotated[Path | None, typer.Option(help=tr("A .png, .svg or .npz file."))] = None,
) -> int:
    from aegan_studio.cli import latent

    latent.grid(run, dims, tuple(traverse or ()), base, side, scale, out, by_change=by_change)
    return 0


def _stop_help() -> str:
    return tr(
        "A code: seed:3 (drawn), class:NAME (in the midst of a class), item:5 (a training item), "
        "mean."
    )


def _invert(
    run: Annotated[Path, typer.Argument(help=tr("The run's folder."))],
    picture: Annotated[
        Path | None, typer.Option(help=tr("A picture; its middle is cut out and scaled."))
    ] = None,
    held_out: Annotated[
        int | None,
        typer.Option("--held-out", min=1, max=10_000, help=tr("So many held-out items instead.")),
    ] = None,
    steps: Annotated[
        int, typer.Option(min=1, max=1_000_000, help=tr("Updates; more come nearer."))
    ] = 300,
    starts: Annotated[
        int, typer.Option(min=1, max=64, help=tr("Codes to start from for each item."))
    ] = 4,
    seed: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help=tr("The same seed gives the same codes."))
    ] = 0,
    out: Annotated[
        Path | None, typer.Option(help=tr("A .npz (arrays) or .png (pictures) file."))
    ] = None,
    scale: Annotated[
        int, typer.Option(min=1, max=32, help=tr("Side of a pixel in the picture."))
    ] = 1,
) -> int:
    from aegan_studio.cli.inverting import invert

    invert(run, picture, held_out, steps, starts, seed, out, scale)
    return 0


def _codes(
    run: Annotated[Path, typer.Argument(help=tr("The run's folder."))],
    out: Annotated[
        Path | None, typer.Option(help=tr("A .npz (arrays) or .csv (text) file."))
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(
            "--samples", "-n", min=1, max=1_000_000, help=tr("Draw so many codes instead.")
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help=tr("The same seed gives the same samples."))
    ] = 0,
    of_class: Annotated[
        str | None,
        typer.Option("--class", help=tr("Samples of this class; of a conditional model.")),
    ] = None,
    pca: Annotated[
        bool, typer.Option("--pca", help=tr("Add the places on two principal components."))
    ] = False,
) -> int:
    from aegan_studio.cli.codes import codes

    codes(run, out, samples, seed, of_class, pca)
    return 0


def _recipes(
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print JSON."))] = False,
) -> int:
    from aegan_studio.cli import lists

    lists.recipes(as_json)
    return 0


def _methods(
    name: Annotated[str | None, typer.Argument(help=tr("Show this one's options."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print JSON."))] = False,
) -> int:
    from aegan_studio.cli import lists

    lists.methods(name, as_json)
    return 0


def _datasets(
    name: Annotated[str | None, typer.Argument(help=tr("Show this one's options."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print JSON."))] = False,
) -> int:
    from aegan_studio.cli import lists

    lists.datasets(name, as_json)
    return 0


def _plugins(
    switch: Annotated[
        bool | None,
        typer.Option(
            "--enable/--disable",
            help=tr("Run the files in the plug-in folder as programs, or not."),
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print JSON."))] = False,
) -> int:
    from aegan_studio.cli import plugins

    plugins.show(switch, as_json)
    return 0


def _tour(
    out: Annotated[Path, typer.Option(help=tr("The folder for the pictures."))],
    only: Annotated[str, typer.Option(help=tr("Only the screens whose names contain this."))] = "",
) -> int:
    from aegan_studio.ui.tour.command import main

    return main(out, only) or 0


def _demos(
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print JSON."))] = False,
) -> int:
    from aegan_studio.cli import lists

    lists.demos(as_json)
    return 0


def _demo(
    name: Annotated[
        str | None, typer.Argument(help=tr("A demo, as “aegan-studio demos” names it."))
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help=tr("The folder for the run and the pictures."))
    ] = None,
    offscreen: Annotated[
        bool, typer.Option("--offscreen", help=tr("Draw no window on the screen."))
    ] = False,
) -> int:
    if name is not None:
        from aegan_studio.catalog.demos import demo
        from aegan_studio.cli import window

        if out is not None or offscreen:
            raise StudioError(
                msg("A demo with a name is opened in the window, not played by itself."),
                msg("Leave --out and --offscreen away, or the name."),
            )
        return window([f"--demo={demo(name).name}"])
    if out is None:
        raise StudioError(
            msg("There is nothing to show."),
            msg("Name a demo, or a folder for pictures with --out."),
        )
    from aegan_studio.ui.demo import main

    return main(out, offscreen) or 0


def _bench(
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print JSON."))] = False,
    out: Annotated[
        Path | None, typer.Option(help=tr("A folder for the tables, JSON and Markdown."))
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help=tr("Measure briefly."))] = False,
    only: Annotated[
        list[str] | None, typer.Option("--only", help=tr("A part of it, by name; repeatable."))
    ] = None,
) -> int:
    from aegan_studio.bench import main

    return main(out=out, json=as_json, quick=quick, only=only or ())
