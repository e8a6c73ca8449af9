"""E-mail as a notifier: one SMTP conversation a message, in which it is known how far it got."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import formatdate, parseaddr
from enum import Enum

from shared.domain.signals import digest
from shared.errors import DeliveryError, PermanentFailureError, TemporaryFailureError, UnknownOutcomeError
from shared.ports.messages import EmailBody, Outgoing, Sent

TIMEOUT_SECONDS = 10.0
OK = 250
FORWARDED = 251
PERMANENT = 500
ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+")  # printable ASCII without blanks, one @
LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class _Address(UnstructuredHeader, BaseHeader):
    """A header that holds a URL: the library would fold a long one into encoded words, which no mail reader opens."""

    def fold(self, *, policy: Policy) -> str:
        """One line, however long."""
        return f"{self.name}: {self}{policy.linesep}"


class _Subject(UnstructuredHeader, BaseHeader):
    """A subject that keeps every blank: the library loses the one at which it breaks a long line of encoded words."""

    def fold(self, *, policy: Policy) -> str:
        """As many encoded words as it takes, each within its 75 characters (RFC 2047)."""
        charset = "us-ascii" if str(self).isascii() else "utf-8"
        encoded = Header(str(self), charset, maxlinelen=75, header_name=self.name)
        return f"{self.name}: {encoded.encode(linesep=policy.linesep)}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("subject", _Subject)
_HEADERS.map_to_type("list-unsubscribe", _Address)
SEVEN_BIT = SMTP.clone(cte_type="7bit", header_factory=_HEADERS)  # not every relay takes 8-bit mail


class Phase(Enum):
    """How far the conversation got."""

    CONNECT = "connect"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


# Before the recipient is named a refusal cannot be about him; these codes never are (RFC 4954, RFC 5321).
CHANNEL_CODES = frozenset({530, 534, 535, 538})
CHANNEL_PHASES = frozenset({Phase.CONNECT, Phase.SENDER})
# Only an enhanced status code tells an address that does not exist from one that is refused today (RFC 3463): bad
# mailbox or host, its syntax, moved, no mail host (RFC 7505), and a mailbox that is disabled.
GONE = re.compile(r"5\.(1\.(1|2|3|6|10)|2\.1)\b")


@dataclass(slots=True)
class _Progress:
    phase: Phase = Phase.CONNECT


class SmtpEmail:
    """Implements `Notifier`; `security` is "none", "starttls" or "tls", and never falls back to less.

    `tls` replaces the machine's trusted certificates.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        user: str,
        password: str,
        security: str,
        sender: str,
        timeout: float = TIMEOUT_SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._host, self._port = host, port
        self._user, self._password = user, password
        self._security, self._sender = security, sender
        self._timeout, self._tls = timeout, tls

    def send(self, message: Outgoing) -> Sent:
        """Hand the mail to the server; its id is the Message-ID, which follows from our reference."""
        if not ADDRESS.fullmatch(message.to):
            raise PermanentFailureError("invalid_address", "not an address that SMTP can carry", address_gone=True)
        mail = composed(message, sender=self._sender)
        progress = _Progress()
        with _translated(progress), self._session() as session:
            progress.phase = Phase.SENDER
            _accepted(session.mail(parseaddr(self._sender)[1]))
            progress.phase = Phase.RECIPIENT
            _accepted(session.rcpt(message.to))
            progress.phase = Phase.CONTENT
            _accepted(session.data(mail.as_bytes()))
        return Sent(str(mail["Message-ID"]))

    def find(self, message: Outgoing) -> Sent | None:
        """SMTP has no way to ask: always raises UnknownOutcomeError, so that a second send is marked as one."""
        raise UnknownOutcomeError("unknowable", f"SMTP cannot tell whether {message.reference} was taken")

    def greet(self) -> None:
        """Say hello, secure the line and log in, as for a mail; sends none. Raises as `send` does."""
        with _translated(_Progress()), self._session():
            pass

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        session = self._connected()
        try:
            session.ehlo_or_helo_if_needed()
            if self._security == "starttls":
                session.starttls(context=self._context())
                session.ehlo()
            if self._user:
                session.login(self._user, self._password)
            yield session
            # The server has taken the mail by now: a farewell that fails must not look like a failed send.
            with suppress(smtplib.SMTPException, OSError):
                session.quit()
        finally:
            session.close()

    def _connected(self) -> smtplib.SMTP:
        name = _domain(self._sender)  # without one smtplib asks the DNS for ours, which may take seconds
        if self._security == "tls":
            return smtplib.SMTP_SSL(self._host, self._port, name, timeout=self._timeout, context=self._context())
        return smtplib.SMTP(self._host, self._port, name, timeout=self._timeout)

    def _context(self) -> ssl.SSLContext:
        return self._tls or ssl.create_default_context()


