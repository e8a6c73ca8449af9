"""Which security headers are missing or weak, and the line that mends each."""

import json

import pytest

from shared.domain.answers import Answered
from shared.domain.jobs import Verdict
from shared.domain.security_headers import A_YEAR, CSP, judged, judged_plain, plain_address

URL = "https://souk.example/"
GOOD = {
    "Content-Type": "text/html; charset=utf-8",
    "Strict-Transport-Security": f"max-age={A_YEAR}; includeSubDomains; preload",
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=()",
    "Server": "Google Frontend",
}


def answer(**changes):
    """A good answer with headers changed; None takes one away. Underscores stand for dashes."""
    given = {**GOOD, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return Answered(URL, 200, tuple((name, value) for name, value in given.items() if value is not None))


def found(**changes):
    return [(one.subject.partition("/")[2], one.verdict) for one in judged("site", answer(**changes))]


def test_a_page_with_all_of_them_is_well():
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"Strict_Transport_Security": None}, Verdict.FAIL),
        ({"Strict_Transport_Security": "max-age=0"}, Verdict.FAIL),
        ({"Strict_Transport_Security": f"max-age={A_YEAR - 1}"}, Verdict.WARN),
        ({"Content_Security_Policy": None, "X_Frame_Options": "DENY"}, Verdict.FAIL),
        ({"Content_Security_Policy": "frame-ancestors 'self'"}, Verdict.FAIL),
        ({"Content_Security_Policy": "script-src *; frame-ancestors 'self'"}, Verdict.FAIL),
        ({"Content_Security_Policy": "script-src 'self' 'unsafe-inline'; frame-ancestors 'self'"}, Verdict.WARN),
        ({"X_Content_Type_Options": None}, Verdict.WARN),
        ({"X_Content_Type_Options": "sniff"}, Verdict.WARN),
        ({"Referrer_Policy": None}, Verdict.WARN),
        ({"Referrer_Policy": "unsafe-url"}, Verdict.WARN),
        ({"Permissions_Policy": None}, Verdict.WARN),
        ({"Server": "nginx/1.18.0"}, Verdict.WARN),
        ({"X_Powered_By": "PHP/8"}, Verdict.WARN),
    ],
)
def test_each_header_that_is_missing_or_weak_is_one_finding_of_its_own(changes, verdict):
    header = next(iter(changes)).replace("_", "-")
    assert found(**changes) == [(header, verdict)]


def test_a_policy_that_only_reports_hinders_nothing():
    only = judged(
        "site",
        answer(Content_Security_Policy=None, Content_Security_Policy_Report_Only=CSP, X_Frame_Options="sameorigin"),
    )
    assert [one.verdict for one in only] == [Verdict.FAIL]
    assert "Report-Only hinders nothing" in only[0].what


@pytest.mark.parametrize(
    "scripts", ["'unsafe-inline' 'nonce-r4nd0m'", "'unsafe-inline' 'sha256-abc='", "'unsafe-inline' 'strict-dynamic'"]
)
def test_inline_scripts_that_are_pinned_are_no_fault(scripts):
    """A browser that knows nonces and hashes leaves 'unsafe-inline' out of account."""
    assert found(Content_Security_Policy=f"script-src {scripts}; frame-ancestors 'none'") == []


@pytest.mark.parametrize(
    ("policy", "frame", "is_well"),
    [
        ("script-src 'self'", "DENY", True),
        ("script-src 'self'", "ALLOW-FROM https://a.example", False),
        ("script-src 'self'", None, False),
        ("script-src 'self'; frame-ancestors 'none'", None, True),
        ("script-src 'self'; frame-ancestors *", "DENY", False),
    ],
)
def test_frames_are_kept_out_by_frame_ancestors_or_without_it_by_the_older_header(policy, frame, is_well):
    expected = [] if is_well else [("X-Frame-Options", Verdict.FAIL)]
    assert found(Content_Security_Policy=policy, X_Frame_Options=frame) == expected


def test_an_api_is_not_asked_for_what_concerns_pages():
    only = {"Content_Security_Policy": None, "Permissions_Policy": None, "Referrer_Policy": None}
    assert found(Content_Type="application/json", **only) == []


def test_cookies_are_judged_one_by_one_and_their_values_are_never_told():
    cookies = ("Set-Cookie", "sid=s3cret; Path=/"), ("Set-Cookie", "lang=ar; Secure; HttpOnly; SameSite=Lax")
    given = answer()
    told = judged("site", Answered(URL, 200, (*given.headers, *cookies)))
    assert [(one.subject, one.verdict) for one in told] == [
        ("site/Set-Cookie/sid", Verdict.FAIL),
        ("site/Set-Cookie/sid/HttpOnly", Verdict.WARN),
        ("site/Set-Cookie/sid/SameSite", Verdict.WARN),
    ]
    assert "s3cret" not in repr(told)


def test_the_fix_is_a_line_of_firebase_json():
    fix = judged("site", answer(X_Content_Type_Options=None))[0].fix
    rule = json.loads(fix.partition('"headers": ')[2])
    assert rule == {"source": "**", "headers": [{"key": "X-Content-Type-Options", "value": "nosniff"}]}


def test_what_a_server_says_of_itself_is_told_without_what_could_do_harm():
    assert "<" not in judged("site", answer(Server="<b>x/1.0</b>"))[0].what


@pytest.mark.parametrize(
    ("plain", "is_well"),
    [
        (None, True),
        (Answered("http://souk.example/", 301, (("Location", URL),)), True),
        (Answered("http://souk.example/", 302, (("Location", "http://www.souk.example/"),)), False),
        (Answered("http://souk.example/", 200), False),
    ],
)
def test_the_address_without_tls_leads_to_the_one_with_it(plain, is_well):
    assert [one.verdict for one in judged_plain("site", plain)] == ([] if is_well else [Verdict.FAIL])


def test_the_address_without_tls_is_at_the_usual_port():
    assert plain_address("https://souk.example:8443/ar?x=1#y") == "http://souk.example/ar"
