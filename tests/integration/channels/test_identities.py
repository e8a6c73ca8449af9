"""Whose token it is: signed by the right key, for our project, with a verified address."""

import pytest
from google.auth.exceptions import TransportError

from infra.local.sandbox import identity
from infra.local.sandbox.server import serve
from shared.adapters.firebase_identities import FirebaseIdentities
from shared.errors import RefusedError

PROJECT = "souk"


@pytest.fixture(scope="module")
def keys():
    with serve(identity.create_app()) as server:
        yield f"{server.url}/keys"


@pytest.fixture
def identities(keys):
    return FirebaseIdentities(PROJECT, keys=keys)


def token(**changes):
    return identity.id_token("omar@souk.example", **{"project": PROJECT, **changes})


def test_a_token_of_our_project_names_its_address(identities):
    assert identities.email_of(f"Bearer {token()}") == "omar@souk.example"
    assert identities.email_of(f"bearer {token()}") == "omar@souk.example"


UNSIGNED = "eyJhbGciOiJub25lIn0.eyJlbWFpbCI6Im9tYXJAc291ay5leGFtcGxlIn0."
FORGED = [
    "",
    "Bearer",
    "Bearer ",
    "Basic b21hcjp4",
    "Bearer x",
    "Bearer a.b.c",
    "Bearer " + "x" * 9_000,
    f"Bearer {UNSIGNED}",
    "Bearer \u0645\u0646\u0649",
]


@pytest.mark.parametrize("header", FORGED)
def test_E14_what_is_no_token_is_refused(identities, header):
    with pytest.raises(RefusedError) as refused:
        identities.email_of(header)
    assert refused.value.status == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"project": "another"},
        {"iss": "https://securetoken.google.com/another"},
        {"iss": "https://accounts.google.com"},
        {"aud": "another"},
        {"exp": 1_700_000_000, "iat": 1_699_990_000},
        {"sub": ""},
    ],
)
def test_E14_a_token_for_somebody_else_or_of_the_past_is_refused(identities, changes):
    with pytest.raises(RefusedError) as refused:
        identities.email_of(f"Bearer {token(**changes)}")
    assert refused.value.status == 401


def test_E14_another_s_key_is_refused(identities, keys):
    mine = token()
    head, claims, signature = mine.split(".")
    with pytest.raises(RefusedError):
        identities.email_of(f"Bearer {head}.{claims}.{signature[::-1]}")


@pytest.mark.parametrize("changes", [{"email_verified": False}, {"email_verified": "true"}, {"email": ""}])
def test_an_address_that_was_never_verified_proves_nothing(identities, changes):
    with pytest.raises(RefusedError) as refused:
        identities.email_of(f"Bearer {token(**changes)}")
    assert refused.value.status == 403


def test_keys_that_cannot_be_fetched_are_our_fault_and_not_the_caller_s(closed_port):
    with pytest.raises(TransportError):
        FirebaseIdentities(PROJECT, keys=f"http://127.0.0.1:{closed_port}/keys").email_of(f"Bearer {token()}")
