"""`soukmon bench peers`: what it measures on small counts, and how it judges."""

import pytest

from infra.local.peers import alertmanager, ours
from infra.local.peers.sink import receiving
from shared.adapters.clocks import SystemClock
from shared.cli import bench_peers, platform_commands
from shared.cli.bench_peers import Line
from shared.cli.main import run
from shared.domain.configuration import Configuration
from shared.domain.notifications import Channel
from shared.domain.reasons import Notify
from shared.usecases.planning import plan_steps
from tests.integration.oracles.alertmanager import program

assert platform_commands  # registers the command


def line(**changes):
    return Line(
        **{"name": "x", "unit": "ms", "ours": 3.0, "peer": 2.0, "at_most": 1.5, "spread": (1.4, 1.6), **changes}
    )


def test_a_line_is_held_against_its_bar():
    assert (line().ratio, line().is_met) == (1.5, True)
    assert not line(at_most=1.49).is_met
    assert str(line()).split() == [
        "x",
        "3.00",
        "2.00",
        "ms",
        "1.50x",
        "[1.40",
        "to",
        "1.60]",
        "met",
        "(at",
        "most",
        "1.5)",
    ]
    assert "MISSED" in str(line(at_most=1.0))


def test_the_command_fails_when_a_bar_is_missed(monkeypatch, capsys):
    monkeypatch.setattr(bench_peers, "run", lambda *, many: iter([line(), line(name=f"of {many}", at_most=1.0)]))
    assert run(["bench", "peers", "--many", "7"]) == 1
    assert "of 7" in capsys.readouterr().out
    monkeypatch.setattr(bench_peers, "run", lambda *, many: iter([line()]))
    assert run(["bench", "peers", "--json"]) == 0
    assert '"is_met": true' in capsys.readouterr().out


def test_without_alertmanager_it_is_told_in_one_line(monkeypatch, capsys):
    monkeypatch.setattr(alertmanager.shutil, "which", lambda _: None)
    assert run(["bench", "peers"]) == 2
    assert capsys.readouterr().err == (
        "soukmon: prometheus-alertmanager is not installed; apt-get install prometheus-alertmanager\n"
    )


def test_every_crash_of_a_batch_is_an_incident_of_its_own_and_a_second_one_is_counted():
    config, now = ours.calm(), SystemClock().now()
    assert isinstance(config, Configuration)
    events = [ours.crash(name, now) for name in ("a", "b", "a")]
    incidents = ours.grouped(events, config)
    assert sorted(one.count for one in incidents.values()) == [1, 2]


def test_a_crash_tells_one_slack_channel_and_nobody_else():
    config, now = ours.calm(), SystemClock().now()
    verdict = ours.decided(ours.read(ours.crash("a", now)), config, None)
    rows = plan_steps(verdict.incident, verdict.steps, reason=Notify.FIRST, config=config, now=now).rows
    assert [(row.recipient, row.channel) for row in rows] == [("slack:incidents", Channel.SLACK)]


def test_both_sides_are_measured_with_whatever_is_open():
    program("prometheus-alertmanager")
    found = list(bench_peers.run(many=12, rounds=1, probes=2))
    assert [one.name for one in found] == [
        *(f"{what}, with {n} open, p{p}" for n in (10, 12) for p in (50, 99) for what in ("event to webhook", "decide and write alone")),
        "read, deduplicate and group 12, each",
    ]  # fmt: skip
    assert all(one.ours > 0 and one.peer > 0 for one in found)


def test_what_arrives_is_known_by_its_name_and_the_first_time_counts():
    with receiving() as sink:
        sink.note(b'{"text": "probe-1-7"}')
        first = sink.arrival("probe-1-7")
        sink.note(b"probe-1-7 again")
        assert sink.arrival("probe-1-7") == first


@pytest.mark.parametrize("unknown", ["everything"])
def test_what_cannot_be_measured_is_refused(unknown):
    assert run(["bench", unknown]) == 2
