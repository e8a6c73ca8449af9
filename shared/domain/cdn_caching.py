"""How a website is cached: pages for a short while, hashed files for ever, from the CDN the second time, compressed.

Caching: RFC 9111, immutable: RFC 8246. Firebase Hosting answers from Fastly, which says so in X-Cache (HIT, MISS),
X-Served-By and Age; what is deployed anew is purged there, but not from browsers.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shared.domain.answers import Answered
from shared.domain.jobs import Finding, Verdict

ALERT = "performance_regression"
AN_HOUR, A_DAY, A_MONTH, A_YEAR = 3_600, 86_400, 30 * 86_400, 31_536_000
SMALL = 1_400  # bytes; one packet, which compression makes no faster
COMPRESSED = frozenset({"br", "gzip", "zstd"})
TEXTS = ("text/", "application/javascript", "application/json", "image/svg+xml")
CDN_SIGNS = ("X-Cache", "X-Served-By", "CF-Cache-Status", "X-Cache-Hits")
FOREVER = f'"headers": [{{"source": "**/*-*.@(js|css)", "headers": [{{"key": "Cache-Control", "value": "public, max-age={A_YEAR}, immutable"}}]}}]'  # noqa: E501 - one line of firebase.json
BRIEFLY = '"headers": [{"source": "**/*.html", "headers": [{"key": "Cache-Control", "value": "no-cache"}]}]'


@dataclass(frozen=True, slots=True)
class Again:
    """The answer of an address that had just been asked for; a hashed one's name changes with its content."""

    name: str
    answer: Answered
    is_hashed: bool = False
    is_page: bool = False


def judged(asked: Sequence[Again]) -> list[Finding]:
    """What slows visitors down, or keeps an old version with them."""
    found = [one for each in asked for one in (*_freshness(each), *_compression(each))]
    return [*found, *_delivery(asked), *_protocol(asked)]


def hits(asked: Iterable[Again]) -> tuple[int, int]:
    """How many of those that a CDN may keep came from it the second time, and how many those are."""
    kept = [one for one in asked if _is_shared(one.answer)]
    return sum(is_hit(one.answer) for one in kept), len(kept)


def is_hit(answer: Answered) -> bool:
    """True when a cache answered. Behind a shield Fastly names both caches ("MISS, HIT"): the last one is nearest."""
    said = f"{answer.get('X-Cache')},{answer.get('CF-Cache-Status')}".upper()
    age = answer.get("Age").strip()
    return "HIT" in re.split(r"[,\s]+", said) or (age.isdigit() and int(age) > 0)


def directives(answer: Answered) -> dict[str, str]:
    """Cache-Control's directives in lower case, with their values."""
    parts = (one.strip().lower().partition("=") for one in answer.get("Cache-Control").split(","))
    return {name: value.strip('"') for name, _, value in parts if name}


def _freshness(one: Again) -> Iterator[Finding]:
    given = directives(one.answer)
    age = _seconds(given.get("max-age", ""))
    if one.is_page:
        yield from _page(one.name, given, age)
    elif one.is_hashed:
        yield from _hashed(one.name, given, age)
    elif age > A_DAY or "immutable" in given:
        fix = "put a hash of the content into its name, or let it be asked for anew: no-cache"
        yield _finding(one.name, f"stays in browsers for {age // A_DAY} days, and its name has no hash", fix)


def _page(name: str, given: dict[str, str], age: int) -> Iterator[Finding]:
    if not given:
        yield _finding(name, "has no Cache-Control: each browser keeps it as long as it likes", BRIEFLY)
    elif "immutable" in given or age > A_DAY:
        yield _finding(
            name, "is kept by browsers for more than a day: a deployment does not reach them", BRIEFLY, Verdict.FAIL
        )
    elif age > AN_HOUR:
        yield _finding(name, f"is kept by browsers for {age // 60} minutes after a deployment", BRIEFLY)


def _hashed(name: str, given: dict[str, str], age: int) -> Iterator[Finding]:
    if given.keys() & {"no-store", "no-cache", "private"} or not given:
        yield _finding(name, "is fetched anew at each visit although its name has a hash", FOREVER, Verdict.FAIL)
    elif age < A_MONTH:
        yield _finding(name, f"is kept for {age // AN_HOUR} hours alone although its name has a hash", FOREVER)


def _compression(one: Again) -> Iterator[Finding]:
    length = one.answer.get("Content-Length").strip()
    is_small = length.isdigit() and int(length) < SMALL
    codings = {each.strip().lower() for each in one.answer.get("Content-Encoding").split(",")}
    if one.answer.kind.startswith(TEXTS) and not is_small and not codings & COMPRESSED:
        fix = "switch brotli or gzip on where it is served; Firebase Hosting compresses by itself"
        yield _finding(one.name, "comes uncompressed", fix, Verdict.FAIL, about="compression")


def _delivery(asked: Sequence[Again]) -> Iterator[Finding]:
    """Nobody's answer from a cache is one finding; single files that never are, one each."""
    kept = [one for one in asked if _is_shared(one.answer)]
    if kept and not any(one.answer.get(sign) for one in kept for sign in (*CDN_SIGNS, "Age")):
        fix = "serve it through a CDN: Firebase Hosting, or Cloud CDN at the load balancer"
        yield _finding("CDN", "is nowhere to be seen: no answer has X-Cache, X-Served-By or Age", fix, about="absent")
        return
    for one in kept:
        if not is_hit(one.answer):
            fix = "see what keeps the CDN from it: Set-Cookie, Vary, or a rewrite to a function without s-maxage"
            yield _finding(one.name, "does not come from the CDN when it is asked for again", fix, about="cdn")


def _protocol(asked: Sequence[Again]) -> Iterator[Finding]:
    old = [one for one in asked if one.answer.url.startswith("https:") and one.answer.protocol not in {"h2", "h3"}]
    if old:
        fix = "switch HTTP/2 on where it is served; Firebase Hosting has it by itself"
        yield _finding(
            "HTTP2", f"is not offered by ALPN ({old[0].name}): files wait for each other", fix, about="absent"
        )


def _is_shared(answer: Answered) -> bool:
    """True for what a CDN may keep: public, and not to be asked for anew each time; a cookie makes it personal."""
    given = directives(answer)
    shared = _seconds(given.get("s-maxage", given.get("max-age", "")))
    return not given.keys() & {"no-store", "no-cache", "private"} and shared > 0 and not answer.all("Set-Cookie")


def _seconds(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _finding(name: str, wrong: str, fix: str, verdict: Verdict = Verdict.WARN, *, about: str = "cache") -> Finding:
    return Finding(f"{name}/{about}", f"{name} {wrong}", verdict, fix, ALERT)
