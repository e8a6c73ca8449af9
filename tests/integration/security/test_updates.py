"""Updates of packages over HTTP, against servers that answer as PyPI, OSV and GitHub do."""

from dataclasses import replace
from datetime import timedelta

import pytest

from infra.local.sandbox import github
from infra.local.sandbox.server import serve
from shared.adapters.folder import FolderObjects
from shared.adapters.github import GitHub
from shared.adapters.osv import Osv
from shared.adapters.pypi import PyPI
from shared.adapters.running_packages import RunningPackages
from shared.domain.jobs import Run, Verdict
from shared.domain.pinned import PYPI, Lock
from shared.domain.security_plan import UpdatePlan
from shared.usecases.jobs.proposals import follow
from shared.usecases.jobs.updates import Updating, update_steps
from shared.usecases.releases import KeptReleases
from tests.integration.security.conftest import TOKEN, TUESDAY
from tests.integration.security.documents import HIGH, osv
from tests.integration.security.zips import released

RUN = Run("dependency_updates", TUESDAY, TUESDAY, TUESDAY)
OLD, RIPE, YOUNG = "2025-01-01T00:00:00Z", "2026-03-03T04:00:00Z", "2026-03-04T00:00:00Z"
PINS = "flask==3.0.0\njinja2==3.1.0\nwerkzeug==3.0.0\n"


class Pinned:
    def __init__(self, text=PINS):
        self.text = text

    def locks(self):
        return [Lock("here", PYPI, self.text)] if self.text else []


@pytest.fixture
def pypi(known):
    known.add_release("flask", "3.0.0", OLD, requires_dist=["Jinja2>=3.1", "Werkzeug<4"])
    known.add_release("jinja2", "3.1.0", OLD)
    known.add_release(
        "werkzeug", "3.0.0", OLD, requires_dist=["colorama; sys_platform == 'win32'", "watchdog; extra == 'watchdog'"]
    )
    return known


@pytest.fixture
def hosted():
    return github.Hosted({"main": {"requirements.txt": PINS}})


@pytest.fixture
def github_url(hosted):
    with serve(github.create_app(hosted, token=TOKEN)) as server:
        yield server.url


@pytest.fixture
def here(pypi, packages_url, store, tmp_path):
    objects = FolderObjects(tmp_path / "objects")
    releases = KeptReleases(FolderObjects(tmp_path / "releases"))
    reached = Osv(base_url=packages_url), PyPI(base_url=packages_url), (Pinned(),)
    return Updating(UpdatePlan(), *reached, None, releases, objects, store)


@pytest.fixture
def there(here, github_url):
    plan = UpdatePlan("souk/monitoring")
    return replace(here, plan=plan, repository=GitHub("souk/monitoring", token=TOKEN, base_url=github_url))


def taken(updating, *names, run=RUN):
    steps = update_steps(updating)
    return [steps[name](run) for name in names]


def proposed(updating, run=RUN):
    """The last step's result, and the lock and the words that were kept."""
    found = taken(updating, "updates", "compatibility", run=run)[1]
    folder = str(found.evidence["where"]).partition(" ")[0]
    read = [updating.objects.read(f"{folder}{name}").decode() for name in ("requirements.txt", "proposal.md")]
    return found, *read


def test_the_newest_version_that_has_ripened_is_proposed_with_where_its_changes_are_written(here, pypi):
    pypi.add_release("jinja2", "3.1.9", OLD)
    pypi.add_release("jinja2", "3.1.10", RIPE, project_urls={"Changelog": "https://jinja.example/changes"})
    pypi.add_release("jinja2", "3.1.11", YOUNG)
    found, lock, words = proposed(here)
    assert lock == PINS.replace("jinja2==3.1.0", "jinja2==3.1.10")
    assert "| jinja2 | 3.1.0 | 3.1.10 | patch |  | <https://jinja.example/changes> |" in words
    assert (found.verdict, found.evidence["proposed"]) == (Verdict.PASS, 1)


@pytest.mark.parametrize(
    "more", [{"yanked": "broken"}, {"requires_python": ">=3.13"}, {"requires_python": "no specifier"}]
)
def test_what_was_withdrawn_or_does_not_run_on_our_python_is_no_choice(here, pypi, more):
    pypi.add_release("jinja2", "3.2.0", OLD, **more)
    assert [one.reason for one in taken(here, "updates", "compatibility")] == ["everything is up to date"] * 2


