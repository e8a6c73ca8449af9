"""Our router picks the rule that Alertmanager's route tree picks: `amtool config routes test` on random signals.

The rules as shipped, and random sets of them, become routes without `continue`: the first that matches decides.
"""

import random
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from fnmatch import translate

import pytest
import yaml

from shared.config.loader import load
from shared.domain.rules import EventRule, Match, matching
from shared.domain.severities import Severity
from shared.domain.signals import Signal
from tests.integration.oracles.alertmanager import program

NOW = datetime(2026, 3, 10, tzinfo=UTC)
SIGNALS, RANDOM_SETS = 200, 8
TYPES = ("log.request_5xx", "log.error", "crashlytics.velocity", "crashlytics.fatal", "security.key_created", "other")
PATTERNS = ("log.*", "log.request_?xx", "crashlytics.*", "*", "security.key_created", "[cl]*")
WORDS = {"platform": ("web", "android", "ios"), "kind": ("a", "b")}


def as_tree(rules):
    routes = []
    for number, rule in enumerate(rules):
        # Python writes an anchored pattern with flags; RE2 anchors by itself.
        patterns = "|".join(translate(p).removeprefix("(?s:").removesuffix(r")\Z") for p in rule.match.alert_types)
        matchers = [
            f'alert_type=~"{_quoted(patterns)}"',
            *(f'{n}="{_quoted(v)}"' for n, v in rule.match.labels.items()),
        ]
        routes.append({"receiver": f"r{number}", "matchers": matchers})
    names = [{"name": f"r{number}"} for number in range(len(rules))]
    return {"route": {"receiver": "nobody", "routes": routes}, "receivers": [{"name": "nobody"}, *names]}


def _quoted(text):
    return text.replace("\\", "\\\\").replace('"', '\\"')


def a_signal(alert_type, labels):
    return Signal("e", "f", "k", alert_type, "s", "web", "t", NOW, NOW, labels=labels)


def compare(rules, signals, folder):
    file = folder / "routes.yml"
    file.write_text(yaml.safe_dump(as_tree(rules)))
    amtool = program("amtool")

    def theirs(signal):
        given = [f"{name}={value}" for name, value in {**signal.labels, "alert_type": signal.alert_type}.items()]
        command = [amtool, "config", "routes", "test", f"--config.file={file}", *given]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(theirs, signals))
    found = [matching(rules, signal) for signal in signals]
    ours = ["nobody" if rule is None else f"r{rules.index(rule)}" for rule in found]
    assert ours == answers
    return set(ours)


def test_the_shipped_rules_route_as_a_tree_of_alertmanager_would(tmp_path):
    rules, chance = load().event_rules, random.Random(1)
    named = [pattern.replace("*", "anything") for rule in rules for pattern in rule.match.alert_types]
    signals = [a_signal(r.match.alert_types[0].replace("*", "anything"), dict(r.match.labels)) for r in rules]
    while len(signals) < SIGNALS:
        labels = chance.choice([{}, dict(chance.choice(rules).match.labels)])
        signals.append(a_signal(chance.choice(named), labels))
    reached = compare(rules, signals, tmp_path)
    assert len(reached) > len(rules) / 2


@pytest.mark.parametrize("seed", range(RANDOM_SETS))
def test_random_rules_route_as_a_tree_of_alertmanager_would(seed, tmp_path):
    chance = random.Random(seed)

    def labels():
        return {name: chance.choice(values) for name, values in WORDS.items() if chance.random() < 0.4}

    rules = tuple(
        EventRule(
            f"r{n}", Match(tuple(chance.sample(PATTERNS, chance.randint(1, 2))), labels()), Severity.LOW, ("slack",)
        )
        for n in range(8)
    )
    signals = [a_signal(chance.choice(TYPES), labels()) for _ in range(40)]
    assert len(compare(rules, signals, tmp_path)) > 1
