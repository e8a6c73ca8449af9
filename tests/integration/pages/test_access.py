"""Every page and every action, asked for by every kind of caller: strangers get 401 or 403 and change nothing."""

from datetime import timedelta

import pytest
from werkzeug.test import Client

from shared.domain.permissions import Permission
from shared.usecases.page_routes import OPEN_ROUTES, ROUTES
from shared.usecases.sessions import new_session
from tests.integration.pages.conftest import AUDIENCE, HEADER, HOST, KEYS, OURS, PROJECT, TOKEN, bearer

HOUR = timedelta(hours=1)


def iap(**how):
    return lambda house: {
        HEADER: house.proxy.token(
            how.get("email", "mona@souk.example"), **{k: v for k, v in how.items() if k != "email"}
        )
    }


def firebase(email="mona@souk.example", **changes):
    return lambda house: bearer(email, **changes)


def local(token):
    return lambda house: {"Authorization": f"Bearer {token}"}


def cookie(person="mona", *, age=timedelta(0), keys=KEYS):
    return lambda house: {"Cookie": f"__Host-soukmon={new_session(person, now=house.clock.now() - age, keys=keys)}"}


def headers(**given):
    return lambda house: {name.replace("_", "-"): value for name, value in given.items()}


UNSIGNED = "eyJhbGciOiJub25lIiwia2lkIjoiazEifQ.eyJlbWFpbCI6Im1vbmFAc291ay5leGFtcGxlIn0."
# who -> (way to sign in, what the request carries, what a page answers to a reader, what an action answers)
CALLERS = {
    "nobody": ("iap", headers(), 401, 401),
    "forged": ("iap", iap(forged=True), 401, 401),
    "expired": ("iap", iap(age=HOUR), 401, 401),
    "from the future": ("iap", iap(age=-HOUR), 401, 401),
    "of another service": ("iap", iap(aud=AUDIENCE + "-2"), 401, 401),
    "of another issuer": ("iap", iap(iss="https://accounts.google.com"), 401, 401),
    "of an unknown key": ("iap", iap(kid="k9"), 401, 401),
    "of no key": ("iap", iap(kid=""), 401, 401),
    "unsigned": ("iap", headers(**{HEADER: UNSIGNED}), 401, 401),
    "signed with the public key": ("iap", iap(header={"alg": "HS256"}), 401, 401),
    "said to be RSA": ("iap", iap(header={"alg": "RS256"}), 401, 401),
    "signed another way": ("iap", iap(kid="k2"), 401, 401),
    "without a subject": ("iap", iap(sub=""), 401, 401),
    "without an address": ("iap", iap(email=""), 401, 401),
    "garbage": ("iap", headers(**{HEADER: "a.b.c"}), 401, 401),
    "too long": ("iap", headers(**{HEADER: "x" * 9_000}), 401, 401),
    "with the unsigned headers": ("iap", headers(**{"X-Goog-Authenticated-User-Email": "accounts.google.com:mona@souk.example"}), 401, 401),
    "a Firebase token at the proxy": ("iap", firebase(), 401, 401),
    "a cookie at the proxy": ("iap", cookie(), 401, 401),
    "an unknown person": ("iap", iap(email="eve@souk.example"), 403, 403),
    "an observer": ("iap", iap(email="board@souk.example"), 200, 403),
    "a responder without a form of ours": ("iap", iap(), 200, 403),
    "a responder spelt in capitals": ("iap", iap(email="MONA@Souk.Example"), 200, 403),
    "firebase: nobody": ("firebase", headers(), 401, 401),
    "firebase: another project": ("firebase", firebase(project="another"), 401, 401),
    "firebase: expired": ("firebase", firebase(exp=1), 401, 401),
    "firebase: not verified": ("firebase", firebase(email_verified=False), 403, 403),
    "firebase: unknown person": ("firebase", firebase("eve@souk.example"), 403, 403),
    "firebase: observer": ("firebase", firebase("board@souk.example"), 200, 403),
    "firebase: responder": ("firebase", firebase(), 200, 403),
    "firebase: the proxy's header": ("firebase", iap(), 401, 401),
    "cookie": ("firebase", cookie(), 200, 403),
    "cookie signed with the key before": ("firebase", cookie(keys=KEYS[:1]), 200, 403),
    "cookie forged": ("firebase", cookie(keys=("x" * 48,)), 401, 401),
    "cookie of yesterday": ("firebase", cookie(age=12 * HOUR), 401, 401),
    "cookie of tomorrow": ("firebase", cookie(age=-HOUR), 401, 401),
    "cookie of somebody who has left": ("firebase", cookie("eve"), 403, 403),
    "cookie of an observer": ("firebase", cookie("board"), 200, 403),
    "cookie of garbage": ("firebase", headers(Cookie="__Host-soukmon=W10.x"), 401, 401),
    "local: nobody": ("local", headers(), 401, 401),
    "local: a wrong token": ("local", local("u" * 43), 401, 401),
    "local: part of the token": ("local", local(TOKEN[:-1]), 401, 401),
    "local: no bearer": ("local", headers(Authorization=f"Basic {TOKEN}"), 401, 401),
    "local: unknown person": ("local", local(f"{TOKEN}~eve"), 403, 403),
    "local: observer": ("local", local(f"{TOKEN}~board"), 200, 403),
    "local: responder": ("local", local(TOKEN), 200, 403),
    "no way to sign in": ("", iap(), 401, 401),
    "no way to sign in, with a cookie": ("", cookie(), 401, 401),
    "no way to sign in, with a token": ("", local(TOKEN), 401, 401),
    "a way that does not exist": ("anything", local(TOKEN), 401, 401),
}  # fmt: skip