def test_a_pre_release_is_no_choice_and_moves_are_counted_by_their_size(here, pypi):
    for name, version in (("jinja2", "4.0rc1"), ("flask", "3.1.0"), ("werkzeug", "3.0.6"), ("jinja2", "3.2")):
        pypi.add_release(name, version, OLD)
    (found,) = taken(here, "updates")
    assert (found.evidence, found.reason) == ({"packages": 3, "minor": 2, "patch": 1}, "2 minor, 1 patch")


def test_a_version_that_ends_a_vulnerability_does_not_wait_to_ripen(here, pypi):
    pypi.vulnerabilities["GHSA-1"] = osv(
        "GHSA-1", "jinja2", versions=["3.1.0"], fixed="3.1.6", severity=[{"type": "CVSS_V3", "score": HIGH}]
    )
    for version, at in (("3.1.5", OLD), ("3.1.6", YOUNG), ("3.2.0", YOUNG)):
        pypi.add_release("jinja2", version, at)
    (patch,) = taken(here, "patches")
    assert (patch.verdict, patch.evidence["fixes"]) == (Verdict.WARN, 1)
    assert "jinja2 3.1.0 has GHSA-1 (high), 3.1.6 has not" in patch.reason
    _, lock, words = proposed(here)
    assert "jinja2==3.1.6" in lock
    assert "| jinja2 | 3.1.0 | 3.1.6 | patch | GHSA-1 |" in words


def test_moves_that_break_a_requirement_are_left_out_and_the_others_are_made(here, pypi):
    pypi.add_release("werkzeug", "4.0.0", OLD)
    pypi.add_release("jinja2", "3.1.6", OLD)
    found, lock, words = proposed(here)
    assert lock == PINS.replace("jinja2==3.1.0", "jinja2==3.1.6")
    assert [one.what for one in found.findings] == ["werkzeug 4.0.0 is left out: flask 3.0.0 needs werkzeug <4"]
    assert "* werkzeug 4.0.0: flask 3.0.0 needs werkzeug <4" in words


def test_a_move_that_needs_what_is_not_locked_is_left_for_a_resolver(here, pypi):
    pypi.add_release("flask", "3.1.0", OLD, requires_dist=["blinker>=1.9", "jinja2"])
    found = taken(here, "updates", "compatibility")[1]
    assert (found.reason, found.evidence["left_out"]) == ("no update fits with the others", 1)
    assert "needs blinker, which is not locked" in found.findings[0].what


def test_two_moves_that_need_each_other_are_made_together(here, pypi):
    pypi.add_release("flask", "4.0.0", OLD, requires_dist=["Jinja2>=3.1", "Werkzeug>=4"])
    pypi.add_release("werkzeug", "4.0.0", OLD)
    _, lock, _ = proposed(here)
    assert lock == "flask==4.0.0\njinja2==3.1.0\nwerkzeug==4.0.0\n"


def test_a_package_that_cannot_be_looked_up_is_a_warning_and_the_others_are(here, pypi):
    pypi.add_release("jinja2", "3.1.6", OLD)
    pypi.refuses["GET /simple/flask/"] = 500
    (found,) = taken(here, "updates")
    assert (found.verdict, found.reason, found.has_looked) == (
        Verdict.WARN,
        "flask was not looked up: PyPI answered 500",
        False,
    )
    assert found.evidence["patch"] == 1


def test_without_an_index_or_a_lock_nothing_was_looked_at(here):
    for nothing in (replace(here, index=PyPI(base_url="http://127.0.0.1:9")), replace(here, deployed=(Pinned(""),))):
        assert [one.verdict for one in taken(nothing, "updates", "compatibility")] == [Verdict.SKIPPED] * 2


def test_patches_without_osv_and_without_an_earlier_answer_are_skipped(here):
    offline = replace(here, advisories=Osv(base_url="http://127.0.0.1:9"))
    assert taken(offline, "patches")[0].verdict is Verdict.SKIPPED
    assert taken(here, "patches")[0].verdict is Verdict.PASS
    assert taken(offline, "patches")[0].verdict is Verdict.PASS


def test_a_dry_run_proposes_and_keeps_nothing(there, pypi, hosted):
    pypi.add_release("jinja2", "3.1.6", OLD)
    found = taken(there, "patches", "updates", "compatibility", run=replace(RUN, is_dry=True))
    assert [one.verdict for one in found] == [Verdict.PASS, Verdict.PASS, Verdict.SKIPPED]
    assert {call.partition(" ")[0] for call in hosted.calls} == {"GET"}


