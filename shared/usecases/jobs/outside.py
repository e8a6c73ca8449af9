"""The security scan from outside: every address of status.yaml's probes, its TLS and its headers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlsplit

from shared.domain import security_headers, tls
from shared.domain.answers import Answered
from shared.domain.configuration import Configuration
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.errors import SiteError
from shared.ports.outside import SiteHeaders, TlsInspector
from shared.usecases.jobs.running import Step

HTTPS = 443
GOOD = range(200, 400)
NOTHING = "status.yaml names no https address; set the url of its probes"


@dataclass(frozen=True, slots=True)
class Outside:
    """What is looked at, and with what."""

    config: Configuration
    inspector: TlsInspector
    site: SiteHeaders


def outside_steps(outside: Outside) -> Mapping[str, Step]:
    """The steps of the security scan that look from outside; none of them changes anything."""
    return {"certificates": partial(certificates, outside), "headers": partial(headers, outside)}


def certificates(outside: Outside, run: Run) -> StepResult:
    """Each host's TLS once; the evidence is how many days each certificate has left."""
    places = dict.fromkeys(_place(url) for _, url in _addresses(outside.config) if urlsplit(url).scheme == "https")
    if not places:
        return StepResult("certificates", Verdict.SKIPPED, NOTHING)
    left: dict[str, float | None] = {}

    def look(name: str, host: str, port: int) -> list[Finding]:
        shown = outside.inspector.look(host, port)
        left[name] = (shown.chain[0].ends - run.at).days
        return tls.judged(name, shown, run.at)

    found = _each((_name(*place), partial(look, _name(*place), *place)) for place in places)
    return replace(found, evidence=left)


def headers(outside: Outside, run: Run) -> StepResult:
    """Each probe's answer, and that of its address without TLS; the evidence is how many faults each has."""
    del run  # headers have no time
    pages = list(_addresses(outside.config))
    if not pages:
        return StepResult("headers", Verdict.SKIPPED, NOTHING)
    counts: dict[str, float | None] = {}

    def look(target: str, url: str) -> list[Finding]:
        answer = outside.site.ask(url)
        if answer.status not in GOOD:
            raise SiteError(f"{url} answers {answer.status}")
        plain = security_headers.judged_plain(target, _plain(outside.site, url))
        found = [*security_headers.judged(target, answer), *plain]
        counts[target] = len(found)
        return found

    found = _each((target, partial(look, target, url)) for target, url in pages)
    return replace(found, evidence=counts)


def _each(looks: Iterable[tuple[str, Callable[[], list[Finding]]]]) -> StepResult:
    """One that could not be looked at is a warning (that it does not answer is told by the checks of every minute).

    The step then counts as not having looked: what an earlier run has told of it stays told.
    """
    found: list[Finding] = []
    silent = False
    for name, look in looks:
        try:
            found += look()
        except SiteError as error:
            silent = True
            found.append(Finding(name, f"not looked at: {error}", Verdict.WARN, "see the incident of its uptime check"))
    return replace(result_of(found), raised=silent)


def _addresses(config: Configuration) -> Iterable[tuple[str, str]]:
    """The probes that have an address, each address once."""
    by_url: dict[str, str] = {}
    for target, probe in config.status.probes.items():
        if probe.url:
            by_url.setdefault(probe.url, target)
    return [(target, url) for url, target in by_url.items()]


def _plain(site: SiteHeaders, url: str) -> Answered | None:
    """How the address answers without TLS; None when nobody listens there."""
    try:
        return site.ask(security_headers.plain_address(url), follow=False)
    except SiteError:
        return None


def _place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or HTTPS


def _name(host: str, port: int) -> str:
    return host if port == HTTPS else f"{host}:{port}"
