"""Mails, and the server that takes them."""

import re
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.sandbox import smtp
from infra.local.sandbox.smtp import MailServer
from shared.adapters.smtp import SmtpEmail, composed
from shared.errors import PermanentFailureError
from shared.ports.messages import EmailBody
from tests.integration.channels.conftest import email_message

SENDER = "Souk alerts <alerts@souk.example>"


def notifier_for(server, **changes):
    options = {"user": "", "password": "", "security": "none", "sender": SENDER, "timeout": 5, **changes}
    return SmtpEmail(server.hostname, server.port, **options)


def test_a_mail_arrives_in_both_forms_and_says_its_language(email_notifier, store):
    sent = email_notifier.send(email_message("n-7"))
    (message,) = store.messages("smtp")
    headers = message.content["headers"]
    assert (message.to, message.reference) == ("mona@souk.example", "n-7")
    assert message.content["subject"] == "[CRITICAL] فشل الطلبات"
    assert (message.content["text"].strip(), message.content["html"].strip()) == ("text", "<p>حرج</p>")
    assert sent.provider_id == headers["Message-ID"] == "<n-7@souk.example>"
    assert (headers["Content-Language"], headers["From"]) == ("ar", SENDER)


def test_mails_of_one_incident_are_one_thread(email_notifier, store):
    other = EmailBody("s", "t", "h", thread="inc-2")
    for reference, changes in (("n-1", {}), ("n-2", {}), ("n-3", {"body": other})):
        email_notifier.send(email_message(reference, **changes))
    first, second, third = store.messages("smtp")
    assert first.content["headers"]["References"] == first.thread == second.thread != third.thread


DIGEST = "https://europe-west1-souk.cloudfunctions.net/unsubscribe/omar~digest.MARKMARKMARKMARKMARK"


def test_an_optional_mail_says_how_one_click_ends_it_in_a_header_no_relay_may_fold_into_code_words():
    body = EmailBody("Digest", "t", "h", unsubscribe_url=DIGEST, list_name="digest")
    lines = composed(email_message(body=body), sender=SENDER).as_bytes().decode().splitlines()
    assert f"List-Unsubscribe: <{DIGEST}>" in lines
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert "List-Id: <digest.souk.example>" in lines


def test_without_https_no_one_click_is_promised_and_an_alert_promises_nothing():
    local = EmailBody("Digest", "t", "h", unsubscribe_url="http://127.0.0.1/u/x", list_name="digest")
    assert "List-Unsubscribe-Post" not in composed(email_message(body=local), sender=SENDER)
    assert not [name for name in composed(email_message(), sender=SENDER) if name.lower().startswith("list-")]


DEAD = [
    ("550 5.1.1 nobody", True),
    ("550 5.1.10 no mail here", True),
    ("550 5.2.1 disabled", True),
    ("551 5.1.6 moved", True),
    ("550 5.7.1 your address is on a list", False),
    ("552 5.2.2 full", False),
    ("550 5.1.8 bad sender", False),
    ("550 no reason given", False),
]


@pytest.mark.parametrize(("reply", "gone"), DEAD)
def test_E39_only_a_mailbox_that_surely_does_not_exist_is_gone(email_notifier, store, reply, gone):
    store.faults.fail_next("smtp", response={"reply": reply, "at": "rcpt"})
    with pytest.raises(PermanentFailureError) as failure:
        email_notifier.send(email_message())
    assert (failure.value.address_gone, failure.value.channel_broken) == (gone, False)


HOSTILE = [
    "down\r\nBcc: everybody@evil.example",
    "down\nBcc: everybody@evil.example",
    "down\r\n\r\n<h1>body</h1>",
    "down\x85\u2028\x00Bcc: everybody@evil.example",
]


@pytest.mark.parametrize("subject", HOSTILE)
def test_E47_line_breaks_in_a_subject_make_no_header_and_no_body(email_notifier, store, subject):
    email_notifier.send(email_message(body=EmailBody(subject, "t", "h")))
    (message,) = store.messages("smtp")
    assert message.content["subject"].startswith("down ")
    assert "Bcc" not in message.content["headers"]
    assert message.content["text"].strip() == "t"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["اختبار", "error_rate_alert:", "لا", "يوجد", "[حرج]", "x" * 40, "ص" * 30, "😀"])))
