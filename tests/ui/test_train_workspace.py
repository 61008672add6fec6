"""The train workspace: which panels stand where, and what it remembers."""

import json

import pytest
from PySide6.QtCore import QByteArray, QPoint, QRect

from aegan_studio.messages import msg
from aegan_studio.ui.panels.train.arrangement import DOWN, ROOT, Group, PanelSpec
from aegan_studio.ui.panels.train.choices import MOST, Choices
from aegan_studio.ui.panels.train.workspace import TrainWorkspace
from tests.ui.training_fakes import (
    Digits,
    FakeDocument,
    FakeSession,
    dark,
    drag,
    experiment,
    point_pictures,
    progress,
    started,
)


@pytest.fixture
def make(qtbot, qapp):

    def build(method="autoencoder", dataset="digits", size=(1000, 724)):
        document = FakeDocument(experiment(method, dataset))
        session = FakeSession(document)
        workspace = TrainWorkspace(document, session)
        qtbot.addWidget(workspace)
        workspace.resize(*size)
        workspace.show()
        qtbot.waitExposed(workspace)
        return workspace, document, session

    with dark(qapp):
        yield build


def fill(session, document):
    """A run with numbers and pictures."""
    exp = document.experiment
    session.open(exp)
    session.send(started(exp))
    session.send(progress(exp, 1, 200))
    encoder = "encoder" in exp.networks
    image = exp.data_info().modality == "image"
    pictures = Digits().pictures(200, encoder=encoder) if image else point_pictures(200)
    session.send(pictures)


@pytest.mark.parametrize(
    ("method", "dataset", "shown"),
    [
        ("autoencoder", "digits", ("model", "samples", "reconstructions", "plots", "timeline")),
        ("vae", "digits", ("model", "samples", "reconstructions", "plots", "timeline")),
        ("gan", "digits", ("model", "samples", "plots", "timeline")),
        ("gan", "ring", ("plane", "step", "noise", "plots", "timeline")),
        ("vae", "moons", ("plane", "step", "noise", "plots", "timeline")),
    ],
)
def test_panels_suit_the_model_and_its_data(make, method, dataset, shown):
    workspace, document, session = make(method, dataset)
    fill(session, document)
    assert workspace.shown == shown
    visible = tuple(name for name, panel in workspace.panels.items() if panel.isVisible())
    assert visible == shown


def test_panels_follow_the_document_until_a_run_stands(make):
    workspace, document, session = make("gan", "ring")
    document.edit({"dataset.kind": "digits"})
    assert workspace.shown == ("model", "samples", "plots", "timeline")
    session.open(document.experiment)
    document.edit({"dataset.kind": "ring"})
    assert "plane" not in workspace.shown
    session.stop()
    assert "plane" in workspace.shown


@pytest.mark.parametrize("size", [(784, 604), (1000, 724), (1640, 1000)])
@pytest.mark.parametrize(
    ("method", "dataset"), [("vae", "digits"), ("gan", "digits"), ("gan", "ring")]
)
def test_everything_fits_without_overlap(make, qtbot, method, dataset, size):
    workspace, document, session = make(method, dataset, size)
    fill(session, document)
    qtbot.wait(50)
    assert (workspace.width(), workspace.height()) == size
    spots = [
        QRect(panel.mapTo(workspace, QPoint(0, 0)), panel.size())
        for name, panel in workspace.panels.items()
        if name in workspace.shown
    ]
    for index, spot in enumerate(spots):
        assert workspace.rect().contains(spot)
        assert not any(spot.intersects(other) for other in spots[index + 1 :])
    bottom = max(spot.bottom() for spot in spots)
    assert workspace.height() - bottom <= 9


def test_a_moved_divider_is_remembered_for_its_arrangement(make):
    workspace, document, session = make()
    fill(session, document)
    before = workspace.panels["samples"].width()
    handle = workspace._splitters["making"].handle(1)
    drag(handle, handle.rect().center(), QPoint(70, 0))
    after = workspace.panels["samples"].width()
    assert after > before + 40
    other, other_document, _ = make()
    other.restore(workspace.state())
    assert other.panels["samples"].width() == pytest.approx(after, abs=3)
    other_document.edit({"method.kind": "gan"})
    plain = make("gan")[0]
    assert other.panels["samples"].width() == pytest.approx(
        plain.panels["samples"].width(), abs=8
    ), "another arrangement keeps its own sizes"


@pytest.mark.parametrize(
    "rubbish",
    [
        b"",
        b"\xff\x00",
        b"[1, 2]",
        b'{"making:samples+reconstructions+plots": [0, 2, 3]}',
        b'{"making:samples+reconstructions+plots": [0.5]}',
        b'{"": "wide"}',
    ],
)
def test_sizes_that_make_no_sense_count_as_absent(make, rubbish):
    workspace, _, _ = make()
    before = [panel.size() for panel in workspace.panels.values()]
    workspace.restore(QByteArray(rubbish))
    assert [panel.size() for panel in workspace.panels.values()] == before


