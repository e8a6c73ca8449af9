"""Dependency updates, step "rollback": whether the release before the present one could be deployed again."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.updates import hashes_of
from shared.errors import SourceError
from shared.ports.security import PackageIndex
from shared.usecases.jobs.released_packages import requirements_in
from shared.usecases.releases import KeptReleases, Release

ALERT = "no_way_back"
Wanted = dict[tuple[str, str], frozenset[str]]


def rollback(releases: KeptReleases, index: PackageIndex, run: Run) -> StepResult:
    """Its packages are there and are what their names say, and PyPI still has every file that their locks accept."""
    del run  # nothing is changed, dry or not
    last = releases.last()
    if last is None:
        return StepResult("", Verdict.SKIPPED, "no release was recorded here: `soukmon deploy` records them")
    before = releases.before(last)
    if before is None:
        return StepResult("", Verdict.SKIPPED, f"release {last.number} is the first: there is nothing to go back to")
    findings, wanted = _packages(before, releases)
    blind = list[Finding]()
    for (name, version), sums in sorted(wanted.items()):
        try:
            findings += _offered(name, version, sums, index)
        except SourceError as error:
            blind.append(Finding(f"index/{name}", f"{name} was not looked up: {error}", Verdict.WARN))
    result = result_of(
        [*findings, *blind], reason=f"release {before.number} can be deployed again", release=before.number
    )
    return replace(result, raised=bool(blind))


def _packages(release: Release, releases: KeptReleases) -> tuple[list[Finding], Wanted]:
    findings: list[Finding] = []
    wanted: Wanted = {}
    for function, sha in release.functions.items():
        subject, fix = (
            f"release/{function}",
            f"pack release {release.number}'s commit {release.commit} again and upload it",
        )
        content = releases.package(function, sha)
        if content is None or sha256(content).hexdigest() != sha:
            wrong = "is missing" if content is None else "is not what its name says"
            what = f"the package of {function} of release {release.number} {wrong}"
            findings.append(Finding(subject, what, fix=fix, alert=ALERT))
            continue
        try:
            wanted |= hashes_of(requirements_in(content, function))
        except SourceError as error:
            findings.append(Finding(subject, str(error), fix=fix, alert=ALERT))
    return findings, wanted


def _offered(name: str, version: str, sums: frozenset[str], index: PackageIndex) -> Iterator[Finding]:
    """A version that is withdrawn is still installed by those who pin it; one that is gone is not."""
    from packaging.version import Version  # noqa: PLC0415 - a cold start does without it

    found = next((one for one in index.offered(name) if Version(one.version) == Version(version)), None)
    subject, fix = f"pypi/{name}", "keep the image of the running revision; plan the way back without this version"
    if found is None:
        yield Finding(subject, f"{name} {version} is no longer on PyPI", fix=fix, alert=ALERT)
    elif found.yanked:
        yield Finding(subject, f"{name} {version} was withdrawn from PyPI", Verdict.WARN, fix, ALERT)
    elif sums and not sums & set(found.hashes):
        yield Finding(subject, f"{name} {version} on PyPI is not the file that was locked", fix=fix, alert=ALERT)
