"""A responder signs in, registers a telephone, is paged on it and acknowledges; and ends the mails that are optional."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests

from infra.local import samples
from infra.local.sandbox.identity import id_token
from shared import bootstrap
from shared.domain.bulletins import Bulletin, BulletinKind, BulletinText
from shared.domain.incidents import State
from shared.domain.notifications import Channel, LedgerState, Recipient
from shared.usecases.bulletins import tell
from shared.usecases.present import amendments_of

DEVICE = "cPhone0000000000000001:APA91bX"


def sign_in(email="omar@souk.example", **changes):
    return {"Authorization": f"Bearer {id_token(email, **changes)}", "Content-Type": "application/json"}


def register(driver, headers, method="post", token=DEVICE):
    return driver.post("register_device", json.dumps({"token": token}), headers, method=method)


def crash(driver):
    at = driver.clock.now()
    driver.send(samples.crash(at, "velocityAlert", issue="1", title="Checkout.kt line 88", crashCount="200"))
    driver.after(minutes=1)


def test_who_signed_in_is_paged_on_their_telephone_and_acknowledges_from_there(driver):
    answer = register(driver, sign_in())
    assert (answer.status_code, answer.json) == (200, {"devices": 1})
    crash(driver)
    (push,) = driver.messages("fcm")
    assert push["to"] == DEVICE
    link = urlsplit(push["content"]["url"]).path
    driver.post("acknowledge", path=link)
    assert (driver.incidents[0].state, driver.incidents[0].owner) == (State.ACKNOWLEDGED, "omar")


def test_a_telephone_that_was_wiped_is_forgotten_and_the_text_still_comes(driver):
    register(driver, sign_in())
    driver.providers.store.faults.fail_next("fcm", response={"error": "UNREGISTERED"})
    crash(driver)
    assert [row.state for row in driver.ledger if row.channel is Channel.PUSH] == [LedgerState.FAILED_PERMANENT]
    assert len([m for m in driver.messages("twilio") if m["to"] == "+201000000012"]) == 1
    assert amendments_of(bootstrap.state()) == []


def test_a_forgotten_telephone_gets_nothing(driver):
    register(driver, sign_in())
    assert register(driver, sign_in(), method="delete").json == {"devices": 0}
    crash(driver)
    assert driver.messages("fcm") == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer x"}, 401),
        (sign_in(project="another"), 401),
        (sign_in(email_verified=False), 403),
        (sign_in("stranger@souk.example"), 403),
    ],
)
def test_E14_nobody_else_registers_anything(driver, headers, status):
    assert register(driver, headers).status_code == status
    assert register(driver, headers, method="delete").status_code == status
    assert (amendments_of(bootstrap.state()), driver.dead_letters) == ([], [])


def test_a_token_that_is_none_is_told_to_who_sent_it(driver):
    answer = register(driver, sign_in(), token="x\ny")
    assert (answer.status_code, amendments_of(bootstrap.state())) == (400, [])


def test_a_push_stands_in_the_inbox_and_its_device_is_shortened(driver):
    register(driver, sign_in())
    crash(driver)
    page = requests.get(f"{driver.platform.url}/inbox?only=fcm", timeout=10).text
    assert "Checkout.kt line 88" in page
    assert DEVICE not in page


def digest(driver, name):
    texts = {"en": BulletinText("Digest", ("line",)), "ar": BulletinText("ملخص", ("سطر",))}
    said = Bulletin(name, BulletinKind.DIGEST, driver.clock.now(), texts)
    tell(said, [Recipient("omar", Channel.EMAIL)], store=bootstrap.state(), publisher=bootstrap.publisher())
    driver.platform.drain()


def test_a_digest_carries_a_link_that_ends_digests_and_nothing_else(driver):
    digest(driver, "d1")
    headers = driver.messages("smtp")[0]["content"]["headers"]
    assert headers["List-Id"] == "<digest.souk.example>"
    link = urlsplit(headers["List-Unsubscribe"].strip("<>")).path
    assert driver.post("unsubscribe", path=link, method="get").status_code == 200
    digest(driver, "d2")
    assert len(driver.messages("smtp")) == 2  # looking changed nothing
    one_click = {"Content-Type": "application/x-www-form-urlencoded"}
    assert driver.post("unsubscribe", b"List-Unsubscribe=One-Click", one_click, path=link).status_code == 200
    digest(driver, "d3")
    assert len(driver.messages("smtp")) == 2
    crash(driver)
    assert len(driver.messages("smtp")) > 2  # incidents always come
    driver.clock.advance(timedelta(minutes=1))
    driver.post("unsubscribe", b"again=1", one_click, path=link)
    before = len(driver.messages("smtp"))
    digest(driver, "d4")
    assert len(driver.messages("smtp")) == before + 1


def test_a_link_that_was_tampered_with_ends_nothing(driver):
    digest(driver, "d1")
    headers = driver.messages("smtp")[0]["content"]["headers"]
    link = urlsplit(headers["List-Unsubscribe"].strip("<>")).path.replace("omar", "mona")
    assert driver.post("unsubscribe", path=link).status_code == 401
    assert amendments_of(bootstrap.state()) == []
