"""Real payloads spoilt, and bytes that are none: every reader of what comes from outside answers or refuses."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.tools.fuzz.signatures import AcceptedError, signatures
from infra.tools.fuzz.spoiling import spoilt
from infra.tools.fuzz.targets import parsers
from shared.inbound import slack

TARGETS = {target.name: target for target in parsers()}
SAME_EACH_TIME = settings(derandomize=True, max_examples=25, database=None)


@pytest.mark.parametrize("name", TARGETS)
def test_a_real_payload_is_read(name):
    for seed in TARGETS[name].seeds:
        assert TARGETS[name].run(seed) is None


@pytest.mark.parametrize("name", TARGETS)
def test_E07_a_reader_of_spoilt_payloads_answers_or_refuses_and_raises_nothing_else(name):
    target = TARGETS[name]

    @SAME_EACH_TIME
    @given(st.sampled_from(target.seeds), st.integers(0, 2**32))
    def holds(seed, number):
        assert target.run(spoilt(seed, random.Random(number))) is None

    holds()


@pytest.mark.parametrize("name", TARGETS)
def test_E07_a_reader_of_any_bytes_answers_or_refuses_and_raises_nothing_else(name):
    @SAME_EACH_TIME
    @given(st.binary(max_size=400))
    def holds(data):
        assert TARGETS[name].run(data) is None

    holds()


def test_E68_a_check_that_takes_what_nobody_signed_is_found_out(monkeypatch):
    monkeypatch.setattr(slack, "verify", lambda *given, **wish: "taken")
    with pytest.raises(AcceptedError):
        signatures(b"v0=0")


def test_what_is_spoilt_is_the_same_each_time_and_not_what_was_given():
    seed = TARGETS["payload"].seeds[0]
    once, again = ([spoilt(seed, random.Random(n)) for n in range(50)] for _ in range(2))
    assert once == again
    assert len(set(once) - {seed}) > 40
