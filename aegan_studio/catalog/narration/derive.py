"""The sentences of an update, derived from roles, flow, terms and priors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aegan_studio.catalog.methods.adversarial import Adversarial
from aegan_studio.catalog.narration.letters import letter, mentions, plain, symbol
from aegan_studio.catalog.narration.particulars import also_made, left_out, shown_to
from aegan_studio.catalog.narration.stages import Formula, Hop, Narration, Stage
from aegan_studio.experiment.parts import (
    DataInfo,
    Flow,
    MethodOptions,
    PhaseInfo,
    Role,
    TermInfo,
)
from aegan_studio.messages import Message, msg

_MADE = {
    "x-hat": (
        msg("Generate"),
        msg("Every drawn code becomes an item of data. So far nothing has compared it with any."),
    ),
    "x-tilde": (
        msg("Rebuild"),
        msg("Every code becomes an item again: the reconstruction of the one it was made from."),
    ),
    "z-hat": (
        msg("Encode"),
        msg("Every real item becomes a code: a few numbers that must say what the item is."),
    ),
    "z-tilde": (
        msg("Encode again"),
        msg("What was made is encoded, to see whether its code can be found again."),
    ),
    "z": (msg("Make codes"), msg("A network turns noise into codes: it learns where codes lie.")),
}
_SPREAD = msg(
    "The encoder gives every item a mean and a spread for each value of its code; the code is "
    "drawn from there, so that codes nearby must mean nearly the same."
)
_ELSE = (
    msg("Pass it on"),
    msg("What one network gives is what the next one takes."),
)
_COMPARED = {
    frozenset({"x", "x-tilde"}): msg("Compare data with reconstructions"),
    frozenset({"z", "z-tilde"}): msg("Compare codes with those found again"),
    frozenset({"z-hat", "z-tilde"}): msg("Compare codes with those found again"),
    frozenset({"z", "z-hat"}): msg("Compare codes with drawn ones"),
}


class Scene:
    """A method's update while it is told: what flows where, and what the phase needs of it."""

    def __init__(self, method: MethodOptions, data: DataInfo, phase: PhaseInfo) -> None:
        self.method, self.data, self.phase = method, data, phase
        self.roles = {role.name: role for role in method.roles(data)}
        self.flow: Flow = method.flow()
        self.made: dict[str, tuple[str, str]] = {}
        """Things to (what they are made from, the network that makes them)."""
        for path in self.flow.paths:
            for start, network, end in zip(path[::2], path[1::2], path[2::2], strict=False):
                self.made.setdefault(end, (start, network))
        self.terms = [term for term in phase.terms if not term.signal and self._on(term)]
        self.updated = set(phase.updates)
        asked = {name: self._shown_to(name) for name in self.flow.judged if self._asked(name)}
        self.shown = {name: things for name, things in asked.items() if things}
        self.critics = tuple(self.shown)

    def _on(self, term: TermInfo) -> bool:
        """Whether a term counts: one whose weight is 0 does not."""
        if term.name in left_out(self.method):
            return False
        option = self.method.weighs().get(term.name)
        return not option or float(getattr(self.method, option)) != 0

    def _asked(self, critic: str) -> bool:
        """Whether the phase asks a critic."""
        role = self.roles[critic]
        if critic in self.updated:
            return True
        if any(mentions(term.latex, role) for term in self.terms):
            return True
        # a formula that is only a name: what the whole loss says counts
        named = any(term.latex.startswith("L_") and "(" not in term.latex for term in self.terms)
        return named and mentions(self.phase.latex, role)

    def _shown_to(self, critic: str) -> tuple[str, ...]:
        """What a critic is shown: all it tells apart, or what those who learn have made."""
        things = self.flow.judged[critic]
        own = shown_to(self.method, self.phase.name, critic)
        if own is not None:
            things = own
        if critic in self.updated:
            return things
        compares = (
            isinstance(self.method, Adversarial)
            and self.method.relativistic
            and self.method.loss != "wasserstein"
        )
        kept = tuple(
            thing
            for thing in things
            if compares or any(self.depends(part) for part in thing.split("+"))
        )
        return kept or things

    @property
    def moving(self) -> tuple[str, ...]:
        """The networks that move: those of the phase that some term reaches."""
        works = {self.made[thing][1] for thing in self.needed() if thing in self.made}
        drawn = {network for _, network in self.made.values()}
        return tuple(
            name
            for name in self.phase.updates
            if name in self.critics
            or (name not in self.flow.judged and (name in works or name not in drawn))
        )

    def depends(self, thing: str) -> bool:
        """Whether a thing is made, in the end, by a network that learns in this phase."""
        while thing in self.made:
            thing, network = self.made[thing]
            if network in self.updated:
                return True
        return False

    def compared(self) -> dict[tuple[str, str], list[TermInfo]]:
        """Pairs of things to the terms that measure how far they are apart."""
        pairs: dict[tuple[str, str], list[TermInfo]] = {}
        for term in self.terms:
            pair = self.flow.compared.get(term.name)
            if pair is not None:
                pairs.setdefault(pair, []).append(term)
        return pairs

    def needed(self) -> list[str]:
        """The things that the phase makes or draws, each after what it is made from."""
        wanted = [part for things in self.shown.values() for t in things for part in t.split("+")]
        wanted += [thing for pair in self.compared() for thing in pair]
        wanted += also_made(self.method, self.phase.name)
        if not wanted:  # nothing says what is looked at: all that the networks that learn make
            wanted = [
                path[-1] for path in self.flow.paths if any(name in self.updated for name in path)
            ]
        order: list[str] = []
        for thing in wanted:
            chain = [thing]
            while chain[-1] in self.made:
                chain.append(self.made[chain[-1]][0])
            order += [one for one in reversed(chain) if one not in order]
        sources = [thing for thing in ("x", "z", "noise") if thing in order]
        sources = [thing for thing in sources if thing not in self.made]
        return [*sources, *(thing for thing in order if thing not in sources)]

    def said(self, critic: str, thing: str) -> Formula:
        """What a critic says of a thing."""
        latex = rf"{symbol(self.roles[critic])}({letter(thing)})"
        return Formula(latex, ("said", f"{critic}({thing})"))