def test_E49_a_long_arabic_subject_loses_no_blank_and_no_word_is_too_long(parts):
    subject = " ".join(["حرج", *parts])
    mail = composed(email_message(body=EmailBody(subject, "t", "h")), sender="a@souk.example").as_bytes()
    assert str(message_from_bytes(mail, policy=policy.default)["Subject"]) == subject
    words = re.findall(rb"=\?utf-8\?[bq]\?[^?]*\?=", mail.partition(b"\r\n\r\n")[0])
    assert words
    assert max(map(len, words)) <= 75


def test_a_mail_is_seven_bit_whatever_it_says_so_every_relay_takes_it():
    message = email_message(body=EmailBody("عاجل \ud83d", "حرج \ud83d\n.\nend", "<p>حرج</p>"))
    assert composed(message, sender=SENDER).as_bytes().isascii()


def test_a_dot_alone_on_a_line_does_not_end_the_mail(email_notifier, store):
    email_notifier.send(email_message(body=EmailBody("s", "before\n.\nafter", "h")))
    assert store.messages("smtp")[0].content["text"].split() == ["before", ".", "after"]


@pytest.mark.parametrize(
    "address", ["", "mona", "a@b@c", "mona@souk.example\r\nRCPT TO:<x@y>", "منى@souk.example", "a b@c"]
)
def test_an_address_smtp_cannot_carry_is_refused_for_good(email_notifier, store, address):
    with pytest.raises(PermanentFailureError) as failure:
        email_notifier.send(email_message(to=address))
    assert (failure.value.channel_broken, store.messages()) == (False, [])


def test_a_farewell_that_fails_is_not_a_failed_send(email_notifier, store, monkeypatch):
    async def hang_up(self, *_):
        self.transport.abort()

    monkeypatch.setattr("aiosmtpd.smtp.SMTP.smtp_QUIT", hang_up)
    assert email_notifier.send(email_message()).provider_id
    assert len(store.messages("smtp")) == 1


@pytest.fixture
def guarded(store, clock):
    server = smtp.serve(store, clock=clock, user="alerts", password="right")
    yield server
    server.stop()


def test_the_right_password_gets_a_mail_through(guarded, store):
    notifier_for(guarded, user="alerts", password="right").send(email_message())
    assert len(store.messages("smtp")) == 1


@pytest.mark.parametrize(("user", "password", "code"), [("alerts", "wrong", "535"), ("", "", "530")])
def test_E38_credentials_that_are_refused_break_the_channel(guarded, user, password, code):
    with pytest.raises(PermanentFailureError) as failure:
        notifier_for(guarded, user=user, password=password).send(email_message())
    assert (failure.value.code, failure.value.channel_broken) == (code, True)


@pytest.mark.parametrize("changes", [{"security": "starttls"}, {"user": "alerts", "password": "x"}])
def test_security_never_falls_back_to_less(mail_server, store, changes):
    with pytest.raises(PermanentFailureError) as failure:
        notifier_for(mail_server, **changes).send(email_message())
    assert (failure.value.code, failure.value.channel_broken) == ("not_supported", True)
    assert store.messages() == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself, with its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sandbox")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(params=["starttls", "tls"])
def encrypted(request, store, clock, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    how = (
        {"tls_context": context, "require_starttls": True} if request.param == "starttls" else {"ssl_context": context}
    )
    server = MailServer(store, clock=clock, **how)
    server.start()
    yield server, request.param
    server.stop()


def test_a_mail_travels_encrypted_where_the_certificate_is_trusted(encrypted, certificate, store):
    server, security = encrypted
    trusted = ssl.create_default_context(cafile=certificate)
    notifier_for(server, security=security, tls=trusted).send(email_message())
    assert len(store.messages("smtp")) == 1


def test_an_untrusted_certificate_breaks_the_channel(encrypted, store):
    server, security = encrypted
    with pytest.raises(PermanentFailureError) as failure:
        notifier_for(server, security=security).send(email_message())
    assert (failure.value.code, failure.value.channel_broken) == ("certificate", True)
    assert store.messages() == []
