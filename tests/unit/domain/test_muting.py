"""What matchers accept, and who is muted by what; Alertmanager itself is asked in tests/integration/oracles."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.grouping import Circumstances, absorb
from shared.domain.inhibitions import Inhibition
from shared.domain.labels import OURS, labels_of_incident, labels_of_signal
from shared.domain.matchers import Matcher, Operator, parse
from shared.domain.muting import mute
from shared.domain.reasons import Suppressed
from shared.domain.severities import Severity
from shared.domain.signals import Signal
from shared.domain.silences import LONGEST, Silence, refusal
from tests.conftest import NIGHT, configuration

HOUR = timedelta(hours=1)
API = Matcher("service", Operator.EQUAL, "orders-api")


def silence(*matchers, start=NIGHT, end=NIGHT + HOUR, author="mona", reason="a release", name="s1"):
    return Silence(name, matchers, start, end, author, reason, NIGHT)


@pytest.mark.parametrize(
    ("text", "labels", "accepted"),
    [
        ('service="web"', {"service": "web"}, True),
        ('service="web"', {"service": "webshop"}, False),
        ('service=~"web|orders-.*"', {"service": "orders-api"}, True),
        ('service=~"web"', {"service": "webshop"}, False),  # anchored at both ends
        ('service!="web"', {}, True),
        ('service=""', {}, True),
        ('service=~".+"', {}, False),
        ('service!~"web.*"', {"service": "webshop"}, False),
        ("service = web", {"service": "web"}, True),
        (r'title="a \"quoted\" word"', {"title": 'a "quoted" word'}, True),
        (r'alert_type=~"log\\.error"', {"alert_type": "log.error"}, True),
        (r'alert_type=~"log\\.error"', {"alert_type": "logxerror"}, False),
        (r'alert_type=~"log\.error"', {"alert_type": "log.error"}, True),  # a backslash before anything else is itself
        (r'service="a\nb"', {"service": "a\nb"}, True),
        (r"service=a\"b", {"service": 'a"b'}, True),
        ('service=~"a.b"', {"service": "a\nb"}, False),  # a dot is no new line
        (r'service=~"\d"', {"service": "٣"}, False),  # nor is a digit an Arabic one
        ('service=~"web.*"', {"service": "web" + "x" * 197}, True),
        ('service=~"web.*"', {"service": "web" + "x" * 198}, False),  # too long to be tried: fits nothing,
        ('service!~"api.*"', {"service": "web" + "x" * 198}, False),  # not even what it should not fit
    ],
)
def test_a_matcher_accepts(text, labels, accepted):
    assert parse(text).accepts(labels) is accepted


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not a matcher"),
        ("service", "is not a matcher"),
        ("1service=x", "is not a matcher"),
        ('service="web', "not closed"),
        ('service=~"("', "not a regular expression"),
        ('service=~"(a+)+"', "repeats what repeats"),
        ('service=~"(a|b*)*"', "repeats what repeats"),
        ('service=~"(a|a)*b"', "repeats what repeats or chooses"),
        ('service=~"(?:(a+))+"', "repeats what repeats or chooses"),
        (f'service=~"{"a?" * 60 + "a" * 60}"', "too many ways"),
        (f'service=~"{"(a|a)" * 24}b"', "too many ways"),
        ('service=~".*.*.*.*x"', "too many ways"),
        ('service=~"a**"', "repeats what repeats"),
        (f'service=~"{"(" * 499}"', "not a regular expression"),
        ('service=~"(((a{200}){200}){200}){200}"', "too many ways"),
        ('service=~"a{201}"', "200 times"),
        ('service=~"(?=a)a"', "not used here"),
        ('service=~"(?i)a"', "not used here"),
        (r'service=~"(a)\1"', "not used here"),
        ('service=~"a++"', "not used here"),
        ('service=~"[[:alpha:]]"', "not used here"),
        (f'service=~"{"a" * 501}"', "500 characters"),
    ],
)
def test_a_matcher_that_cannot_be_used_is_refused(text, says):
    with pytest.raises(ValueError, match=says):
        parse(text)


@pytest.mark.parametrize(
    "pattern",
    [
        "web|orders-.*|cart-.*|.*-api|.*-worker",
        ".*orders.*api.*",
        r"INC-\\d{8}-[0-9a-f]{8}",
        "(ab)*c?",
        "(?:a|b){1,5}",
        "",
        "a*?",
    ],
)
def test_patterns_of_everyday_are_not_refused(pattern):
    assert parse(f'service=~"{pattern}"')


@given(st.text(max_size=40), st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL]))
def test_a_matcher_is_read_back_as_it_is_written(value, operator):
    matcher = Matcher("service", operator, value)
    assert parse(str(matcher)) == matcher


@pytest.mark.parametrize(("after", "muted"), [(-HOUR, False), (timedelta(0), True), (HOUR, False)])
def test_a_silence_holds_from_its_start_until_its_end(after, muted):
    found = mute({"service": "orders-api"}, [silence(API)], [], [], NIGHT + after)
    assert (found is not None and found.reason is Suppressed.BY_SILENCE and found.by == "s1") is muted


def test_a_silence_needs_every_matcher():
    both = silence(API, Matcher("severity", Operator.EQUAL, "high"))
    assert mute({"service": "orders-api", "severity": "low"}, [both], [], [], NIGHT) is None
    assert mute({"service": "orders-api", "severity": "high"}, [both], [], [], NIGHT)


def test_of_two_silences_the_one_that_lasts_longer_is_named():
    longer = silence(API, end=NIGHT + 2 * HOUR, name="s2")
    assert mute({"service": "orders-api"}, [silence(API), longer], [], [], NIGHT).by == "s2"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (silence(API), ""),
        (silence(API, author=""), "author"),
        (silence(API, reason=" "), "reason"),
        (silence(), "does not accept everything"),
        (silence(Matcher("service", Operator.MATCHES, ".*")), "does not accept everything"),
        (silence(Matcher("service", Operator.NOT_EQUAL, "web")), "does not accept everything"),
        (silence(Matcher("service", Operator.NOT_EQUAL, "")), "does not accept everything"),
        (silence(Matcher("service", Operator.MATCHES, ".+")), "does not accept everything"),
        (
            silence(Matcher("service", Operator.MATCHES, "(.+)"), Matcher("severity", Operator.NOT_EQUAL, "critical")),
            "does not accept everything",
        ),
        (silence(Matcher("severity", Operator.MATCHES, "low|medium|high|critical")), "does not accept everything"),
        (silence(Matcher("severity", Operator.MATCHES, "low|medium")), ""),
        (silence(Matcher("service", Operator.MATCHES, ".+"), API), ""),
        (silence(API, end=NIGHT), "ends before it starts"),
        (silence(API, end=NIGHT + LONGEST), ""),
        (silence(API, end=NIGHT + LONGEST + HOUR), "7 days"),
    ],
)
def test_a_silence_is_refused_with_its_reason(asked, says):
    assert says in refusal(asked) if says else refusal(asked) == ""


OUTAGE = Matcher("alert_type", Operator.EQUAL, "outage")
SLOW = Matcher("alert_type", Operator.MATCHES, "slow.*")


@pytest.mark.parametrize(
    ("target", "firing", "muted"),
    [
        ({"alert_type": "slow"}, [{"alert_type": "outage"}], True),
        ({"alert_type": "slow"}, [], False),
        ({"alert_type": "slow", "service": "web"}, [{"alert_type": "outage", "service": "api"}], False),
        ({"alert_type": "slow", "service": "web"}, [{"alert_type": "outage", "service": "web"}], True),
        ({"alert_type": "crash"}, [{"alert_type": "outage"}], False),
    ],
)
def test_what_follows_from_something_worse_is_muted(target, firing, muted):
    found = mute(target, [], [Inhibition("outages", (OUTAGE,), (SLOW,), ("service",))], firing, NIGHT)
    assert (found is not None) is muted
    assert found is None or (found.reason, found.by) == (Suppressed.BY_INHIBITION, "outages")


def test_nothing_mutes_itself_nor_another_of_its_kind():
    everything = Inhibition(
        "all", (Matcher("severity", Operator.EQUAL, "high"),), (Matcher("severity", Operator.EQUAL, "high"),)
    )
    first, second = {"severity": "high", "n": "1"}, {"severity": "high", "n": "2"}
    assert mute(first, [], [everything], [first, second], NIGHT) is None


def test_labels_of_an_event_cannot_take_the_place_of_ours():
    hostile = dict.fromkeys(OURS, "forged")
    signal = Signal("e", "f", "k", "log.error", "logs", "web", "t", NIGHT, NIGHT, labels=hostile)
    config = configuration()
    policies = dict.fromkeys(config.promises, config.policies["critical"])
    incident = absorb(signal, None, Circumstances(config.event_rules[-1], policies, HOUR, NIGHT)).incident
    assert "forged" not in labels_of_signal(signal, rule="any", severity=Severity.HIGH).values()
    assert "forged" not in labels_of_incident(incident).values()