def derived(method: MethodOptions, data: DataInfo, phase: str) -> Narration:
    """The narration in general words."""
    info = next((info for info in method.phases() if info.name == phase), None)
    if info is None:
        raise KeyError(phase)
    scene = Scene(method, data, info)
    if not scene.terms:
        return Narration(info, (_nothing(info),), letters(scene.roles[n] for n in info.updates))
    stages = (*_making(scene), *_judging(scene), *_ending(scene))
    return Narration(info, stages, letters(scene.roles[name] for name in scene.moving))


def _nothing(phase: PhaseInfo) -> Stage:
    return Stage(
        "loss",
        msg("Nothing to do"),
        (Formula(phase.latex.split("=")[0].strip()),),
        msg("The weights of all its terms are 0: no network of this phase moves."),
    )


def letters(roles: Iterable[Role]) -> str:
    """The letters of networks, plain, in order."""
    return ", ".join(plain(role) for role in roles)


def _making(scene: Scene) -> Iterator[Stage]:
    for thing in scene.needed():
        if thing in scene.made:
            yield make(scene, thing)
        elif thing == "x":
            yield take_data()
        elif thing in ("z", "noise"):
            yield draw_noise(scene, thing)


def take_data() -> Stage:
    """A batch of real data."""
    return Stage(
        "data",
        msg("Take real data"),
        (Formula(r"x \sim p_\mathrm{data}"),),
        msg("A batch of the training data. All of them come before any comes again."),
    )


def draw_noise(scene: Scene, thing: str) -> Stage:
    """Chance, as the method's code parts say."""
    parts = scene.method.code_parts(scene.data)
    written = []
    for part in parts:
        name = part.name if len(part.name) == 1 else "c" if part.kind == "class" else letter(thing)
        if part.kind == "uniform":
            written.append(rf"{name} \sim U([-1, 1]^{{{part.size}}})")
        elif part.kind == "class":
            written.append(rf"{name} \in \lbrace 1, \ldots, {part.size} \rbrace")
        else:
            written.append(rf"{name} \sim N(0, I_{{{part.size}}})")
    return Stage(
        "noise",
        msg("Draw noise"),
        tuple(Formula(latex) for latex in written),
        msg("Numbers from a die, one code for each item to be made. They mean nothing yet."),
    )


def make(scene: Scene, thing: str) -> Stage:
    """A network turns one thing into another."""
    start, network = scene.made[thing]
    text, help_ = _MADE.get(thing, _ELSE)
    by = symbol(scene.roles[network])
    formulas: tuple[Formula, ...] = (Formula(rf"{letter(thing)} = {by}({letter(start)})"),)
    if scene.roles[network].outputs == (2 * scene.method.code_dim(scene.data),):
        formulas = (
            Formula(rf"\mu, \sigma = {by}({letter(start)})"),
            Formula(rf"{letter(thing)} \sim N(\mu, \sigma^2)"),
        )
        help_ = _SPREAD
    return Stage(
        "network",
        text,
        formulas,
        help_,
        ((start, network), (network, thing)),
        lit=(network,),
    )


def _judging(scene: Scene) -> Iterator[Stage]:
    told: set[str] = set()
    for critic in scene.critics:
        yield ask(scene, critic, told)
    for pair, terms in scene.compared().items():
        told |= {term.name for term in terms}
        yield compare(pair, terms)
    for term in scene.terms:
        opaque = term.latex.startswith("L_") or mentions_any(scene, term)
        if term.name not in told and not opaque:
            told.add(term.name)
            yield measure(term)


def mentions_any(scene: Scene, term: TermInfo) -> bool:
    """Whether a term is about what a critic says."""
    return any(mentions(term.latex, scene.roles[name]) for name in scene.critics)


