"""The audit's look at caches: the page and its own files, each asked for twice."""

from dataclasses import replace

import pytest

from shared.domain.answers import Answered
from shared.domain.jobs import Run, Verdict
from shared.domain.status import Probe, StatusPage
from shared.errors import SiteError
from shared.ports.audits import Fetched
from shared.usecases.jobs.cdn import Delivered, cdn_step
from tests.conftest import NIGHT

RUN = Run("performance_audit", NIGHT, NIGHT, NIGHT)
URL = "https://souk.example/"
HTML = (
    b'<script src="/assets/index-B8x_2fKd.js"></script><link rel="stylesheet" href="/plain.css">'
    b'<script src="https://elsewhere.example/x.js"></script>'
)
PAGE = StatusPage(probes={"website": Probe("website", URL)})


class Site:
    """One page, and headers by path: the first time a miss, then a hit."""

    def __init__(self, *, status=200, **headers):
        self.status, self.headers, self.asked = status, headers, []

    def fetch(self, url):
        return Fetched(url, self.status, "text/html", HTML)

    def ask(self, url, *, follow=True):
        cached = "HIT" if url in self.asked else "MISS"
        self.asked.append(url)
        kind = "text/html" if url == URL else "text/css"
        cache = "no-cache" if url == URL else "max-age=31536000, immutable" if "assets" in url else "max-age=3600"
        given = {"Content-Type": kind, "Cache-Control": cache, "X-Cache": cached, "Content-Encoding": "br"}
        return Answered(url, self.status, tuple({**given, **self.headers}.items()), "h2")


def step(world, site, page=PAGE):
    return cdn_step(Delivered(replace(world.config, status=page), site, site))["cdn"](RUN)


def test_the_page_and_its_own_files_are_asked_for_twice_and_the_second_answers_count(world):
    site = Site()
    result = step(world, site)
    own = [URL, URL + "assets/index-B8x_2fKd.js", URL + "plain.css"]
    assert site.asked == [one for one in own for _ in range(2)]
    assert (result.verdict, result.reason) == (Verdict.PASS, "")
    assert result.evidence == {"asked": 3, "kept": 2, "hits": 2, "hit_rate": 100.0}


def test_a_hashed_file_is_known_by_its_name(world):
    """The same answer is wrong for the file with a hash, and right for the one without."""
    result = step(world, Site(**{"Cache-Control": "no-cache"}))
    assert [one.subject for one in result.findings] == ["assets/index.js/cache"]
    assert (result.verdict, result.evidence["hit_rate"]) == (Verdict.FAIL, None)


def test_a_site_that_answers_with_an_error_raises(world):
    with pytest.raises(SiteError, match="answers 503"):
        step(world, Site(status=503))


def test_without_an_address_it_says_what_to_set(world):
    result = step(world, Site(), StatusPage())
    assert result.verdict is Verdict.SKIPPED
    assert "probes.website.url" in result.reason
