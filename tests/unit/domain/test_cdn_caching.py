"""How pages and files are cached, and what is wrong about it."""

from dataclasses import replace

import pytest

from shared.domain.answers import Answered
from shared.domain.cdn_caching import Again, hits, is_hit, judged
from shared.domain.jobs import Verdict

URL = "https://souk.example/"
FOREVER = "public, max-age=31536000, immutable"


def asked(name="app.js", *, kind="text/javascript", hashed=True, page=False, protocol="h2", **headers):
    """A file that is well, with headers changed; None takes one away."""
    given = {"Content-Type": kind, "Cache-Control": FOREVER, "X-Cache": "HIT", "Content-Encoding": "br"}
    given |= {key.replace("_", "-"): value for key, value in headers.items()}
    kept = tuple((key, value) for key, value in given.items() if value is not None)
    return Again(name, Answered(URL, 200, kept, protocol), is_hashed=hashed, is_page=page)


def page(cache):
    return asked("website", kind="text/html", hashed=False, page=True, Cache_Control=cache)


def verdicts(*all_of_them):
    return [(one.subject, one.verdict) for one in judged(all_of_them)]


def test_a_page_kept_shortly_and_a_hashed_file_kept_for_ever_are_well():
    assert verdicts(page("no-cache"), page("max-age=3600"), page("private, no-store"), asked()) == []


@pytest.mark.parametrize(
    ("cache", "verdict"),
    [
        (None, Verdict.WARN),
        ("max-age=7200", Verdict.WARN),
        ("max-age=604800", Verdict.FAIL),
        (FOREVER, Verdict.FAIL),
    ],
)
def test_a_page_that_stays_in_browsers_hides_a_deployment(cache, verdict):
    assert verdicts(page(cache)) == [("website/cache", verdict)]


@pytest.mark.parametrize(
    ("cache", "verdict"),
    [
        ("no-cache", Verdict.FAIL),
        ("private, max-age=31536000", Verdict.FAIL),
        (None, Verdict.FAIL),
        ("public, max-age=3600", Verdict.WARN),
    ],
)
def test_a_hashed_file_that_is_not_kept_is_fetched_for_nothing(cache, verdict):
    assert verdicts(asked(Cache_Control=cache)) == [("app.js/cache", verdict)]


def test_a_file_without_a_hash_that_is_kept_for_long_stays_old():
    assert verdicts(asked(hashed=False)) == [("app.js/cache", Verdict.WARN)]
    assert verdicts(asked(hashed=False, Cache_Control="max-age=3600")) == []


@pytest.mark.parametrize(
    ("changes", "is_well"),
    [
        ({"Content_Encoding": "gzip"}, True),
        ({"Content_Encoding": None}, False),
        ({"Content_Encoding": None, "Content_Length": "800"}, True),
        ({"Content_Encoding": None, "Content_Length": "80000"}, False),
        ({"Content_Encoding": None, "kind": "image/webp"}, True),
    ],
)
def test_text_comes_compressed_unless_it_is_tiny(changes, is_well):
    assert verdicts(asked(**changes)) == ([] if is_well else [("app.js/compression", Verdict.FAIL)])


@pytest.mark.parametrize(
    ("headers", "hit"),
    [
        ({"X-Cache": "HIT"}, True),
        ({"X-Cache": "MISS, HIT"}, True),
        ({"X-Cache": "MISS"}, False),
        ({"CF-Cache-Status": "HIT"}, True),
        ({"Age": "12"}, True),
        ({"Age": "0"}, False),
        ({"X-Cache": "NOHIT"}, False),
        ({}, False),
    ],
)
def test_a_hit_is_what_a_cache_says_of_itself(headers, hit):
    assert is_hit(Answered(URL, 200, tuple(headers.items()))) is hit


def test_a_file_that_never_comes_from_the_cdn_is_a_warning_and_no_cdn_at_all_is_one_for_all():
    assert verdicts(asked(X_Cache="MISS"), asked("b.js")) == [("app.js/cdn", Verdict.WARN)]
    assert verdicts(asked(X_Cache=None), asked("b.js", X_Cache=None)) == [("CDN/absent", Verdict.WARN)]


def test_the_rate_counts_only_what_a_cdn_may_keep():
    private, cookie = page("private"), asked("c.js", Set_Cookie="a=b")
    assert hits([asked(), asked("b.js", X_Cache="MISS"), private, cookie]) == (1, 2)


def test_an_old_protocol_is_one_warning_and_only_where_there_is_tls():
    assert verdicts(asked(protocol="http/1.1"), asked("b.js", protocol="http/1.1")) == [("HTTP2/absent", Verdict.WARN)]
    plain = asked(protocol="")
    assert verdicts(replace(plain, answer=replace(plain.answer, url="http://souk.example/"))) == []