def ask(scene: Scene, critic: str, told: set[str]) -> Stage:
    """A critic judges what it is shown."""
    things = scene.shown[critic]
    role = scene.roles[critic]
    shares = [
        Formula(term.latex, ("term", term.name), share=True)
        for term in scene.phase.terms
        if term.signal and term.share and belongs(scene, term, critic)
    ]
    told |= {formula.reading[1] for formula in shares if formula.reading}
    return Stage(
        "critic",
        msg("Ask {network}", network=plain(role)),
        (*(scene.said(critic, thing) for thing in things), *shares),
        verdict(scene),
        tuple((part, critic) for thing in things for part in thing.split("+")),
        lit=(critic,),
    )


def belongs(scene: Scene, term: TermInfo, critic: str) -> bool:
    """Whether a signal is about a critic: the method's only one, or the one it names."""
    if len(scene.flow.judged) == 1:
        return True
    return symbol(scene.roles[critic]) in term.latex


def verdict(scene: Scene) -> Message:
    """What the numbers of a critic mean."""
    method = scene.method
    if isinstance(method, Adversarial):
        if method.relativistic:
            return msg(
                "Only the difference counts: how much more real one looks than the other. The "
                "means over the batch."
            )
        if method.loss not in ("non-saturating", "minimax"):
            return msg("Its mark for everything shown, a mean over the batch: high means real.")
    return msg(
        "How real it takes what it is shown to be: 1 is surely real, 0 surely made. The means "
        "over the batch."
    )


def compare(pair: Sequence[str], terms: Sequence[TermInfo]) -> Stage:
    """How far two things are apart."""
    text = _COMPARED.get(frozenset(pair), msg("Compare the two"))
    return Stage(
        "compare",
        text,
        tuple(Formula(term.latex, ("term", term.name)) for term in terms),
        msg(terms[0].help),
        tuple((thing, f"term:{term.name}") for term in terms for thing in pair),
    )


def measure(term: TermInfo) -> Stage:
    """A term by itself."""
    return Stage(
        "term",
        msg("Measure: {term}", term=msg(term.label)),
        (Formula(term.latex, ("term", term.name)),),
        msg(term.help),
    )


# The end that every update has


def _ending(scene: Scene) -> Iterator[Stage]:
    phase = scene.phase
    signals = [
        Formula(term.latex, ("term", term.name), share=term.share)
        for term in phase.terms
        if term.signal and not (term.share and scene.critics)
    ]
    opaque = [
        Formula(term.latex, ("term", term.name))
        for term in scene.terms
        if term.name not in scene.flow.compared
        and (term.latex.startswith("L_") or mentions_any(scene, term))
    ]
    heads = phase.latex.split(r", \quad ")
    head = heads[0].split("=")[0].strip() if len(heads) == 1 and len(scene.terms) == 1 else "L"
    found = tuple(opaque)
    if len(opaque) != 1 or len(scene.terms) > 1:
        found = (*opaque, Formula(head, ("total", ",".join(scene.moving))))
    yield Stage(
        "loss",
        msg("Work out the loss"),
        (*found, *signals),
        msg("One number that says how badly it went. Learning means to make it smaller."),
    )
    yield Stage(
        "gradient",
        msg("Send the gradient back"),
        tuple(
            Formula(rf"\lVert \nabla_{{{symbol(scene.roles[name])}}} L \rVert", ("gradient", name))
            for name in scene.moving
        ),
        _backwards(scene),
        backwards(scene),
        back=True,
        lit=scene.moving,
    )
    yield Stage(
        "move",
        msg("Move {networks}", networks=letters(scene.roles[name] for name in scene.moving)),
        tuple(
            Formula(rf"\lVert \Delta\theta_{{{symbol(scene.roles[name])}}} \rVert", ("move", name))
            for name in scene.moving
        ),
        msg(
            "The optimiser takes one small step against the gradient. Only the networks of this "
            "phase move; all others stay as they are."
        ),
        lit=scene.moving,
    )


def _backwards(scene: Scene) -> Message:
    through = [name for name in scene.critics if name not in scene.updated]
    if through:
        return msg(
            "Backwards from the loss: how it would change with every weight of {networks}. It "
            "passes through {critics}, whose weights stay.",
            networks=letters(scene.roles[name] for name in scene.moving),
            critics=letters(scene.roles[name] for name in through),
        )
    return msg(
        "Backwards from the loss: how it would change with every weight of {networks}.",
        networks=letters(scene.roles[name] for name in scene.moving),
    )


def backwards(scene: Scene) -> tuple[Hop, ...]:
    """The ways of the gradient, the last first: what it passes to reach the networks that learn."""
    hops: list[Hop] = []
    for thing in scene.needed():
        if thing not in scene.made:
            continue
        start, network = scene.made[thing]
        if network in scene.updated or scene.depends(start):
            if scene.depends(start):
                hops.append((start, network))
            hops.append((network, thing))
    for critic, things in scene.shown.items():
        for part in dict.fromkeys(part for thing in things for part in thing.split("+")):
            if scene.depends(part) and critic not in scene.updated:
                hops.append((part, critic))
        if critic in scene.updated:
            hops.append((critic, "terms"))
    for pair, terms in scene.compared().items():
        for term in terms:
            hops += [(thing, f"term:{term.name}") for thing in pair if scene.depends(thing)]
    return tuple(dict.fromkeys(reversed(hops)))
