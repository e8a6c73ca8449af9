"""The scan of what is installed, over HTTP, against a server that answers as OSV does; and without one."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from shared.adapters.folder import FolderObjects
from shared.adapters.osv import Osv
from shared.domain.jobs import Verdict
from shared.domain.pinned import NPM, PYPI, Lock
from shared.domain.security_plan import Borne, SecurityPlan
from shared.errors import SourceError
from shared.usecases.jobs.dependencies import Exposed, dependencies
from shared.usecases.jobs.released_packages import ReleasedPackages
from shared.usecases.records import ADVISORIES
from shared.usecases.releases import KeptReleases
from tests.integration.security.conftest import RUN, TUESDAY
from tests.integration.security.documents import HIGH, osv
from tests.integration.security.zips import released

NOWHERE = "http://127.0.0.1:9"


class Pinned:
    """A lock that says what the test says, or cannot be read."""

    def __init__(self, text="Jinja2==3.1.0\nrequests==2.30.0\n", ecosystem=PYPI, error=None):
        self.lock, self.error = Lock("here", ecosystem, text), error

    def locks(self):
        if self.error:
            raise self.error
        return [self.lock]


@pytest.fixture
def vulnerable(known):
    severity = [{"type": "CVSS_V3", "score": HIGH}]
    for one in (
        osv("GHSA-1", "jinja2", versions=["3.1.0"], fixed="3.1.6", severity=severity, aliases=["CVE-1"]),
        osv("PYSEC-1", "jinja2", versions=["3.1.0"], fixed="3.1.6", aliases=["CVE-1"]),
        osv("GHSA-2", "jinja2", versions=["3.1.0"], fixed="3.1.5", database_specific={"severity": "MODERATE"}),
        osv("GHSA-9", "mako", versions=["1.0"], fixed="1.1"),
    ):
        known.vulnerabilities[one["id"]] = one
    return known


@pytest.fixture
def scan(vulnerable, packages_url, store):
    return Exposed(SecurityPlan(), Osv(base_url=packages_url), (Pinned(),), store)


def offline(scan):
    return replace(scan, advisories=Osv(base_url=NOWHERE))


def after(**length):
    return replace(RUN, occurrence=TUESDAY + timedelta(**length))


def test_a_serious_vulnerability_fails_and_a_lesser_one_warns_each_once_over_all_pages(scan):
    found = dependencies(scan, RUN)
    assert [(one.subject, one.verdict, one.alert, one.fix) for one in found.findings] == [
        ("PyPI/jinja2/GHSA-1", Verdict.FAIL, "vulnerability", "update jinja2 to 3.1.6"),
        ("PyPI/jinja2/GHSA-2", Verdict.WARN, "vulnerability", "update jinja2 to 3.1.5"),
    ]
    assert (found.verdict, found.has_looked) == (Verdict.FAIL, True)
    assert found.evidence == {"packages": 2, "vulnerabilities": 2}


def test_what_has_none_passes(scan):
    found = dependencies(replace(scan, sources=(Pinned("jinja2==3.1.6\n"),)), RUN)
    assert (found.verdict, found.findings) == (Verdict.PASS, ())


def test_an_exception_holds_until_its_day_and_counts_by_any_of_its_names(scan):
    borne = replace(
        scan, plan=SecurityPlan(ignored={"CVE-1": Borne("We render no templates of strangers", date(2026, 3, 10))})
    )
    assert dependencies(borne, RUN).findings[0].verdict is Verdict.PASS
    late = dependencies(borne, after(days=1)).findings[0]
    assert (late.verdict, "borne until 2026-03-10" in late.what) == (Verdict.FAIL, True)


def test_without_osv_the_last_answer_holds_and_says_how_old_it_is(scan):
    first = dependencies(scan, RUN)
    later = dependencies(offline(scan), after(days=2))
    assert [one for one in later.findings if one.alert == "vulnerability"] == list(first.findings)
    (aged,) = [one for one in later.findings if one.subject == "osv/PyPI"]
    assert (aged.verdict, aged.what) == (
        Verdict.PASS,
        "OSV cannot be reached (ConnectionError); answered from what was known 2.0 days ago",
    )
    old = dependencies(offline(scan), after(days=4))
    assert [one.verdict for one in old.findings if one.subject == "osv/PyPI"] == [Verdict.WARN]


def test_without_osv_another_version_is_judged_by_the_ranges_that_are_known(scan):
    dependencies(scan, RUN)
    moved = replace(offline(scan), sources=(Pinned("jinja2==3.1.5\nrequests==2.32.0\n"),))
    told = [one.subject for one in dependencies(moved, after(hours=1)).findings if one.alert == "vulnerability"]
    assert told == ["PyPI/jinja2/GHSA-1"], "3.1.5 is free of GHSA-2 alone"


def test_without_osv_a_package_that_nobody_asked_about_is_named_and_takes_nothing_back(scan):
    dependencies(scan, RUN)
    found = dependencies(replace(offline(scan), sources=(Pinned("jinja2==3.1.6\nflask==3.0\n"),)), after(hours=1))
    assert found.verdict is Verdict.WARN
    assert "nothing is known here about flask" in found.reason
    assert not found.has_looked


def test_without_osv_and_without_an_earlier_answer_nothing_was_looked_at(scan):
    found = dependencies(offline(scan), RUN)
    assert (found.verdict, found.has_looked) == (Verdict.SKIPPED, False)
    assert "OSV cannot be reached" in found.reason


@pytest.mark.parametrize(("call", "status"), [("POST /v1/querybatch", 500), ("GET /v1/vulns/GHSA-2", 503), ("GET /v1/vulns/PYSEC-1", 429)])  # fmt: skip
def test_a_refusal_in_the_middle_leaves_the_last_answer_and_the_next_run_goes_on(scan, known, call, status):
    known.refuses[call] = status
    found = dependencies(scan, RUN)
    assert (found.verdict, str(status) in found.reason) == (Verdict.SKIPPED, True)
    asked = len(known.calls)
    assert dependencies(scan, RUN).verdict is Verdict.FAIL
    again = known.calls[asked:]
    assert len(again) == len(set(again)) + 1, "a page more of one question, and nothing that is kept already"
    assert not [one for one in again if one == "GET /v1/vulns/GHSA-1" and status == 503]


def test_a_process_that_dies_in_the_middle_does_no_harm(scan, monkeypatch):
    class Killed(BaseException):
        pass

    class Dying:
        def search(self, pins):
            return scan.advisories.search(pins)

        def read(self, name):
            if name == "PYSEC-1":
                raise Killed
            return scan.advisories.read(name)

    with pytest.raises(Killed):
        dependencies(replace(scan, advisories=Dying()), RUN)
    assert scan.store.get(ADVISORIES, "GHSA-1") is not None
    assert dependencies(scan, RUN).evidence["vulnerabilities"] == 2


def test_what_osv_has_changed_is_read_again_and_what_it_has_not_is_not(scan, known):
    dependencies(scan, RUN)
    known.vulnerabilities["GHSA-2"] |= {
        "modified": "2026-03-11T00:00:00Z",
        "database_specific": {"severity": "CRITICAL"},
    }
    known.calls.clear()
    assert [one.verdict for one in dependencies(scan, RUN).findings] == [Verdict.FAIL, Verdict.FAIL]
    assert [one for one in known.calls if one.startswith("GET")] == ["GET /v1/vulns/GHSA-2"]


def test_a_dry_run_keeps_nothing(scan):
    assert dependencies(scan, replace(RUN, is_dry=True)).verdict is Verdict.FAIL
    assert scan.store.get(ADVISORIES, "asked-PyPI") is None
    assert scan.store.get(ADVISORIES, "GHSA-1") is None


def test_a_web_applications_lock_is_asked_about_as_npm(scan, known):
    one = osv(
        "GHSA-3",
        "react",
        versions=["19.0.0"],
        fixed="19.0.1",
        ecosystem="npm",
        database_specific={"severity": "CRITICAL"},
    )
    known.vulnerabilities["GHSA-3"] = one
    lock = json.dumps({"packages": {"": {}, "node_modules/react": {"version": "19.0.0"}}})
    found = dependencies(replace(scan, sources=(Pinned("jinja2==3.1.6\n"), Pinned(lock, NPM))), RUN)
    assert [(each.subject, each.verdict) for each in found.findings] == [("npm/react/GHSA-3", Verdict.FAIL)]


@pytest.mark.parametrize(
    "lock", [Pinned(error=SourceError("the bucket cannot be reached")), Pinned("{no", NPM), Pinned("[]", NPM)]
)
def test_a_lock_that_cannot_be_read_is_a_warning_and_takes_nothing_back(scan, lock):
    found = dependencies(replace(scan, sources=(Pinned("jinja2==3.1.6\n"), lock)), RUN)
    assert (found.verdict, found.has_looked) == (Verdict.WARN, False)
    assert "a lock file was not looked at" in found.reason


def test_no_lock_at_all_is_nothing_to_look_at(scan):
    assert dependencies(replace(scan, sources=()), RUN).verdict is Verdict.SKIPPED


def test_what_runs_is_read_out_of_the_packages_of_the_newest_release(scan, tmp_path):
    objects = FolderObjects(tmp_path / "releases")
    released(objects, 1, {"handle_signal": "jinja2==3.1.0\n"})
    released(objects, 2, {"handle_signal": "jinja2==3.1.6\n", "send_report": "requests==2.30.0\n"})
    packages = ReleasedPackages(KeptReleases(objects))
    assert [one.where for one in packages.locks()] == ["functions/handle_signal", "functions/send_report"]
    assert dependencies(replace(scan, sources=(packages,)), RUN).verdict is Verdict.PASS
    released(objects, 3, {"handle_signal": None})
    with pytest.raises(SourceError, match="the package of handle_signal is not in the bucket"):
        packages.locks()


def test_our_answer_for_a_lock_is_the_one_that_pip_audit_gives(scan):
    """pip-audit's JSON (--format json), as it describes it; each vulnerability it names is named by us as well."""
    report = {
        "dependencies": [
            {"name": "jinja2", "version": "3.1.0", "vulns": [
                {"id": "PYSEC-1", "fix_versions": ["3.1.6"], "aliases": ["CVE-1", "GHSA-1"], "description": "x"},
                {"id": "GHSA-2", "fix_versions": ["3.1.5"], "aliases": [], "description": "y"},
            ]},
            {"name": "requests", "version": "2.30.0", "vulns": []},
        ],
        "fixes": [],
    }  # fmt: skip
    theirs = {(one["name"], v["fix_versions"][0]) for one in report["dependencies"] for v in one["vulns"]}
    ours = {(one.subject.split("/")[1], one.fix.rpartition(" ")[2]) for one in dependencies(scan, RUN).findings}
    assert ours == theirs


def test_an_answer_of_another_shape_is_a_fault_of_the_source(scan, known, monkeypatch):
    known.vulnerabilities["GHSA-2"] = {"modified": "2026", "affected": known.vulnerabilities["GHSA-2"]["affected"]}
    found = dependencies(scan, RUN)
    assert (found.verdict, "another shape" in found.reason) == (Verdict.SKIPPED, True)
