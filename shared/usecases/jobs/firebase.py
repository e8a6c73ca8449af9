"""The health check's look at Firebase: signing in, the marketplace's database and its sites."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from shared.domain.firebase_services import ALERT, judged_database, judged_sites
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, StepResult, Verdict
from shared.errors import NotMeasuredError, SourceError
from shared.ports.outside import FirebaseServices

FORBIDDEN = 403
BUSY = frozenset({0, 408, 429, 500, 502, 503, 504})  # no answer, or one that is worth a second try
NEEDED = "grant our account the custom role of infra/bootstrap/health.tf"


@dataclass(slots=True)
class _Look:
    """What came of the looks so far."""

    evidence: dict[str, str | int | float | None]
    findings: list[Finding]
    unknown: list[str]


def firebase(services: FirebaseServices) -> StepResult:
    """Each of the three, a passing fault asked again once; what our account may not read is not judged.

    The evidence is where the database lies and when each site was released.
    """
    look = _Look({}, [], [])
    try:
        _taken("auth", lambda: _sign_in(services, look), look)
        _taken("firestore", lambda: _database(services, look), look)
        _taken("hosting", lambda: _sites(services, look), look)
    except NotMeasuredError as error:
        return StepResult("firebase", Verdict.SKIPPED, str(error))
    if not look.evidence and not look.findings:
        return StepResult("firebase", Verdict.SKIPPED, f"{'; '.join(look.unknown)}; {NEEDED}")
    unknown = [Finding("firebase", one, Verdict.WARN, NEEDED) for one in look.unknown]
    found = replace(result_of([*look.findings, *unknown]), evidence=look.evidence)
    return replace(found, raised=bool(unknown))  # what was not looked at takes nothing back


def _taken(what: str, ask: Callable[[], Iterable[Finding]], look: _Look) -> None:
    try:
        look.findings += _patiently(ask)
    except SourceError as error:
        if error.status == FORBIDDEN:
            look.unknown.append(f"{what} was not looked at: {error}")
            return
        fix = "https://status.firebase.google.com says whether Firebase itself is down"
        look.findings.append(Finding(f"firebase/{what}", str(error), Verdict.FAIL, fix, ALERT))


def _patiently(ask: Callable[[], Iterable[Finding]]) -> list[Finding]:
    try:
        return list(ask())
    except SourceError as error:
        if error.status not in BUSY:
            raise
    return list(ask())


def _sign_in(services: FirebaseServices, look: _Look) -> Iterable[Finding]:
    services.sign_in()
    look.evidence["auth"] = "answers"
    return ()


def _database(services: FirebaseServices, look: _Look) -> Iterable[Finding]:
    found = services.database()
    look.evidence["firestore"] = found.place
    return judged_database(found)


def _sites(services: FirebaseServices, look: _Look) -> Iterable[Finding]:
    sites = services.sites()
    look.evidence["sites"] = len(sites)
    for site in sites:
        look.evidence[f"hosting {site.name}"] = site.release.at.isoformat() if site.release else None
    return judged_sites(sites)
