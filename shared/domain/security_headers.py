"""Security headers of an answer: which are missing or weak, how bad that is, and the line that mends it.

Which headers, and their values: OWASP Secure Headers Project (https://owasp.org/www-project-secure-headers/). FAIL is
what opens an attack by its absence (a connection that can be stripped of its TLS, script from anywhere, clicks through
a frame, a session that travels in the clear); WARN is what makes one harder or tells an attacker something.
"""

import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit, urlunsplit

from shared.domain.answers import Answered
from shared.domain.jobs import Finding, Verdict

ALERT = "security_headers"
A_YEAR = 31_536_000  # seconds; the least that https://hstspreload.org takes
MOVED = frozenset({301, 302, 303, 307, 308})
HSTS = f"max-age={A_YEAR}; includeSubDomains"
CSP = "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
PERMISSIONS = "camera=(), microphone=(), geolocation=(self), payment=(self)"
REFERRERS = frozenset(
    {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin", "no-referrer-when-downgrade"}
)
_VERSION = re.compile(r"\d+\.\d+|/\d")
_PINNED = re.compile(r"'(?:nonce|sha(?:256|384|512))-[^']+'|'strict-dynamic'")


def judged(target: str, answer: Answered) -> list[Finding]:
    """What is missing or weak in one answer, each header on its own. What concerns pages alone is asked of pages."""
    found = [*_transport(answer), *_sniffing(answer), *_leaks(answer), *_cookies(answer)]
    if answer.kind == "text/html":
        found += [*_content(answer), *_frames(answer), *_referrer(answer), *_permissions(answer)]
    return [_finding(target, *one) for one in found]


def judged_plain(target: str, answer: Answered | None) -> list[Finding]:
    """What its address without TLS does; None when nobody listens there, which is as good as a redirect."""
    if answer is None or (answer.status in MOVED and answer.get("Location").lower().startswith("https://")):
        return []
    what = f"{target} answers {answer.status} at http:// and does not lead to https://"
    fix = "redirect every address to https:// (Firebase Hosting does by itself; a load balancer: a redirect URL map)"
    return [Finding(f"{target}/https", what, Verdict.FAIL, fix, ALERT)]


def plain_address(url: str) -> str:
    """The same address at http:// and its usual port."""
    parts = urlsplit(url)
    return urlunsplit(("http", parts.hostname or "", parts.path or "/", "", ""))


_Judged = tuple[str, str, Verdict, str]  # header, what is wrong with it, how bad, the value that is right


def _transport(answer: Answered) -> Iterator[_Judged]:
    """RFC 6797: the first one counts, and only over TLS."""
    name = "Strict-Transport-Security"
    given = next(iter(answer.all(name)), "")
    age = re.search(r'max-age\s*=\s*"?(\d+)', given, re.IGNORECASE)
    if age is None or int(age[1]) == 0:
        yield name, "is missing, so a first visit can be led away from https", Verdict.FAIL, HSTS
    elif int(age[1]) < A_YEAR:
        yield name, f"holds for {int(age[1]) // 86_400} days alone, not for a year", Verdict.WARN, HSTS


def _sniffing(answer: Answered) -> Iterator[_Judged]:
    if answer.get("X-Content-Type-Options").strip().lower() != "nosniff":
        yield "X-Content-Type-Options", "is not nosniff: an upload may run as a script", Verdict.WARN, "nosniff"


def _leaks(answer: Answered) -> Iterator[_Judged]:
    for name in ("Server", "X-Powered-By", "X-AspNet-Version"):
        given = answer.get(name)
        if _VERSION.search(given):
            yield name, f"tells which version runs ({_short(given)})", Verdict.WARN, ""


def _cookies(answer: Answered) -> Iterator[_Judged]:
    """By the cookie's name; never its value."""
    for cookie in answer.all("Set-Cookie"):
        pair, *attributes = cookie.split(";")
        name = _short(pair.partition("=")[0].strip())
        given = {one.partition("=")[0].strip().lower() for one in attributes}
        if "secure" not in given:
            yield f"Set-Cookie {name}", "lacks Secure: it also travels in the clear", Verdict.FAIL, ""
        for missing in (one for one in ("HttpOnly", "SameSite") if one.lower() not in given):
            yield f"Set-Cookie {name} {missing}", f"lacks {missing}", Verdict.WARN, ""


def _content(answer: Answered) -> Iterator[_Judged]:
    name = "Content-Security-Policy"
    policy = _directives(answer)
    scripts = policy.get("script-src", policy.get("default-src", ""))
    if not policy:
        trial = " (Report-Only hinders nothing)" if answer.get(f"{name}-Report-Only") else ""
        yield name, f"is missing{trial}: an injected script may come from anywhere", Verdict.FAIL, CSP
    elif not scripts or "*" in scripts.split():
        yield name, "lets scripts come from anywhere", Verdict.FAIL, CSP
    elif "'unsafe-inline'" in scripts and not _PINNED.search(scripts):
        yield name, "allows 'unsafe-inline' scripts, so an injected one runs", Verdict.WARN, CSP


def _frames(answer: Answered) -> Iterator[_Judged]:
    """frame-ancestors goes before X-Frame-Options (CSP Level 3, 6.4.2); ALLOW-FROM is known to no browser any more."""
    ancestors = _directives(answer).get("frame-ancestors")
    if ancestors is not None and "*" not in ancestors.split():
        return
    if ancestors is None and answer.get("X-Frame-Options").strip().upper() in {"DENY", "SAMEORIGIN"}:
        return
    yield "X-Frame-Options", "and frame-ancestors let any site put the page in a frame", Verdict.FAIL, "SAMEORIGIN"


def _referrer(answer: Answered) -> Iterator[_Judged]:
    """The last policy that a browser knows counts (W3C Referrer Policy, 8.1)."""
    given = [one.strip().lower() for one in answer.get("Referrer-Policy").split(",")]
    if given[-1] not in REFERRERS:
        right = "strict-origin-when-cross-origin"
        yield "Referrer-Policy", "is missing or gives whole addresses to other sites", Verdict.WARN, right


def _permissions(answer: Answered) -> Iterator[_Judged]:
    if not answer.get("Permissions-Policy"):
        yield "Permissions-Policy", "is missing: a frame may ask for camera and place", Verdict.WARN, PERMISSIONS


def _directives(answer: Answered) -> dict[str, str]:
    """The directives of all policies; of one that comes several times in a policy the first counts (CSP Level 3)."""
    found: dict[str, str] = {}
    for part in _parts(answer.all("Content-Security-Policy")):
        name, _, value = part.partition(" ")
        found.setdefault(name.lower(), value.strip())
    return found


def _parts(policies: Iterable[str]) -> Iterator[str]:
    for policy in policies:
        yield from (part.strip() for part in re.split("[;,]", policy) if part.strip())


def _finding(target: str, header: str, wrong: str, verdict: Verdict, value: str) -> Finding:
    fix = _line(header, value) if value else f"set it right where the answer is made: {header.split(' ', 1)[0]}"
    return Finding(f"{target}/{header.replace(' ', '/')}", f"{target}: {header} {wrong}", verdict, fix, ALERT)


def _line(header: str, value: str) -> str:
    """A line of firebase.json (https://firebase.google.com/docs/hosting/full-config#headers)."""
    rule = {"source": "**", "headers": [{"key": header, "value": value}]}
    return f'firebase.json, below "hosting", "headers": {json.dumps(rule)}'


def _short(text: str) -> str:
    """What came from outside, made harmless and short."""
    return re.sub(r"[^\w.,/ ()+-]", "?", text)[:60]
