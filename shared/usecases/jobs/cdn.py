"""The performance audit's look at caches: the site's page and its own files, each asked for twice."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlsplit

from shared.domain import cdn_caching
from shared.domain.cdn_caching import Again
from shared.domain.configuration import Configuration
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Run, StepResult, Verdict
from shared.domain.page_assets import assets_of, is_first_party, lasting_names
from shared.errors import SiteError
from shared.ports.audits import SiteReader
from shared.ports.outside import SiteHeaders
from shared.usecases.jobs.running import Step

SITE = "website"  # the probe of status.yaml that is the site
OK = 200
MOST_ASSETS = 40


@dataclass(frozen=True, slots=True)
class Delivered:
    """What is looked at, and with what."""

    config: Configuration
    site: SiteReader
    headers: SiteHeaders


def cdn_step(delivered: Delivered) -> Mapping[str, Step]:
    """The step `cdn`; it changes nothing."""
    return {"cdn": partial(cdn, delivered)}


def cdn(delivered: Delivered, run: Run) -> StepResult:
    """How the page and its files are cached; the evidence is how many of them the CDN answered the second time.

    Raises SiteError while one of them does not answer.
    """
    del run  # what is cached has no time
    probe = delivered.config.status.probes.get(SITE)
    if probe is None or not probe.url:
        return StepResult("cdn", Verdict.SKIPPED, f"set probes.{SITE}.url in status.yaml to the address of the site")
    page = delivered.site.fetch(probe.url)
    if page.status != OK:
        raise SiteError(f"{probe.url} answers {page.status}")
    named = assets_of(page.body.decode("utf-8", "replace"), page.url)
    own = [one for one in named if is_first_party(one, page.url)][:MOST_ASSETS]
    asked = [
        replace(_again(delivered.headers, page.url, SITE), is_page=True),
        *(_again(delivered.headers, one, name) for one, name in lasting_names(own).items()),
    ]
    hit, kept = cdn_caching.hits(asked)
    evidence = {
        "asked": len(asked),
        "kept": kept,
        "hits": hit,
        "hit_rate": round(100 * hit / kept, 1) if kept else None,
    }
    return replace(result_of(cdn_caching.judged(asked)), evidence=evidence)


def _again(headers: SiteHeaders, url: str, name: str) -> Again:
    """The second of two answers: the first one fills the CDN near us."""
    headers.ask(url)
    answer = headers.ask(url)
    if answer.status != OK:
        raise SiteError(f"{url} answers {answer.status}")
    path = urlsplit(url).path.lstrip("/")
    return Again(name, answer, is_hashed=lasting_names([url])[url] != path)
