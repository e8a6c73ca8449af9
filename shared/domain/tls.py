"""What an address shows of its TLS, and what of it turns visitors away or will soon.

Every modern client refuses what is FAIL here: certificates that are over, of another host, that nobody trusted vouches
for, with a short key (RSA below 2048 bits, elliptic curves below 224: NIST SP 800-131A rev. 2) or signed over SHA-1 or
MD5 (CA/Browser Forum Baseline Requirements 7.1.3.2). TLS 1.0 and 1.1 are deprecated (RFC 8996).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.jobs import Finding, Verdict

ALERT = "certificate_refused"
SOON = timedelta(days=14)
LEAST_BITS = {"RSA": 2048, "EC": 224}
WEAK_HASHES = frozenset({"md5", "sha1"})


class Distrust(StrEnum):
    """Why a client that checks the certificate does not go on."""

    EXPIRED = "expired"
    NOT_YET = "not_yet_valid"
    WRONG_HOST = "wrong_host"
    SELF_SIGNED = "self_signed"
    INCOMPLETE = "incomplete_chain"
    UNTRUSTED = "untrusted"
    WEAK = "weak"  # told by what is weak
    OTHER = "refused"


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate: `key` is "RSA", "EC" or another kind's name, `signed_over` the hash ("" for kinds without)."""

    subject: str
    issuer: str
    starts: datetime
    ends: datetime
    key: str
    bits: int
    signed_over: str
    is_self_signed: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What an address shows: its chain, its own certificate first; why a client refuses it (None: it does not).

    `old` is the old version of TLS that it accepts, "" when it accepts none; `detail` the client's own words.
    """

    chain: tuple[Certificate, ...]
    distrust: Distrust | None = None
    detail: str = ""
    version: str = ""
    old: str = ""


_WORDS: dict[Distrust, tuple[str, str]] = {
    Distrust.EXPIRED: (
        "shows an expired certificate ({detail})",
        "renew it; Firebase Hosting renews by itself once the domain's DNS records are back",
    ),
    Distrust.NOT_YET: ("shows a certificate that is not valid yet", "put the one before back, or set the clock right"),
    Distrust.WRONG_HOST: (
        "shows the certificate of another host",
        "have one issued for this name, or lead its DNS record to the right server",
    ),
    Distrust.SELF_SIGNED: (
        "shows a certificate that nobody but itself vouches for",
        "have one issued by a public authority (Firebase Hosting and Let's Encrypt do at no cost)",
    ),
    Distrust.INCOMPLETE: (
        "does not send the intermediate certificate {issuer}",
        "serve the whole chain (fullchain.pem), the server's own certificate first",
    ),
    Distrust.UNTRUSTED: (
        "shows a certificate of {issuer}, which clients do not trust",
        "have one issued by a public authority",
    ),
    Distrust.OTHER: ("is refused by clients: {detail}", "look at it with: openssl s_client -connect {host}:443"),
}


def judged(host: str, shown: Shown, now: datetime) -> list[Finding]:
    """What is wrong with an address, each thing on its own; what is well is not named."""
    own = shown.chain[0]
    return [*_refused(host, shown, own, now), *_soon(host, own, now), *_weak(host, shown), *_old(host, shown)]


def _refused(host: str, shown: Shown, own: Certificate, now: datetime) -> Iterator[Finding]:
    """Its own end is read from the certificate: a client that stops at another fault does not tell it."""
    why = {shown.distrust} - {None, Distrust.WEAK, Distrust.NOT_YET, Distrust.EXPIRED}
    if own.ends <= now or shown.distrust is Distrust.EXPIRED:
        why.add(Distrust.EXPIRED)
    if own.starts > now or shown.distrust is Distrust.NOT_YET:
        why.add(Distrust.NOT_YET)
    over = f"since {own.ends:%Y-%m-%d}" if own.ends <= now else "of an authority in its chain"
    for one in sorted(each for each in why if each is not None):
        what, fix = _WORDS[one]
        detail = over if one is Distrust.EXPIRED else shown.detail
        given = {"detail": detail, "issuer": own.issuer, "host": host}
        yield _finding(host, one, what.format(**given), fix.format(**given))


def _soon(host: str, own: Certificate, now: datetime) -> Iterator[Finding]:
    """A warning alone: the checks of every minute tell of the days that are left, each notice once."""
    left = own.ends - now
    if timedelta() < left < SOON:
        fix = "see why it has not been renewed: mostly a DNS record that has changed"
        yield _finding(host, "ends_soon", f"shows a certificate that ends in {left.days} days", fix, Verdict.WARN)


def _weak(host: str, shown: Shown) -> Iterator[Finding]:
    """Of a root in the chain neither counts: clients know it by heart, whatever it is signed with."""
    for one in (shown.chain[0], *(each for each in shown.chain[1:] if not each.is_self_signed)):
        whose = "its certificate" if one is shown.chain[0] else f"the certificate of {one.subject}"
        if one.bits < LEAST_BITS.get(one.key, 0) or one.key == "DSA":
            what = f"is protected by a key of {one.bits} bits ({one.key}) in {whose}"
            yield _finding(host, "weak_key", what, "have it issued anew with RSA 2048 or EC P-256")
        if one.signed_over in WEAK_HASHES:
            what = f"shows a signature over {one.signed_over.upper()} on {whose}"
            yield _finding(host, "weak_signature", what, "have it issued anew, signed over SHA-256")


def _old(host: str, shown: Shown) -> Iterator[Finding]:
    if shown.old:
        fix = "accept TLS 1.2 and newer alone (a load balancer: gcloud compute ssl-policies --min-tls-version=1.2)"
        yield _finding(host, "old_tls", f"still accepts {shown.old}", fix, Verdict.WARN)


def _finding(host: str, about: str, what: str, fix: str, verdict: Verdict = Verdict.FAIL) -> Finding:
    return Finding(f"{host}/{about}", f"{host} {what}", verdict, fix, ALERT)