@pytest.mark.parametrize("who", CALLERS)
def test_E14_every_route_answers_strangers_alike_and_nothing_changes(house, who):
    mode, proof, reads, acts = CALLERS[who]
    name = house.happens()
    client = Client(house.open(mode).client.application, use_cookies=False)
    before = house.everything()
    for route in ROUTES:
        path = route.path.replace("<incident>", name)
        form = {"action": "acknowledge", "token": "x"}
        answer = client.open(
            path, method=route.method, base_url=HOST, headers={**OURS, **proof(house)},
            data=form if route.method == "POST" else None,
        )  # fmt: skip
        changes = route.method != "GET"
        expected = acts if changes else reads
        allowed = {200, 303, 404} if expected == 200 else {expected}  # an incident of a crash has no chart
        assert answer.status_code in allowed, (route, answer.status_code)
        assert "no-store" in answer.headers["Cache-Control"]
        assert "Checkout" not in answer.text or expected == 200
    assert house.everything() == before


def test_every_action_needs_more_than_to_read_and_every_page_has_a_permission():
    assert all(isinstance(route.permission, Permission) for route in ROUTES)
    assert {route.path for route in ROUTES if route.method != "GET" and route.permission is Permission.READ} == {
        "/sign-out"
    }
    assert {(route.method, route.path) for route in OPEN_ROUTES} == {
        ("GET", "/sign-in"), ("POST", "/session"), ("GET", "/assets/<name>"),
    }  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize(
    "path",
    ["/", "/incidents/x/act", "/admin", "//evil.example/", "/incidents/../../etc/passwd", "/incidents/" + "x" * 3000],
)
def test_strangers_cannot_tell_what_exists(house, method, path):
    answer = house.open("iap").client.open(path, method=method, base_url=HOST)
    assert (answer.status_code, answer.headers.get("Location")) == (401, None)


def test_a_known_reader_gets_404_for_what_is_not_there_and_405_for_what_cannot_be_done(house):
    browser = house.open("iap").as_("mona@souk.example", "iap")
    assert browser.get("/incidents/INC-1").status_code == 404
    assert browser.get("/admin").status_code == 404
    assert browser.client.put("/incidents", base_url=HOST, headers=browser.proof).status_code == 405
    assert browser.client.head("/incidents", base_url=HOST, headers=browser.proof).status_code == 200


def test_keys_that_cannot_be_fetched_let_nobody_in(house):
    browser = house.open("iap", iap_keys="http://127.0.0.1:9/none").as_("mona@souk.example", "iap")
    assert browser.get("/incidents").status_code >= 500


def test_no_audience_lets_nobody_in(house):
    browser = house.open("iap", iap_audience="")
    for audience in (AUDIENCE, ""):
        token = house.proxy.token("mona@souk.example", aud=audience)
        assert browser.get("/incidents", **{HEADER: token}).status_code == 401


def test_an_observer_may_not_act_even_with_a_form_of_ours(house):
    name = house.happens()
    browser = house.open("local")
    browser.get(f"/sign-in?token={TOKEN}~board")
    before = house.everything()
    assert (
        browser.post(f"/incidents/{name}/act", {"action": "note", "note": "x", "token": browser.token()}).status_code
        == 403
    )
    assert house.everything() == before


def test_the_way_without_a_token_of_length_lets_nobody_in(house):
    browser = house.open("local", sign_in_token="")
    for given in ("Bearer ", "Bearer", "Bearer ~mona"):
        assert browser.get("/incidents", Authorization=given).status_code == 401


def test_who_came_and_who_was_turned_away_is_on_record_and_a_flood_is_one_line(house, clock):
    browser = house.open("local")
    for _ in range(5):
        browser.get("/incidents")
    browser.get(f"/sign-in?token={TOKEN}")
    browser.get("/incidents")
    browser.get("/incidents", Authorization=f"Bearer {TOKEN}~eve")
    clock.advance(timedelta(minutes=11))
    house.open("local").get("/incidents")
    assert house.record() == [
        ("stranger", "refused", "401"), ("mona", "signed in", "by local"), ("stranger", "refused", "401"),
    ]  # fmt: skip


def test_behind_the_proxy_the_first_request_of_a_day_is_the_sign_in(house, clock):
    browser = house.open("iap").as_("mona@souk.example", "iap")
    for _ in range(3):
        browser.get("/incidents")
    clock.advance(timedelta(days=1))
    browser.get("/incidents")
    browser.post("/incidents/x/act", {"token": "forged"})
    assert house.record() == [
        ("mona", "signed in", "by iap"), ("mona", "signed in", "by iap"), ("mona", "refused", "403"),
    ]  # fmt: skip
    assert PROJECT not in str(house.record())
