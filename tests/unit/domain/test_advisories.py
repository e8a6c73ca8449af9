"""Which versions a vulnerability is in, which version is free of it, and one vulnerability under several names."""

import pytest

from shared.domain.advisories import Advisory, Affected, Danger, Event, affects, exposures
from shared.domain.pinned import NPM, PYPI, Lock, Pin, normalised, pins_of
from shared.usecases.jobs.versions import ORDERED


def advisory(*turns, name="jinja2", called="GHSA-1", ecosystem=PYPI, **more):
    return Advisory(called, affected=(Affected(ecosystem, name, (turns,)),), **more)


def pin(version, name="jinja2", ecosystem=PYPI):
    return Pin(ecosystem, name, version)


TWICE = (Event("1.0"), Event(fixed="1.2"), Event("2.0"), Event(fixed="2.10"))


@pytest.mark.parametrize(
    ("turns", "version", "expected"),
    [
        ((Event("0"), Event(fixed="2.10")), "2.9", True),  # not as texts compare
        ((Event("0"), Event(fixed="2.10")), "2.10", False),
        ((Event("0"), Event(fixed="2.10")), "2.10rc1", True),  # a pre-release comes before
        ((Event("0"), Event(fixed="2.10")), "2.10.post1", False),
        ((Event("0"), Event(last_affected="2.10")), "2.10", True),
        ((Event("0"), Event(last_affected="2.10")), "2.10.1", False),
        ((Event("1.0"),), "0.9", False),
        ((Event("1.0"),), "99", True),
        (TWICE, "1.1", True),
        (TWICE, "1.2", False),
        (TWICE, "2.9", True),
        (tuple(reversed(TWICE)), "1.5", False),  # in whatever order they stand
        ((Event("0"), Event(fixed="1!1.0")), "2026.1", True),  # an epoch is above all
    ],
)
def test_a_range_holds_what_lies_between_its_turns(turns, version, expected):
    assert affects(advisory(*turns), pin(version), ORDERED[PYPI]) is expected


@pytest.mark.parametrize(
    ("fixed", "version", "expected"),
    [
        ("1.10.0", "1.9.9", True),
        ("1.0.0", "1.0.0-rc.1", True),
        ("1.0.0-rc.2", "1.0.0-rc.10", False),
        ("1.0.0-rc.1", "1.0.0-alpha", True),
        ("1.0.0-beta", "1.0.0-1", True),  # numbers come before words
        ("1.0.0", "1.0.0+build", False),
    ],
)
def test_npm_orders_as_semantic_versioning_does(fixed, version, expected):
    found = advisory(Event("0"), Event(fixed=fixed), ecosystem=NPM)
    assert affects(found, pin(version, ecosystem=NPM), ORDERED[NPM]) is expected


def test_a_version_that_is_listed_is_affected_without_any_range():
    found = Advisory("PYSEC-1", affected=(Affected(PYPI, "jinja2", (), ("2.9", "2.9.1")),))
    assert [affects(found, pin(v), ORDERED[PYPI]) for v in ("2.9.1", "2.9.2")] == [True, False]


def test_what_was_withdrawn_or_is_about_another_package_affects_nothing():
    turns = (Event("0"), Event(fixed="9"))
    assert not affects(advisory(*turns, withdrawn=True), pin("1"), ORDERED[PYPI])
    assert not affects(advisory(*turns, name="mako"), pin("1"), ORDERED[PYPI])
    assert exposures(pin("1"), [advisory(*turns, withdrawn=True)], ORDERED[PYPI]) == []


def test_a_version_that_cannot_be_compared_counts_as_affected_and_has_no_fix():
    found = advisory(Event("0"), Event(fixed="next year"))
    assert affects(found, pin("1.0"), ORDERED[PYPI])
    assert exposures(pin("1.0"), [found], ORDERED[PYPI])[0].fixed == ""


def test_the_nearest_version_without_it_is_named():
    (one,) = exposures(pin("1.1"), [advisory(*TWICE)], ORDERED[PYPI])
    assert one.fixed == "1.2"
    (one,) = exposures(pin("2.1"), [advisory(*TWICE)], ORDERED[PYPI])
    assert one.fixed == "2.10"


def test_one_vulnerability_under_three_names_is_one_and_as_bad_as_the_worst_says():
    turns = (Event("0"), Event(fixed="3"))
    known = [
        advisory(*turns, called="PYSEC-1", aliases=("CVE-1",)),
        advisory(*turns, called="GHSA-1", aliases=("CVE-1",), danger=Danger.HIGH, summary="Escapes the sandbox"),
        advisory(*turns, called="CVE-2"),
    ]
    found = exposures(pin("2"), known, ORDERED[PYPI])
    assert [(one.id, one.danger, one.summary, one.fixed) for one in found] == [
        ("CVE-2", Danger.UNKNOWN, "", "3"), ("GHSA-1", Danger.HIGH, "Escapes the sandbox", "3"),
    ]  # fmt: skip
    assert found[1].names == {"PYSEC-1", "GHSA-1", "CVE-1"}


def test_a_python_lock_gives_normal_names_and_exact_versions_and_nothing_else():
    text = """# made by uv
Jinja2==3.1.6 \\
    --hash=sha256:aa
Google_Cloud.Storage[grpc]==3.1.0 ; python_version >= "3.11" \\
    --hash=sha256:bb
requests>=2  # not pinned
-e .
"""
    found = pins_of(Lock("x", PYPI, text))
    assert found == {pin("3.1.6"), pin("3.1.0", "google-cloud-storage")}
    assert normalised("Google_Cloud.Storage") == "google-cloud-storage"


def test_a_package_lock_gives_what_is_shipped_in_either_form():
    new = """{"lockfileVersion": 3, "packages": {
      "": {"name": "web", "version": "1.0.0"},
      "node_modules/react": {"version": "19.0.0"},
      "node_modules/a/node_modules/@scope/b": {"version": "1.2.3"},
      "node_modules/alias": {"name": "real", "version": "2.0.0"},
      "node_modules/vitest": {"version": "3.0.0", "dev": true},
      "node_modules/local": {"resolved": "packages/local", "link": true}}}"""
    old = """{"lockfileVersion": 1, "dependencies": {"react": {"version": "19.0.0", "dependencies":
      {"b": {"version": "1.0.0"}}}, "vitest": {"version": "3.0.0", "dev": true}}}"""
    assert {(one.name, one.version) for one in pins_of(Lock("x", NPM, new))} == {
        ("react", "19.0.0"), ("@scope/b", "1.2.3"), ("real", "2.0.0"),
    }  # fmt: skip
    assert {(one.name, one.version) for one in pins_of(Lock("x", NPM, old))} == {("react", "19.0.0"), ("b", "1.0.0")}
    with pytest.raises(ValueError, match="object"):
        pins_of(Lock("x", NPM, "[]"))
