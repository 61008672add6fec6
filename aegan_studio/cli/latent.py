"""Walks and grids of a run's latent space as films, pictures and arrays."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from aegan_studio.catalog import codes as meanings
from aegan_studio.cli.output import say
from aegan_studio.files import write_atomically
from aegan_studio.i18n import tr
from aegan_studio.messages import StudioError, msg

if TYPE_CHECKING:
    from aegan_studio.api import Floats, Run
    from aegan_studio.ml.latent.explorer import Survey
    from aegan_studio.runs.pictures import Pixels

DRAWS = 2048
"""Codes, drawn or encoded, that stand for all."""

SHEET_SIDE = 32
"""About how many pixels wide a picture of a sheet gets where no scale is asked for."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where a walk leads: stops as written, and how to go from one to the next.

    ``stops`` ``None`` are all classes in order. ``kind`` ``None`` is spherical for normal codes
    and linear for others.
    """

    stops: tuple[str, ...] | None
    kind: str | None = None
    frames: int = 60
    loop: bool = False
    ping_pong: bool = False
    psi: float = 1.0
    even: bool = True


def walk(path: Path, way: Way, fps: float, scale: int | None, out: Path | None) -> None:
    """Walk through the latent space of the run in ``path`` and save it by the ending of ``out``.

    Raises
    ------
    StudioError
        No run, stops that it does not have, a name of which no file is made, a bad pace.
    """
    from aegan_studio.api import load_run
    from aegan_studio.runs import films

    out = out or Path(f"{path.resolve().name}-walk.gif")
    ending = _ending(out, (*films.FILMS, ".png", ".npz"))
    if not 0.1 <= fps <= 1000.0:
        raise StudioError(
            msg("A film cannot play {fps:g} pictures per second.", fps=fps),
            msg("Choose a number from 0.1 to 1,000."),
        )
    if way.loop and way.ping_pong:
        raise StudioError(
            msg("A walk cannot loop and go back the same way."),
            msg("Choose --loop or --ping-pong."),
        )
    if ending == ".mp4":
        films.need_mp4()
    run = load_run(path)
    codes = walk_codes(run, way)
    items = run.decode(codes)
    if ending == ".npz":
        write_atomically(out, _arrays(x=items, z=codes, fps=np.float64(fps)))
    else:
        pictures = _frames(run, items)
        side = films.SIDE if ending in films.FILMS else SHEET_SIDE
        films.save_film(out, pictures, fps, scale=scale or films.fitting_scale(pictures, side))
    say(
        tr("A walk of {count} pictures, step {step:,}, is in {path}.",
           count=len(codes), step=run.step, path=out)
    )  # fmt: skip


def walk_codes(run: Run, way: Way) -> Floats:
    """The codes (n, d) of a walk; raises what :func:`walk` raises."""
    from aegan_studio.ml.latent.directions import truncated
    from aegan_studio.ml.latent.walks import WALK_KINDS, ping_pong, travel

    kind = way.kind or ("spherical" if _normal(run) else "linear")
    if kind not in WALK_KINDS:
        raise StudioError(
            msg("There is no walk called “{kind}”.", kind=kind),
            msg("It must be one of: {known}.", known=", ".join(WALK_KINDS)),
        )
    if not (np.isfinite(way.psi) and abs(way.psi) <= 10.0):
        raise StudioError(
            msg("The truncation cannot be {psi:g}.", psi=way.psi),
            msg("Choose a number from −10 to 10; 1 leaves codes as they are."),
        )
    written = _every_class(run) if way.stops is None else way.stops
    stops = np.concatenate([_stop(run, stop) for stop in written])
    if way.psi != 1.0:
        stops = _keeping_class(run, truncated(stops, way.psi, _mean(run)[0]), stops)
    asked = meanings.class_part(run.experiment)
    # what is asked for lies on no sphere: it fades over, in step with the rest
    straight = range(asked[0].start, asked[0].stop) if asked is not None else ()
    codes = travel(stops, way.frames, kind, loop=way.loop, even=way.even, straight=straight)
    return (ping_pong(codes) if way.ping_pong else codes).astype(np.float32)


def _every_class(run: Run) -> tuple[str, ...]:
    """A stop in each class; raises :class:`StudioError` where there are less than two."""
    classes = run.experiment.data_info().classes
    if len(classes) < 2:
        raise StudioError(
            msg("These data have no classes."), msg("Name stops with --from, --stops and --to.")
        )
    return tuple(f"class:{name}" for name in classes)


def grid(
    path: Path,
    dims: tuple[int, int] | None,
    traverse: Sequence[str],
    base: str | None,
    side: int,
    scale: int | None,
    out: Path | None,
    *,
    by_change: bool = False,
) -> None:
    """Save a grid in two values of a code, or a row for each of several.

    ``by_change`` puts rows in the order of how much items change along them.

    Raises
    ------
    StudioError
        No run, values that its codes do not have, a name of which no file is made.
    """
    from aegan_studio.api import load_run

    if dims is not None and traverse:
        raise StudioError(
            msg("A grid goes through two values or along each."),
            msg("Choose --dims or --traverse."),
        )
    out = out or Path(f"{path.resolve().name}-grid.png")
    ending = _ending(out, (".png", ".svg", ".npz"))
    run = load_run(path)
    survey = _survey(run)
    start = _stop(run, base or ("mean" if run.has_encoder else "seed:0"))[0]
    chosen = (
        _dimensions(run, traverse) if traverse else _dimensions(run, dims or _most_varied(survey))
    )
    if not traverse and len(set(chosen)) < 2:
        raise StudioError(
            msg("A grid needs two different values of a code."), msg("Name two, or use --traverse.")
        )
    if traverse and by_change:
        chosen = _by_change(run, survey, chosen)
    codes = _grid_codes(run, survey, start, chosen, side, rows=bool(traverse))
    items = run.decode(codes.reshape(-1, codes.shape[-1]))
    if ending == ".npz":
        data = _arrays(x=items.reshape(*codes.shape[:2], *items.shape[1:]), z=codes)
    else:
        captions = _captions(run, codes, chosen) if traverse else ()
        data = _sheet(run, items, side, scale, ending, captions)
    write_atomically(out, data)
    say(
        tr("A grid of {count} pictures, step {step:,}, is in {path}.",
           count=len(items), step=run.step, path=out)
    )  # fmt: skip


def _by_change(run: Run, survey: Survey, chosen: Sequence[int]) -> list[int]:
    """Values of a code, those first along which decoded items change most."""
    from aegan_studio.ml.latent.directions import Direction, sensitivity

    eye = np.eye(len(survey.spread))
    rows = tuple(Direction(eye[value], 0.0, float(survey.spread[value])) for value in chosen)
    seen = sensitivity(rows, survey.codes, lambda codes: run.decode(codes.astype(np.float32)))
    return [chosen[row] for row in np.argsort(-seen, kind="stable")]


def _grid_codes(
    run: Run, survey: Survey, start: Floats, chosen: Sequence[int], side: int, *, rows: bool
) -> npt.NDArray[np.float32]:
    from aegan_studio.ml.latent.walks import manifold_grid, quantiles, traversals, value_kinds

    if rows:
        found = traversals(start, chosen, survey.low, survey.high, side)
    else:
        kinds = value_kinds(run.experiment)
        across, up = (
            (
                index,
                quantiles(side, float(survey.low[index]), float(survey.high[index]), kinds[index]),
            )
            for index in chosen
        )
        found = manifold_grid(start, across, up)
    return found.astype(np.float32)


def _sheet(
    run: Run,
    items: Floats,
    columns: int,
    scale: int | None,
    ending: str,
    captions: Sequence[str],
) -> bytes:
    from aegan_studio.runs.films import POINTS_SIDE, fitting_scale, sheet_svg
    from aegan_studio.runs.pictures import GREY, ORANGE, png, scatter, sheet

    if run.experiment.data_info().modality == "points":
        if ending == ".svg":
            raise StudioError(
                msg("Points make no contact sheet."), msg("Save a .png or .npz file.")
            )
        large = scatter([(run.data().train, GREY), (items, ORANGE)], POINTS_SIDE)
        return png(np.repeat(np.repeat(large, scale or 1, axis=0), scale or 1, axis=1))
    pictures = run.to_display(items)
    scale = scale or fitting_scale(pictures, SHEET_SIDE)
    if ending == ".svg":
        return sheet_svg(pictures, columns=columns, scale=scale, captions=captions)
    return png(sheet(pictures, columns=columns, scale=scale))


def _frames(run: Run, items: Floats) -> Pixels:
    """Decoded items as pictures; points as a trail over the data."""
    if run.experiment.data_info().modality != "points":
        return run.to_display(items)
    from aegan_studio.runs.films import trail

    return trail(run.data().train, items)


def _captions(run: Run, codes: Floats, chosen: Sequence[int]) -> list[str]:
    names = [tr(name) for name in meanings.value_names(run.experiment)]
    return [
        f"{names[index]} = {code[index]:.2f}"
        for index, row in zip(chosen, codes, strict=True)
        for code in row
    ]


def _stop(run: Run, written: str) -> Floats:
    """The code (1, d) that a stop means."""
    kind, colon, value = written.partition(":")
    if kind == "seed" and value.isdecimal() and int(value) < 2**32:
        return run.prior(1, int(value))
    if kind == "mean" and not colon:
        return _mean(run)
    if kind == "item" and value.isdecimal():
        items = run.data().train
        if int(value) >= len(items):
            raise StudioError(
                msg("There is no training item {index:,}.", index=int(value)),
                msg("Choose a number from 0 to {most:,}.", most=len(items) - 1),
            )
        return run.encode(items[int(value)][None])
    if kind == "class" and value:
        return _class_stop(run, value)
    raise StudioError(
        msg("“{stop}” is no stop of a walk.", stop=written),
        msg("Write seed:3, class:NAME, item:5 or mean."),
    )


def _class_stop(run: Run, name: str) -> Floats:
    if meanings.class_part(run.experiment) is not None:
        return run.prior(1, 0, name)
    data = run.data()
    if data.train_labels is None or name not in data.classes:
        known = ", ".join(data.classes)
        raise StudioError(
            msg("There is no class called “{name}”.", name=name),
            msg("It must be one of: {known}.", known=known)
            if known
            else msg("These data have no classes; use seed:3."),
        )
    from aegan_studio.ml.latent.walks import class_stops

    own = data.train[data.train_labels == data.classes.index(name)][:DRAWS]
    if not len(own):
        raise StudioError(
            msg("No training item is of class “{name}”.", name=name), msg("Choose another class.")
        )
    return class_stops(run.encode(own), np.zeros(len(own)))[0].astype(np.float32)


def _mean(run: Run) -> Floats:
    """The mean code (1, d); what is asked of a conditional model is drawn."""
    drawn = run.prior(DRAWS)
    codes = run.encode(run.data().train[:DRAWS]) if run.has_encoder else drawn
    return _keeping_class(run, codes.mean(axis=0, dtype=np.float64)[None], drawn[:1])


def _keeping_class(run: Run, codes: npt.NDArray[Any], given: npt.NDArray[Any]) -> Floats:
    """Codes (n, d) that ask for the classes that other ones ask for, if any."""
    kept = codes.astype(np.float32)
    asked = meanings.class_part(run.experiment)
    if asked is not None:
        kept[:, asked[0]] = given[:, asked[0]]
    return kept


def _normal(run: Run) -> bool:
    """Whether codes lie about a sphere, but for what a conditional model is asked for."""
    asked = meanings.class_part(run.experiment)
    parts = run.experiment.method.code_parts(run.experiment.data_info())
    return all(part.kind == "normal" for part in parts if asked is None or part != asked[1])


def _most_varied(survey: Survey) -> tuple[int, ...]:
    """The two values of a code that data differ in most; the first two of draws from a prior."""
    count = min(2, len(survey.spread))
    if survey.source == "prior":
        return tuple(range(count))
    most = np.argsort(-survey.spread, kind="stable")[:count]
    return tuple(int(index) for index in np.sort(most))


def _dimensions(run: Run, written: Sequence[str | int]) -> list[int]:
    """Numbers of values as written; raises :class:`StudioError` for those that codes lack."""
    count = run.experiment.method.code_dim(run.experiment.data_info())
    if "all" in written:
        return list(range(count))
    found = []
    for number in written:
        index = int(number) if str(number).isdecimal() else -1
        if not 0 <= index < count:
            raise StudioError(
                msg("Codes of this run have no value {number}.", number=number),
                msg("Choose a number from 0 to {most:,}.", most=count - 1),
            )
        found.append(index)
    return found


def _survey(run: Run) -> Survey:
    from aegan_studio.experiment.events import Weights
    from aegan_studio.ml.latent.explorer import LatentModel

    model = LatentModel(run.experiment)
    model.load(Weights(run.step, run.weights))
    return model.survey()


def _ending(out: Path, allowed: tuple[str, ...]) -> str:
    ending = out.suffix.lower()
    if ending not in allowed:
        raise StudioError(
            msg("{name} cannot hold this.", name=out.name),
            msg("Choose a name that ends in {endings}.", endings=" / ".join(allowed)),
        )
    return ending


def _arrays(**arrays: npt.NDArray[Any] | np.floating[Any]) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **cast("dict[str, Any]", arrays))
    return buffer.getvalue()