def test_a_pull_request_holds_the_lock_and_its_words_and_nothing_is_merged(there, pypi, hosted):
    pypi.add_release("jinja2", "3.1.6", OLD)
    found = taken(there, "updates", "compatibility")[1]
    assert found.evidence["where"] == "https://github.com/souk/monitoring/pull/7"
    (pull,) = hosted.pulls.values()
    assert hosted.branches[pull["head"]["ref"]]["requirements.txt"] == PINS.replace("3.1.0", "3.1.6")
    assert hosted.branches["main"]["requirements.txt"] == PINS
    assert (pull["title"], "| jinja2 | 3.1.0 | 3.1.6 |" in pull["body"]) == ("1 update of packages", True)


@pytest.mark.parametrize("step", ["POST {}/git/refs", "GET {}/contents/requirements.txt", "PUT {}/contents/requirements.txt", "GET {}/pulls", "POST {}/pulls"])  # fmt: skip
@pytest.mark.parametrize("status", [500, 403])
def test_a_refusal_at_any_step_fails_and_the_next_try_makes_one_pull_request(there, pypi, hosted, step, status):
    pypi.add_release("jinja2", "3.1.6", OLD)
    taken(there, "updates")
    hosted.refuses[step.format("/repos/souk/monitoring")] = status
    (found,) = taken(there, "compatibility")
    assert (found.verdict, found.has_looked, found.reason) == (
        Verdict.FAIL,
        False,
        f"no update was proposed: GitHub answered {status}",
    )
    assert [one.verdict for one in taken(there, "compatibility", "compatibility")] == [Verdict.PASS] * 2
    assert len(hosted.pulls) == 1
    assert len(hosted.branches) == 2


def test_a_process_that_dies_after_the_pull_request_finds_it_again(there, pypi, hosted):
    class Killed(BaseException):
        pass

    class Dying:
        def __getattr__(self, name):
            return getattr(there.store, name)

        def commit(self, writes):
            raise Killed

    pypi.add_release("jinja2", "3.1.6", OLD)
    taken(there, "updates")
    with pytest.raises(Killed):
        taken(replace(there, store=Dying()), "compatibility")
    taken(there, "compatibility")
    assert len(hosted.pulls) == 1
    hosted.check_runs = [{"status": "completed", "conclusion": "success"}]
    assert follow(there.store, there.repository, TUESDAY + timedelta(minutes=15)) == "passed"


def test_a_token_that_may_not_read_is_skipped_with_what_to_give(there, github_url):
    stranger = replace(there, repository=GitHub("souk/monitoring", token="another", base_url=github_url))
    for found in taken(stranger, "patches", "updates"):
        assert (found.verdict, "SOUKMON_GITHUB_TOKEN" in found.reason) == (Verdict.SKIPPED, True)


DONE, GOES_ON = {"status": "completed", "conclusion": "success"}, {"status": "in_progress", "conclusion": None}


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        (([], []), ""),
        (([DONE, GOES_ON], []), ""),
        (([DONE], ["pending"]), ""),
        (([DONE, {"status": "completed", "conclusion": "skipped"}], []), "passed"),
        (([], ["success"]), "passed"),
        (([DONE, {"status": "completed", "conclusion": "failure"}, GOES_ON], []), "failed"),
        (([{"status": "completed", "conclusion": "cancelled"}], ["success"]), "failed"),
        (([DONE], ["failure"]), "failed"),
    ],
)
def test_what_the_checks_came_to_is_written_beside_the_change_once(there, pypi, hosted, checks, expected):
    pypi.add_release("jinja2", "3.1.6", OLD)
    taken(there, "updates", "compatibility")
    hosted.check_runs, hosted.statuses = checks
    asked = len(hosted.calls)
    assert follow(there.store, there.repository, TUESDAY + timedelta(minutes=14)) == ""
    assert len(hosted.calls) == asked, "not before a quarter of an hour"
    assert follow(there.store, there.repository, TUESDAY + timedelta(minutes=15)) == expected
    assert follow(there.store, there.repository, TUESDAY + timedelta(minutes=16)) == ""
    assert hosted.pulls[7]["body"].count("**Checks:**") == (1 if expected else 0)
    assert (f"**Checks:** {expected}" in hosted.pulls[7]["body"]) is bool(expected)


def test_checks_that_never_end_are_given_up_after_a_day(there, pypi, hosted):
    pypi.add_release("jinja2", "3.1.6", OLD)
    taken(there, "updates", "compatibility")
    assert follow(there.store, there.repository, TUESDAY + timedelta(hours=23)) == ""
    assert follow(there.store, there.repository, TUESDAY + timedelta(hours=24)) == "did not end within a day"


