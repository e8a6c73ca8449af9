"""Silences, inhibitions and groups mean what they mean to Alertmanager: a thousand random scenarios, one verdict.

Alertmanager 0.25 is given the same alerts, silences and rules and asked what it mutes by what, and what it groups with
what. The shared subset: matchers, silences that are active, pending or expired, inhibitions with `equal`, and grouping
by labels. When each of us sends a message is not compared: maintenance, quiet hours and holds have no counterpart.
"""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.grouping import Circumstances, absorb
from shared.domain.inhibitions import Inhibition
from shared.domain.matchers import Matcher, Operator
from shared.domain.muting import mute
from shared.domain.signals import Signal, digest
from shared.domain.silences import Silence
from tests.conftest import configuration
from tests.integration.oracles.alertmanager import eventually, running

BATCHES, SCENARIOS = 10, 100
HOUR = timedelta(hours=1)
LABELS = {
    "alertname": ("outage", "latency", "errors"),
    "service": ("web", "orders-api", ""),
    "severity": ("critical", "medium"),
    "region": ("cairo", "giza", "", ""),
}
PATTERNS = {
    "alertname": ("outage|errors", "lat.*", ".+", "out", ""),
    "service": ("orders-.*", "web|", ".*api", ".+"),
    "severity": ("crit.*", "[cm].+"),
    "region": ("cairo|giza", ".*a", "g?iza"),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("alertmanager")) as server:
        yield server


def a_matcher(chance):
    name, operator = chance.choice(list(LABELS)), chance.choice(list(Operator))
    return Matcher(name, operator, chance.choice((PATTERNS if operator.is_pattern else LABELS)[name]))


def some_alerts(chance, scenario):
    """Different label sets of one scenario; empty labels are left out, as a sender would."""
    found = {}
    for _ in range(chance.randint(1, 7)):
        labels = {"scenario": scenario} | {n: v for n, vs in LABELS.items() if (v := chance.choice(vs))}
        found[tuple(sorted(labels.items()))] = labels
    return list(found.values())


def an_inhibition(chance, number):
    equal = ("scenario", *chance.sample(["service", "region", "severity"], chance.randint(0, 2)))
    source, target = (tuple(a_matcher(chance) for _ in range(chance.randint(1, 2))) for _ in range(2))
    return Inhibition(f"rule-{number}", source, target, equal)


def as_rule(inhibition):
    def written(matchers):
        return [f'{m.name}{m.operator}"{m.value}"' for m in matchers]

    return {
        "source_matchers": written(inhibition.source),
        "target_matchers": written(inhibition.target),
        "equal": list(inhibition.equal),
    }


def some_silences(chance, scenario, server, now):
    """Active, pending and expired ones, under the ids that the server gave them."""
    made = []
    for _ in range(chance.choice((0, 0, 1, 1, 2))):
        matchers = (
            Matcher("scenario", Operator.EQUAL, scenario),
            *(a_matcher(chance) for _ in range(chance.randint(0, 2))),
        )
        kind = chance.choice(("active", "active", "pending", "expired"))
        start, end = (now + HOUR, now + 2 * HOUR) if kind == "pending" else (now, now + HOUR)
        name = server.silence(matchers, start, end)
        if kind == "expired":
            server.expire(name)
            start, end = now - HOUR, now - timedelta(seconds=1)
        made.append(Silence(name, matchers, start, end, "test", "test", now))
    return made


def ours(alerts, silences, inhibitions, now):
    """By label set: what mutes it, by silences and by sources, as Alertmanager names them."""
    verdict = {}
    for labels in alerts:
        by = [s.id for s in silences if mute(labels, [s], [], [], now)]
        inhibited = mute(labels, [], inhibitions, alerts, now) is not None
        verdict[tuple(sorted(labels.items()))] = (frozenset(by), inhibited)
    return verdict


def theirs(server, batch):
    found = {}
    for alert in server.alerts():
        status = alert["status"]
        if alert["labels"]["scenario"].startswith(f"{batch}-"):
            key = tuple(sorted(alert["labels"].items()))
            found[key] = (frozenset(status["silencedBy"]), bool(status["inhibitedBy"]))
    return found


@pytest.mark.parametrize("batch", range(BATCHES))
def test_we_mute_what_alertmanager_mutes(server, batch):
    chance, now = random.Random(batch), datetime.now(UTC)
    inhibitions = [an_inhibition(chance, number) for number in range(chance.randint(1, 4))]
    server.configure(inhibit_rules=[as_rule(one) for one in inhibitions])
    expected, everything = {}, []
    for number in range(SCENARIOS):
        scenario = f"{batch}-{number}"
        alerts = some_alerts(chance, scenario)
        silences = some_silences(chance, scenario, server, now)
        expected |= ours(alerts, silences, inhibitions, now + timedelta(seconds=1))
        everything += alerts
    server.fire(everything)
    seen = eventually(lambda: theirs(server, batch), lambda seen: seen == expected)
    assert {key: (seen.get(key), value) for key, value in expected.items() if seen.get(key) != value} == {}
    muted = [value for value in expected.values() if value != (frozenset(), False)]
    assert 0.05 < len(muted) / len(expected) < 0.95  # or the batch has compared next to nothing


def our_groups(alerts, group_by):
    """The incidents that alerts become whose fingerprint is made of the labels they are grouped by, and their size."""
    config, now = configuration(), datetime.now(UTC)
    around = Circumstances(
        config.event_rules[-1], dict.fromkeys(config.promises, config.policies["critical"]), HOUR, now
    )
    incidents = {}
    for labels in alerts:
        fingerprint = digest(*(labels.get(name, "") for name in group_by))
        key = digest(*sorted(labels.values()))
        signal = Signal(key, fingerprint, key, "test", "test", "test", "test", now, now, labels=labels)
        incidents[fingerprint] = absorb(signal, incidents.get(fingerprint), around).incident
    return Counter(incident.count for incident in incidents.values())


@pytest.mark.parametrize("group_by", [("scenario",), ("scenario", "service"), ("scenario", "alertname", "region")])
def test_alerts_become_as_many_incidents_as_alertmanager_has_groups(server, group_by):
    chance, prefix = random.Random(str(group_by)), "-".join(group_by)
    alerts = [labels for number in range(SCENARIOS) for labels in some_alerts(chance, f"{prefix}-{number}")]
    server.configure(group_by=group_by)
    server.fire(alerts)
    expected = our_groups(alerts, group_by)

    def sizes():
        groups = (
            [a for a in group["alerts"] if a["labels"]["scenario"].startswith(f"{prefix}-")]
            for group in server.groups()
        )
        return Counter(len(found) for found in groups if found)

    assert eventually(sizes, lambda seen: seen == expected) == expected
