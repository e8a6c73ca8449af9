"""Measures against a breach over the real clients, against APIs that answer as Google's do."""

import pytest

from infra.local.sandbox.google_management import Management, create_app
from infra.local.sandbox.server import serve
from shared.adapters.firebase_users import FirebaseUsers, Passwords, Sessions
from shared.adapters.google_management import LogBuckets, ServiceAccounts
from shared.adapters.google_management import rest as google_rest
from shared.domain.containment import Effect
from shared.errors import ContainmentError

TOKEN = "given"
ACCOUNT = "importer@souk.iam.gserviceaccount.com"
DEFAULT, REQUIRED = "locations/global/buckets/_Default", "locations/global/buckets/_Required"


@pytest.fixture
def google():
    made = Management(
        accounts={ACCOUNT: {"displayName": "Nightly import"}}, buckets={DEFAULT: 30, REQUIRED: 400, "b/c": 900}
    )
    made.add_user("uid1")
    made.add_user("uid2", password=False)
    return made


@pytest.fixture
def url(google):
    with serve(create_app(google, token=TOKEN)) as server:
        yield server.url


@pytest.fixture
def users(url):
    return FirebaseUsers("souk", base_url=url, token=TOKEN)


@pytest.fixture
def rest(url):
    return google_rest(base_url=url, token=TOKEN)


def changed(google):
    """The calls that may change something."""
    return [call for call in google.calls if not call.startswith("GET") and not call.endswith(":lookup")]


def test_E88_a_dry_run_changes_nothing(google, users, rest):
    for port, target in (
        (Sessions(users), "uid1"),
        (Passwords(users), "uid1"),
        (ServiceAccounts(rest, "souk"), ACCOUNT),
        (LogBuckets(rest, "souk"), DEFAULT),
    ):
        effect = port.foresee(target)
        assert (effect.target, effect.is_change) == (target, True)
        assert "would" in effect.what
    assert changed(google) == []


def test_sessions_end_for_everything_that_was_issued_until_now(google, users):
    assert Sessions(users).carry_out("uid1") == "signed out everywhere"
    assert int(google.users["uid1"]["validSince"]) > 1_700_000_000
    assert "password" not in google.users["uid1"]


def test_a_required_reset_makes_the_old_password_useless_before_the_link_is_mailed(google, users):
    Passwords(users).carry_out("uid1")
    assert len(google.users["uid1"]["password"]) >= 48
    assert int(google.users["uid1"]["validSince"]) > 0
    assert google.mailed == ["uid1@customers.test"]
    assert [call.rpartition(":")[2] for call in google.calls] == ["lookup", "update", "sendOobCode"]


def test_a_link_that_cannot_be_mailed_is_told_and_the_old_password_is_useless_all_the_same(google, users):
    google.refuses["accounts:sendOobCode"] = 403
    with pytest.raises(ContainmentError, match="the password stopped working, but no link was mailed"):
        Passwords(users).carry_out("uid1")
    assert google.users["uid1"]["password"]


def test_somebody_without_a_password_is_given_none(google, users):
    assert "no password here" in Passwords(users).foresee("uid2").what
    Passwords(users).carry_out("uid2")
    assert "password" not in google.users["uid2"]
    assert int(google.users["uid2"]["validSince"]) > 0
    assert google.mailed == []


def test_a_service_account_is_disabled_once(google, rest):
    port = ServiceAccounts(rest, "souk")
    assert "Nightly import" in port.foresee(ACCOUNT).what
    assert port.carry_out(ACCOUNT) == "disabled"
    assert google.accounts[ACCOUNT]["disabled"]
    assert port.foresee(ACCOUNT) == Effect(ACCOUNT, "is disabled already", is_change=False)


def test_a_log_bucket_is_kept_for_longer_and_never_for_less_and_is_not_locked(google, rest):
    port = LogBuckets(rest, "souk")
    assert "400 days instead of 30" in port.foresee(DEFAULT).what
    assert port.carry_out(DEFAULT) == "keeps its entries for 400 days"
    assert google.buckets[DEFAULT] == 400
    assert not port.foresee(REQUIRED).is_change
    assert port.carry_out("b/c") == "keeps its entries for 900 days"
    assert google.buckets["b/c"] == 900


@pytest.mark.parametrize("target", ["nobody", "uid9"])
def test_whoever_does_not_exist_is_named_as_such(users, target):
    with pytest.raises(ContainmentError, match="there is no such user"):
        Sessions(users).foresee(target)


def test_what_google_refuses_is_told_in_its_name_and_without_what_it_said(google, users, rest):
    google.refuses["accounts:lookup"] = 403
    with pytest.raises(ContainmentError, match=r"^Firebase did not take it \(PERMISSION_DENIED\)$"):
        Sessions(users).foresee("uid1")
    google.refuses[f"{ACCOUNT}:disable"] = 403
    with pytest.raises(ContainmentError, match="iam answered 403: our account may not do that"):
        ServiceAccounts(rest, "souk").carry_out(ACCOUNT)
    with pytest.raises(ContainmentError, match="iam answered 404: it does not exist"):
        ServiceAccounts(rest, "souk").foresee("other@souk.iam.gserviceaccount.com")


def test_a_token_that_is_not_ours_is_refused(url, google):
    with pytest.raises(ContainmentError):
        LogBuckets(google_rest(base_url=url, token="another"), "souk").carry_out(DEFAULT)
    assert google.buckets[DEFAULT] == 30


def test_an_address_where_nobody_answers_is_a_fault_with_a_name():
    with pytest.raises(ContainmentError, match="iam cannot be reached"):
        ServiceAccounts(google_rest(base_url="http://127.0.0.1:9", token=TOKEN), "souk").foresee(ACCOUNT)
