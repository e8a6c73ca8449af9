"""Twilio's requests: checked against the address Twilio signed; and its delivery receipts, read."""

from collections.abc import Mapping, Sequence

from twilio.request_validator import RequestValidator

from shared.domain.notifications import LedgerState, Report
from shared.domain.signals import digest
from shared.errors import RefusedError, UndecodableError
from shared.inbound.twilio_calls import call_report

FAILED = LedgerState.FAILED_PERMANENT
STATES: Mapping[str, LedgerState] = {
    "accepted": LedgerState.SENT,
    "scheduled": LedgerState.SENT,
    "queued": LedgerState.SENT,
    "sending": LedgerState.SENT,
    "sent": LedgerState.SENT,
    "delivered": LedgerState.DELIVERED,
    "read": LedgerState.READ,
    "undelivered": FAILED,
    "failed": FAILED,
    "canceled": FAILED,
}
# Queue overflow, an unknown error on the way, and no reason at all may pass; every other reason stays.
PASSING_ERRORS = frozenset({"", "0", "30001", "30008"})
# An unknown handset and a landline stay what they are; a handset that is switched off (30003) may come back.
NO_SUCH_NUMBER = frozenset({"30005", "30006"})


def verify(url: str, form: Mapping[str, str], signature: str | None, *, tokens: Sequence[str]) -> None:
    """Raises RefusedError (401) unless Twilio signed exactly this address and form, with any of the tokens.

    While the token is rotated Twilio still signs with the old one, so both are valid. `url` is the public https address
    with its query string, whatever a proxy made of it; `form` keeps blank fields.
    """
    if not all(tokens) or not tokens:  # an empty key would make everybody's signature right
        raise RefusedError("no Twilio token is configured")
    if not signature:
        raise RefusedError("not signed")
    if not any(RequestValidator(token).validate(url, form, signature) for token in tokens):
        raise RefusedError("not signed by Twilio")


def report(form: Mapping[str, str]) -> Report:
    """What a verified receipt says; raises UndecodableError for a status (or form) we do not know."""
    if form.get("CallSid"):
        return call_report(form)
    name, status = _sid(form), _status(form)
    if status not in STATES:
        raise UndecodableError(f"unknown message status {status[:40]!r}")
    code = form.get("ErrorCode", "").strip()
    state = STATES[status]
    if status in {"undelivered", "failed"} and code in PASSING_ERRORS:
        state = LedgerState.FAILED_TEMPORARY
    error = (code or status) if state in {FAILED, LedgerState.FAILED_TEMPORARY} else ""
    gone = state is FAILED and code in NO_SUCH_NUMBER
    return Report(name, state, error, form.get("notification", ""), address_gone=gone)


def nonce(form: Mapping[str, str]) -> str:
    """The same for a replay of a receipt: a message reports each status once."""
    if form.get("CallSid"):
        return digest("twilio", form["CallSid"], form.get("CallStatus", ""))
    return digest("twilio", _sid(form), _status(form))


def _sid(form: Mapping[str, str]) -> str:
    name = form.get("MessageSid") or form.get("SmsSid") or ""
    if not name:
        raise UndecodableError("a receipt without MessageSid")
    return name


def _status(form: Mapping[str, str]) -> str:
    return form.get("MessageStatus") or form.get("SmsStatus") or ""