def test_without_a_proposal_or_a_repository_there_is_nothing_to_follow(here, there):
    assert follow(here.store, None, TUESDAY) == ""
    assert follow(there.store, there.repository, TUESDAY) == ""


@pytest.fixture
def back(here, tmp_path):
    """Two releases; the first one's packages are there, and PyPI has its versions."""
    objects = FolderObjects(tmp_path / "releases")
    released(objects, 1, {"handle_signal": "jinja2==3.1.0\n", "send_report": "flask==3.0.0\n"})
    released(objects, 2, {"handle_signal": "jinja2==3.1.6\n"})
    return objects


def test_a_release_whose_packages_and_versions_are_there_can_be_gone_back_to(here, back):
    (found,) = taken(here, "rollback")
    assert (found.verdict, found.reason) == (Verdict.PASS, "release 1 can be deployed again")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("remove", "the package of handle_signal of release 1 is missing"),
        ("change", "the package of handle_signal of release 1 is not what its name says"),
    ],
)
def test_a_package_that_is_gone_or_changed_is_no_way_back(here, back, tmp_path, damage, said):
    (kept,) = [path for path in (tmp_path / "releases" / "handle_signal").iterdir() if b"3.1.0" in path.read_bytes()]
    kept.unlink() if damage == "remove" else kept.write_bytes(kept.read_bytes() + b"x")
    (found,) = taken(here, "rollback")
    assert [(one.what, one.alert) for one in found.findings] == [(said, "no_way_back")]
    assert found.verdict is Verdict.FAIL


def test_a_version_that_is_gone_or_another_file_is_no_way_back_and_a_withdrawn_one_a_warning(here, tmp_path, pypi):
    objects = FolderObjects(tmp_path / "releases")
    lock = f"gone==1.0\njinja2==3.1.0 \\\n    --hash=sha256:{'d' * 64}\nwithdrawn==1.0\n"
    released(objects, 1, {"handle_signal": lock})
    released(objects, 2, {"handle_signal": PINS})
    pypi.add_release("withdrawn", "1.0", OLD, yanked="broken")
    (found,) = taken(here, "rollback")
    assert [(one.subject, one.verdict) for one in found.findings] == [
        ("pypi/gone", Verdict.FAIL), ("pypi/jinja2", Verdict.FAIL), ("pypi/withdrawn", Verdict.WARN),
    ]  # fmt: skip


def test_a_release_that_brought_back_an_earlier_one_goes_back_to_what_was_before_that(here, tmp_path):
    objects = FolderObjects(tmp_path / "releases")
    for number, restores in ((1, 0), (2, 0), (3, 0), (4, 2)):
        released(objects, number, {"handle_signal": PINS}, restores=restores)
    assert taken(here, "rollback")[0].evidence["release"] == 1


def test_without_a_release_before_there_is_nothing_to_go_back_to(here, tmp_path):
    assert taken(here, "rollback")[0].verdict is Verdict.SKIPPED
    released(FolderObjects(tmp_path / "releases"), 1, {"handle_signal": PINS})
    assert "is the first" in taken(here, "rollback")[0].reason


def test_a_way_back_that_could_not_be_looked_up_takes_nothing_back(here, back, pypi):
    pypi.refuses["GET /simple/jinja2/"] = 503
    (found,) = taken(here, "rollback")
    assert (found.verdict, found.has_looked) == (Verdict.WARN, False)


def test_a_locked_version_that_pypi_has_no_more_does_not_keep_the_others_back(here, pypi):
    pypi.add_release("jinja2", "3.1.6", OLD)
    gone = replace(here, deployed=(Pinned(f"{PINS}zope==1.0\n"),))
    _, lock, _ = proposed(gone)
    assert lock == f"{PINS}zope==1.0\n".replace("3.1.0", "3.1.6")


def test_what_is_installed_here_is_read_without_what_came_from_no_index(tmp_path, monkeypatch):
    for name, url in (("Public_Thing", None), ("private", "{}")):
        folder = tmp_path / f"{name}-1.5.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.5\n")
        if url:
            (folder / "direct_url.json").write_text(url)
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    (lock,) = RunningPackages().locks()
    assert lock.text == "Public_Thing==1.5\n"


def test_the_result_of_checks_is_written_once_though_a_process_died_after_it(there, pypi, hosted):
    pypi.add_release("jinja2", "3.1.6", OLD)
    where = taken(there, "updates", "compatibility")[1].evidence["where"]
    for _ in range(2):
        there.repository.tell(where, "passed")
    assert hosted.pulls[7]["body"].count("**Checks:** passed") == 1