def test_the_state_is_plain_and_small(make):
    workspace, _, _ = make()
    assert json.loads(bytes(workspace.state().data())) == {}


def test_pictures_are_wanted_only_while_it_is_seen(make):
    workspace, _, session = make()
    assert workspace in session.wants["pictures"]
    workspace.hide()
    assert workspace not in session.wants["pictures"]


def test_every_panel_of_the_table_has_a_name_of_its_own():
    specs = list(ROOT.panels())
    names = [part.name for part in (*specs, *ROOT.groups())]
    assert len(set(names)) == len(names)
    assert all(spec.least > 0 and spec.share > 0 for spec in specs)


# What a person adds and takes away

HIGH = (1000, 1100)
"""A window with room for everything."""


def test_in_a_low_window_what_matters_less_gives_way_and_comes_back(make, qtbot):
    workspace, _, _ = make("gan", "ring", (784, 604))
    assert workspace.shown == ("plane", "step", "plots", "timeline")
    workspace.toggle("verdicts", True)
    assert workspace.shown == ("plane", "step", "verdicts", "timeline")
    workspace.resize(*HIGH)
    assert workspace.shown == ("plane", "step", "noise", "plots", "verdicts", "timeline")


def action(workspace, name):
    menu = workspace.views_menu(workspace)
    return next(entry for entry in menu.actions() if entry.text() == name)


def test_the_menu_of_views_lists_what_fits_and_ticks_what_is_there(make):
    workspace, _, _ = make("gan", "ring")
    menu = workspace.views_menu(workspace)
    ticks = {entry.text(): entry.isChecked() for entry in menu.actions() if entry.isCheckable()}
    assert ticks["Plane"]
    assert ticks["Model"] is False
    assert "Samples" not in ticks


def test_a_view_is_added_and_taken_away_from_the_menu(make):
    workspace, _, _ = make("gan", "ring", HIGH)
    action(workspace, "Model").trigger()
    assert workspace.shown[0] == "model"
    assert workspace.panels["model"].isVisible()
    action(workspace, "Losses").trigger()
    assert workspace.shown == ("model", "plane", "step", "noise", "timeline")
    assert not workspace.panels["plots"].isVisible()
    action(workspace, "As at first").trigger()
    assert workspace.shown == ("plane", "step", "noise", "plots", "timeline")


def test_what_was_added_is_remembered_for_its_kind_of_data(make):
    workspace, _, _ = make("gan", "ring")
    workspace.toggle("model", True)
    other, other_document, _ = make("gan", "digits", HIGH)
    other.restore(workspace.state())
    assert other.shown == ("model", "samples", "plots", "timeline")
    other.toggle("plots", False)
    other_document.edit({"dataset.kind": "ring"})
    assert other.shown == ("model", "plane", "step", "noise", "plots", "timeline")
    other_document.edit({"dataset.kind": "digits"})
    assert other.shown == ("model", "samples", "timeline")


def test_a_panel_offers_in_its_menu_to_be_taken_away_but_not_the_last_one(make):
    workspace, _, _ = make("gan", "ring")
    plane, plots = workspace.panels["plane"], workspace.panels["plots"]
    assert plane._removable
    plane._remove()
    for name in ("step", "noise", "timeline"):
        workspace.panels[name]._remove()
    assert workspace.shown == ("plots",)
    assert not plots._removable


def test_panels_are_made_when_they_are_first_shown(make):
    workspace, _, _ = make("gan", "ring")
    assert "model" not in workspace.panels
    made = []
    workspace.panel_made.connect(made.append)
    workspace.toggle("model", True)
    assert made == [workspace.panels["model"]]


def test_several_of_a_kind_are_offered_one_after_another():
    spec = PanelSpec("chart", msg("Chart"), "", lambda _: True, 1, 1, first=never, many=True)
    digits = experiment("gan", "digits")
    choices = Choices(Group("", DOWN, 1, 1, (spec,)))
    assert choices.names(spec) == ["chart"]
    for count in range(1, MOST + 1):
        name = choices.names(spec)[count - 1]
        choices.choose(name, True, digits)
    assert choices.names(spec)[-1] == f"chart#{MOST}"
    known = Choices(Group("", DOWN, 1, 1, (spec,)))
    known.restore(choices.state())
    assert known.state() == choices.state()


def never(_experiment):
    return False


@pytest.mark.parametrize(
    "rubbish",
    [None, [], {"image": 3}, {"image": {"nowhere": True, "chart#x": True, "chart#99": 1}}],
)
def test_choices_that_make_no_sense_count_as_absent(rubbish):
    spec = PanelSpec("chart", msg("Chart"), "", lambda _: True, 1, 1, many=True)
    choices = Choices(Group("", DOWN, 1, 1, (spec,)))
    choices.restore(rubbish)
    assert choices.state() == {}
