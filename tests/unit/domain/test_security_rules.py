"""Dangerous security rules, with their lines; what only stands in comments and texts is none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.jobs import Verdict
from shared.domain.rules_language import parsed
from shared.domain.security_rules import remarks

NOW = datetime(2026, 3, 10, tzinfo=UTC)
FRAME = """rules_version = '2';
service cloud.firestore {{
  match /databases/{{database}}/documents {{
    function signedIn() {{ return request.auth != null; }}
    function isOwner(id) {{ let who = {{'id': id}}; return signedIn() && request.auth.uid == who.id; }}
    {0}
  }}
}}
"""


def found(statement):
    return [(one.line, one.verdict, one.is_open) for one in remarks(FRAME.format(statement), NOW)]


@pytest.mark.parametrize(
    "statement",
    [
        "match /orders/{id} { allow read, write: if true; }",
        "match /orders/{id} { allow write; }",
        "match /orders/{id} { allow delete: if (true); }",
        "match /orders/{id} { allow update: if isOwner(id) || true; }",
        "match /{everything=**} { allow read: if true; }",
        "match /orders/{id} { allow create: if true }",
        "match /orders/{id} { allow read, write: if request.time < timestamp.date(2026, 4, 9); }",
        "match /orders/{id} { allow write: if\n\n true; }",
    ],
)
def test_rules_that_let_everybody_in_fail_as_open(statement):
    assert found(statement) == [(6, Verdict.FAIL, True)]


@pytest.mark.parametrize(
    "statement",
    [
        "match /orders/{id} { allow update: if resource.data.open == true; }",
        "match /orders/{id} { allow write: if resource.data.note == 'request.auth'; }",
        "match /{all=**} { allow write: if request.auth != null; }",
    ],
)
def test_rules_that_let_the_wrong_people_write_fail(statement):
    assert found(statement) == [(6, Verdict.FAIL, False)]


@pytest.mark.parametrize(
    "statement",
    [
        "match /cars/{id} { allow read; }",
        "match /letters/{id} { allow create: if request.resource.data.size() < 9; }",
        "match /orders/{id} { allow read, write: if request.time < timestamp.date(2026, 3, 9); }",
    ],
)
def test_what_may_be_meant_is_a_warning(statement):
    assert found(statement) == [(6, Verdict.WARN, False)]


@pytest.mark.parametrize(
    "statement",
    [
        "match /orders/{id} { allow read, write: if isOwner(id); }",
        "match /orders/{id} { allow write: if request.auth.token.admin == true; }",
        "// match /orders/{id} { allow read, write: if true; }\n match /o/{id} { allow get: if signedIn(); }",
        "/* allow write; */ match /o/{id} { allow get: if request.auth != null && resource.data.x == 'allow write;'; }",
        "match /o/{id} { allow get: if signedIn() && {'a': true}.a; allow create: if isOwner(id); }",
        "match /o/{id} { allow write: if false; }",
    ],
)
def test_rules_that_ask_who_it_is_pass(statement):
    assert found(statement) == []


def test_a_version_that_is_missing_and_a_file_without_rules_are_warnings():
    said = remarks("service firebase.storage { match /b/{bucket}/o { } }", NOW)
    assert [(one.line, one.verdict) for one in said] == [(1, Verdict.WARN), (1, Verdict.WARN)]
    assert {one.what[:5] for one in said} == {"rules", "there"}


def test_a_statement_knows_the_whole_path_that_it_is_nested_in():
    (allow,) = parsed(FRAME.format("match /a/{b} { match /c/{d=**} { allow get, list: if false; } }")).allows
    assert allow.path == "/databases/{database}/documents/a/{b}/c/{d=**}"
    assert allow.methods == ("get", "list")


@given(st.text(alphabet="match/{}allow write:if true;()'\"\n*=|&", max_size=200))
def test_no_text_whatever_breaks_the_reader(text):
    assert all(one.line >= 1 for one in remarks(text, NOW))
