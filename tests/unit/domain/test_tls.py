"""What of an address's TLS turns visitors away, without a network."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.jobs import Verdict
from shared.domain.tls import Certificate, Distrust, Shown, judged
from tests.conftest import NIGHT

GOOD = Certificate(
    "CN=souk", "CN=R11", NIGHT - timedelta(days=30), NIGHT + timedelta(days=60), "EC", 256, "sha256"
)  # fmt: skip
ROOT = replace(GOOD, subject="CN=Old root", issuer="CN=Old root", signed_over="sha1", is_self_signed=True)


def found(shown):
    return [(one.subject.partition("/")[2], one.verdict) for one in judged("souk", shown, NIGHT)]


def test_what_is_well_is_not_named_and_a_root_may_be_signed_over_anything():
    assert found(Shown((GOOD, replace(GOOD, subject="CN=R11"), ROOT))) == []


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"key": "RSA", "bits": 2047}, "weak_key"),
        ({"key": "EC", "bits": 223}, "weak_key"),
        ({"key": "DSA", "bits": 3072}, "weak_key"),
        ({"signed_over": "md5"}, "weak_signature"),
        ({"ends": NIGHT}, "expired"),
        ({"starts": NIGHT + timedelta(minutes=1)}, "not_yet_valid"),
    ],
)
def test_a_certificate_that_is_weak_or_out_of_its_time_is_a_failure(changes, about):
    assert found(Shown((replace(GOOD, **changes),))) == [(about, Verdict.FAIL)]


@pytest.mark.parametrize("changes", [{"key": "RSA", "bits": 2048}, {"key": "EC", "bits": 224}, {"key": "Ed25519"}])
def test_a_key_that_is_just_long_enough_is_well(changes):
    assert found(Shown((replace(GOOD, **changes),))) == []


@pytest.mark.parametrize(("left", "is_warned"), [(13, True), (14, False)])
def test_less_than_two_weeks_are_a_warning(left, is_warned):
    ends = NIGHT + timedelta(days=left)
    assert found(Shown((replace(GOOD, ends=ends),))) == ([("ends_soon", Verdict.WARN)] if is_warned else [])


def test_each_reason_to_distrust_has_a_name_and_a_fix_of_its_own_but_weakness_that_is_told_by_what_is_weak():
    told = {one: judged("souk", Shown((GOOD,), one, "its words"), NIGHT) for one in Distrust}
    assert told.pop(Distrust.WEAK) == []
    assert {str(one) for one in told} == {each.subject.partition("/")[2] for found in told.values() for each in found}
    fixes = [each.fix for found in told.values() for each in found]
    assert len(fixes) == len(told)
    assert all(fixes)


def test_an_expired_certificate_that_the_client_refuses_for_it_is_told_once():
    over = replace(GOOD, ends=NIGHT - timedelta(days=1))
    assert found(Shown((over,), Distrust.EXPIRED)) == [("expired", Verdict.FAIL)]
