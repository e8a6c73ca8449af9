"""Our `for` and `keep_firing_for` are those of Prometheus: `promtool test rules` accepts our verdicts on random series.

The agreed subset: one fixed limit, no clear limit, one clear window, every minute evaluated. Prometheus still sees a
sample five minutes after it was taken (its lookback), which the test hands to both; beyond that its expression is
empty and an alert resolves, which is our `no_data: ok`. `hold`, hysteresis, clear windows and flapping have no
counterpart there.
"""

import os
import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from shared.domain.rules import Comparison, Limit, NoData, Unit
from shared.domain.steady import Phase, Steady, SteadyState

PROMTOOL = shutil.which("promtool")
MINUTE = timedelta(minutes=1)
START = datetime(1970, 1, 1, tzinfo=UTC)
LIMIT = Limit(Comparison.ABOVE, 1.0, Unit.COUNT)
LOOKBACK, LENGTH, CASES = 5, 120, 25
FIRING, PENDING = "firing", "pending"
SHOWN = {Phase.PENDING: PENDING, Phase.FIRING: FIRING, Phase.RECOVERING: FIRING}


@pytest.fixture(scope="module")
def promtool():
    if not PROMTOOL:
        assert not os.environ.get("CI"), "continuous integration must have promtool (Debian: prometheus)"
        pytest.skip("promtool (Debian: prometheus) is not installed")
    return PROMTOOL


def random_series(seed):
    """Spells of good, bad and missing minutes, from single ones to longer than any `for`."""
    chance, values = random.Random(seed), []
    while len(values) < LENGTH:
        value = chance.choice((0.5, 1.0, 1.001, 2.0, 2.0, None))
        values += [value] * chance.choice((1, 1, 2, 3, 5, 6, 7, 8, 12))
    return values[:LENGTH]


def seen(values, minute):
    """What an instant query returns: the newest sample of the last five minutes, both ends included."""
    recent = values[max(0, minute - LOOKBACK) : minute + 1]
    return next((value for value in reversed(recent) if value is not None), None)


def our_states(values, rule):
    """By minute: pending, firing or None."""
    state, shown = SteadyState(), []
    for minute in range(LENGTH):
        state, _ = rule.observe(state, seen(values, minute), limit=LIMIT, at=START + minute * MINUTE)
        shown.append(SHOWN.get(state.beneath))
    return shown


def verdict(promtool, folder, states, series, rule):
    """promtool's judgement of our states, by case and minute."""
    alert = {"alert": "TooHigh", "expr": "x > 1", "for": f"{rule.for_ // MINUTE}m"}
    if rule.keep_firing_for:
        alert["keep_firing_for"] = f"{rule.keep_firing_for // MINUTE}m"
    (folder / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "g", "interval": "1m", "rules": [alert]}]}))
    test = {
        "interval": "1m",
        "input_series": [
            {"series": f'x{{case="{case}"}}', "values": " ".join("_" if v is None else str(v) for v in values)}
            for case, values in enumerate(series)
        ],
        "alert_rule_test": [firing_at(minute, states) for minute in range(LENGTH)],
        "promql_expr_test": [pending_at(minute, states) for minute in range(LENGTH)],
    }
    whole = {"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": [test]}
    (folder / "test.yml").write_text(yaml.safe_dump(whole))
    return subprocess.run([promtool, "test", "rules", "test.yml"], cwd=folder, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip


def firing_at(minute, states):
    cases = [case for case, shown in enumerate(states) if shown[minute] == FIRING]
    return {
        "eval_time": f"{minute}m",
        "alertname": "TooHigh",
        "exp_alerts": [{"exp_labels": {"case": str(case)}} for case in cases],
    }


def pending_at(minute, states):
    cases = [case for case, shown in enumerate(states) if shown[minute] == PENDING]
    labels = 'ALERTS{alertname="TooHigh", alertstate="pending", case="%s"}'
    return {
        "eval_time": f"{minute}m",
        "expr": 'ALERTS{alertstate="pending"}',
        "exp_samples": [{"labels": labels % case, "value": 1} for case in cases],
    }


RULES = [
    Steady(for_=hold * MINUTE, keep_firing_for=keep * MINUTE, no_data=NoData.OK)
    for hold, keep in ((0, 0), (1, 0), (5, 0), (7, 0), (0, 3), (5, 4))
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"for {rule.for_}, keep firing for {rule.keep_firing_for}")
def test_every_minute_is_pending_or_firing_as_prometheus_has_it(promtool, tmp_path, rule):
    series = [random_series(seed) for seed in range(CASES)]
    states = [our_states(values, rule) for values in series]
    fired = {shown[minute] for shown in states for minute in range(LENGTH)}
    assert FIRING in fired
    assert None in fired
    judged = verdict(promtool, tmp_path, states, series, rule)
    assert judged.returncode == 0, judged.stdout + judged.stderr


@pytest.mark.parametrize("shown", [FIRING, PENDING])
def test_promtool_would_have_noticed_one_minute_that_differs(promtool, tmp_path, shown):
    rule, series = RULES[2], [random_series(seed) for seed in range(CASES)]
    states = [our_states(values, rule) for values in series]
    case, minute = next((c, m) for c, row in enumerate(states) for m, one in enumerate(row) if one == shown)
    states[case][minute] = None
    judged = verdict(promtool, tmp_path, states, series, rule)
    assert judged.returncode == 1
    assert (judged.stdout + judged.stderr).count(" time: ") == 1
