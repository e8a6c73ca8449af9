"""A mail server of its own: takes every mail and delivers none."""

import asyncio
import base64
import email
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from infra.local.sandbox.faults import Fault, takes_message
from infra.local.sandbox.server import HOST
from infra.local.sandbox.store import Message, SandboxStore
from shared.ports.platform import Clock

TAKEN = "250 OK"


class MailServer(Controller):
    """A running server: mails go to `hostname` and `port`; port 0 takes a free one."""

    def __init__(self, store: SandboxStore, *, clock: Clock, port: int = 0, **options: Any) -> None:  # noqa: ANN401
        super().__init__(_Mailbox(store, clock), hostname=HOST, port=port, **options)

    def _trigger_server(self) -> None:
        # Only now is it known which port the system chose.
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def serve(store: SandboxStore, *, clock: Clock, user: str = "", password: str = "", port: int = 0) -> MailServer:
    """Start the server; with a `user`, only who logs in may send. Stop it with `.stop()`."""

    def check(_: SMTP, __: Session, ___: Envelope, ____: str, given: object) -> AuthResult:
        right = isinstance(given, LoginPassword) and (given.login, given.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    login = {"authenticator": check, "auth_required": True, "auth_require_tls": False} if user else {}
    server = MailServer(store, clock=clock, port=port, **login)
    server.start()
    return server


class _Mailbox:
    """The hooks aiosmtpd calls at each step of a conversation."""

    def __init__(self, store: SandboxStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def handle_MAIL(  # noqa: N802 - the framework's
        self, _: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        session.fault = self._store.faults.take("smtp")  # type: ignore[attr-defined]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return _reply(session, "mail") or TAKEN

    async def handle_RCPT(  # noqa: N802
        self, _: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = _reply(session, "rcpt")
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return TAKEN

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault: Fault = session.fault  # type: ignore[attr-defined]
        if takes_message(fault):
            self._keep(envelope)
        if "hang" in fault:
            await asyncio.sleep(float(fault["hang"]))
        if fault.get("close") or "hang" in fault:
            server.transport.abort()  # type: ignore[union-attr]
        return _reply(session, "data") or TAKEN

    def _keep(self, envelope: Envelope) -> None:
        mail = email.message_from_bytes(envelope.content or b"", policy=default)  # type: ignore[arg-type]
        now, name = self._clock.now(), str(mail["Message-ID"])
        for address in envelope.rcpt_tos:
            copy = self._store.next_number("smtp.copy")
            message = Message(
                id=f"mail-{copy}",
                provider="smtp",
                to=address,
                content=_content(mail),
                created_at=now,
                updated_at=now,
                thread=str(mail["In-Reply-To"] or ""),
                status="accepted",
                reference=name.strip("<>").partition("@")[0],
            )
            self._store.add(message)


def _content(mail: EmailMessage) -> dict[str, Any]:
    return {
        "subject": str(mail["Subject"] or ""),
        "text": _part(mail, "plain"),
        "html": _part(mail, "html"),
        "headers": {name: str(value) for name, value in mail.items()},
        "pictures": dict(_pictures(mail)),
    }


def _pictures(mail: EmailMessage) -> Iterator[tuple[str, str]]:
    """The pictures that the HTML shows, as base64 by their content id."""
    for part in mail.walk():
        if part.get_content_maintype() == "image" and part["Content-ID"]:
            yield str(part["Content-ID"]).strip("<>"), base64.b64encode(part.get_content()).decode()


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""


def _reply(session: Session, at: str) -> str:
    fault: Fault = session.fault  # type: ignore[attr-defined]
    return str(fault["reply"]) if "reply" in fault and fault.get("at", "data") == at else ""
