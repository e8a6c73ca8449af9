"""The same nights on Google's engines and on the embedded ones: the same incidents, the same messages."""

import os
from pathlib import Path

import pytest

from infra.local import scenario
from infra.local.emulators import NotInstalledError
from infra.local.engines import EMBEDDED, emulated
from shared import bootstrap
from shared.ports.store import Query
from shared.usecases.records import INCIDENTS, NOTIFICATIONS

SCENARIOS = Path(__file__).parents[1] / "simulation"
# All but the one whose ten hours of quiet are six hundred ticks of nothing.
NIGHTS = sorted(path for path in SCENARIOS.glob("*.yaml") if path.stem != "quiet_night")


@pytest.fixture(scope="module")
def google():
    """Google's engines in their emulators."""
    try:
        with emulated() as engines:
            yield engines
    except NotInstalledError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


def kept(collection, order):
    return {row.id: row.body for row in bootstrap.state().find(Query(collection, order_by=order, limit=1000))}


def played(night, engines, monkeypatch):
    """What the scenario said, and what was kept when it ended."""
    seen = {}

    def remembering(told, inner=scenario._new):
        seen["incidents"], seen["messages"] = kept(INCIDENTS, "opened_at"), kept(NOTIFICATIONS, "planned_at")
        return inner(told)

    monkeypatch.setattr(scenario, "_new", remembering)
    result = scenario.play(scenario.read(night), engines=engines)
    monkeypatch.undo()
    assert result.passed, result.lines
    return {"lines": result.lines, **seen}


@pytest.mark.parametrize("night", NIGHTS, ids=lambda path: path.stem)
def test_a_night_is_the_same_on_every_engine(night, google, monkeypatch):
    ours, theirs = (played(night, engines, monkeypatch) for engines in (EMBEDDED, google.anew()))
    assert ours["incidents"]
    assert theirs["lines"] == ours["lines"]
    assert theirs["incidents"] == ours["incidents"]
    assert sorted(theirs["messages"]) == sorted(ours["messages"])
    differing = [
        (name, word, theirs["messages"][name].get(word), value)
        for name, row in ours["messages"].items()
        for word, value in row.items()
        if theirs["messages"][name].get(word) != value
    ]
    assert differing == []
