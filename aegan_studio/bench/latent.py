"""Figures of the latent explorer: from slider to picture, and what a training loses to it."""

from __future__ import annotations

from collections.abc import Iterator

from aegan_studio.bench.cases import ENDLESS
from aegan_studio.bench.pacing import Budget, Spread, compare
from aegan_studio.bench.report import Figure
from aegan_studio.bench.windowed import apart, percentile
from aegan_studio.experiment import Experiment
from aegan_studio.messages import msg

FOLLOWED = {
    "digits-aegan": msg("AEGAN, digits 8 px"),
    "dcgan": msg("DCGAN 64 px"),
}
"""Models that train while the explorer follows: small and fast, large and slow."""


def experiment(name: str) -> Experiment:
    """One of :data:`FOLLOWED`, training without end."""
    if name == "dcgan":
        dcgan = {"kind": "dcgan", "channels": 64}
        return Experiment.parse(
            {
                "dataset": {"kind": "photo-patches", "side": 64, "patches": 500},
                "method": {"kind": "gan", "latent_dim": 64},
                "networks": {"generator": dcgan, "discriminator": dcgan},
                "training": {"device": "cpu", "steps": ENDLESS, "batch_size": 16},
            }
        )
    from aegan_studio.catalog.recipes import recipe

    changes = {"training.steps": ENDLESS, "training.device": "cpu", "training.threads": 1}
    return recipe(name).with_options(changes)


def sliding(budget: Budget) -> Iterator[Figure]:
    """From a moved slider to the picture."""
    found = apart(slider, 12 * budget.rounds)
    for key, what, target in (
        ("idle", msg("Slider to picture, DCGAN 64 px, at rest, 95 of 100"), 16.0),
        ("training", msg("Slider to picture, DCGAN 64 px, while it trains, 95 of 100"), 40.0),
    ):
        yield percentile(f"slider/{key}", what, found[key], target)


def following(budget: Budget) -> Iterator[Figure]:
    """Training's share of its speed while map and canvas follow, against both out of sight."""
    # windows of seconds: the map is brought up to date only every so often
    budget = Budget(max(2, budget.rounds // 2), 8 * budget.window, 2 * budget.warm_up)
    for name, title in FOLLOWED.items():
        found = apart(beside_training, name, budget)
        pairs = zip(found["followed"], found["alone"], strict=True)
        ratio = Spread.of([with_it / without for with_it, without in pairs])
        yield Figure(
            name=f"following/{name}",
            what=msg("{model}: explored while it trains, against unwatched", model=title),
            value=ratio.median,
            low=ratio.p10,
            high=ratio.p90,
            target=0.95,
            details={
                "followed/s": Spread.of(found["followed"]).median,
                "alone/s": Spread.of(found["alone"]).median,
                "snapshots": found["snapshots"][0],
                "maps": found["maps"][0],
            },
        )


def slider(moves: int) -> dict[str, list[float]]:
    """From a moved slider to the new picture of a 64-pixel DCGAN, in ms: at rest, and training."""
    from aegan_studio.bench.beside import SETTLING, at_work, exploring
    from aegan_studio.ui.panels.explore.latency import slider_latency
    from aegan_studio.ui.rehearsal import until, wait

    with at_work(experiment("dcgan")) as (studio, _):
        panel = exploring(studio)
        wait(1.0)
        until(lambda: panel.is_settled, "a rest")
        slider_latency(panel, 10)
        idle = slider_latency(panel, moves)
        studio.session.train()
        until(lambda: studio.session.state == "running", "training")
        wait(SETTLING)
        training = slider_latency(panel, moves)
        studio.session.pause()
        until(lambda: studio.session.state == "paused", "the pause")
    return {"idle": idle.tolist(), "training": training.tolist()}


def beside_training(name: str, budget: Budget) -> dict[str, list[float]]:
    """Training with the explorer in sight and with the welcome page, in turns.

    Returns
    -------
    dict
        "followed" and "alone": steps a second by round; "snapshots" and "maps": how many the
        explorer took on and drew meanwhile, one number each.
    """
    from aegan_studio.bench.beside import SETTLING, Watched, at_work, exploring
    from aegan_studio.ui.rehearsal import until, wait

    with at_work(experiment(name)) as (studio, _):
        watched, panel = Watched(studio), exploring(studio)
        counts = {"snapshots": 0.0, "maps": 0.0}

        def count(kind: str) -> None:
            counts[kind] += 1.0

        panel.explorer.picture_changed.connect(lambda _picture: count("snapshots"))
        panel.explorer.charted.connect(lambda _chart: count("maps"))

        def settled() -> None:
            """What is made up for at rest is no part of following."""
            wait(SETTLING)
            until(lambda: panel.is_settled, "a rest")

        def followed(seconds: float) -> tuple[int, float]:
            studio.window.show_workspace("explore")
            settled()
            return watched.advance(seconds)

        def alone(seconds: float) -> tuple[int, float]:
            studio.window.show_welcome()
            settled()
            return watched.advance(seconds)

        paces = compare({"followed": followed, "alone": alone}, budget)
        return {
            **{key: list(values) for key, values in paces.by_name.items()},
            **{key: [value] for key, value in counts.items()},
        }