def composed(message: Outgoing, *, sender: str) -> EmailMessage:
    """The mail: text with an HTML alternative, one thread an incident, nothing a header could be broken with."""
    body = message.body
    if not isinstance(body, EmailBody):
        raise TypeError(f"not an e-mail: {type(body).__name__}")
    domain = _domain(sender)
    mail = EmailMessage(policy=SEVEN_BIT)
    mail["From"], mail["To"] = sender, message.to
    mail["Subject"] = LINE_BREAKS.sub(" ", _encodable(body.subject)).strip()
    mail["Date"] = formatdate()
    mail["Message-ID"] = f"<{message.reference}@{domain}>"
    if body.thread:
        mail["In-Reply-To"] = mail["References"] = f"<thread-{digest(body.thread)}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    _list_headers(mail, body, domain)
    mail.set_content(_encodable(body.text))
    mail.add_alternative(_encodable(body.html), subtype="html")
    _illustrate(mail, body)
    mail["Content-Language"] = body.locale  # last, or it would move into the first part
    return mail


def _list_headers(mail: EmailMessage, body: EmailBody, domain: str) -> None:
    """How a mail reader offers to end mails of this kind; one click works over https only (RFC 8058)."""
    if body.list_name:
        mail["List-Id"] = f"<{body.list_name}.{domain}>"
    if body.unsubscribe_url:
        mail["List-Unsubscribe"] = f"<{body.unsubscribe_url}>"
        if body.unsubscribe_url.startswith("https://"):
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _illustrate(mail: EmailMessage, body: EmailBody) -> None:
    """Put the pictures beside the HTML that shows them (RFC 2387), so that no reader lists them as attachments."""
    html = mail.get_body(("html",))
    for picture in body.pictures:
        if html is not None:
            html.add_related(picture.data, "image", "png", cid=f"<{picture.name}>", disposition="inline")


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()  # half an emoji must not stop a page


def _accepted(reply: tuple[int, bytes]) -> None:
    code, text = reply
    if code not in {OK, FORWARDED}:
        raise smtplib.SMTPResponseException(code, text)


@contextmanager
def _translated(progress: _Progress) -> Iterator[None]:
    """Every way to fail becomes one of our three errors."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, _readable(error.smtp_error), progress.phase) from error
    except smtplib.SMTPNotSupportedError as error:
        raise PermanentFailureError("not_supported", str(error), channel_broken=True) from error
    except ssl.SSLCertVerificationError as error:
        raise PermanentFailureError("certificate", error.verify_message, channel_broken=True) from error
    except (smtplib.SMTPException, OSError) as error:
        if progress.phase is Phase.CONTENT:
            raise UnknownOutcomeError("no_answer", repr(error)) from error
        raise TemporaryFailureError("unreachable", repr(error)) from error


def _refusal(code: int, text: str, phase: Phase) -> DeliveryError:
    if code < PERMANENT:
        return TemporaryFailureError(str(code), text)
    broken = code in CHANNEL_CODES or phase in CHANNEL_PHASES
    gone = phase is Phase.RECIPIENT and GONE.match(text) is not None
    return PermanentFailureError(str(code), text, channel_broken=broken, address_gone=gone)


def _readable(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
