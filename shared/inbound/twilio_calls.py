"""Twilio's requests about calls: what somebody who answered did, and how a call ended."""

from collections.abc import Mapping

from shared.domain.calls import PhoneCall
from shared.domain.notifications import LedgerState, Report
from shared.errors import UndecodableError

# "completed" says only that the line was open: a person or a machine may have listened.
STATES: Mapping[str, LedgerState] = {
    "queued": LedgerState.SENT,
    "initiated": LedgerState.SENT,
    "ringing": LedgerState.SENT,
    "in-progress": LedgerState.SENT,
    "completed": LedgerState.DELIVERED,
    "busy": LedgerState.FAILED_TEMPORARY,
    "no-answer": LedgerState.FAILED_TEMPORARY,
    "failed": LedgerState.FAILED_PERMANENT,
    "canceled": LedgerState.FAILED_PERMANENT,
}
FAILED = frozenset({LedgerState.FAILED_TEMPORARY, LedgerState.FAILED_PERMANENT})
MOST_TURNS = 9


def phone_call(form: Mapping[str, str]) -> PhoneCall:
    """The call as a verified request describes it; raises UndecodableError without a CallSid."""
    turn = form.get("turn", "0")
    return PhoneCall(
        sid=_sid(form),
        notification=form.get("notification", ""),
        turn=min(int(turn), MOST_TURNS) if turn.isascii() and turn.isdigit() else MOST_TURNS,
        digits=form.get("Digits", ""),
        answered_by=form.get("AnsweredBy", ""),
    )


def call_report(form: Mapping[str, str]) -> Report:
    """How a call went: one that nobody answered, or only a machine, is worth another try; one that cannot be made not.

    Raises UndecodableError for a status (or form) we do not know.
    """
    sid, status = _sid(form), form.get("CallStatus", "")
    if status not in STATES:
        raise UndecodableError(f"unknown call status {status[:40]!r}")
    state, error = STATES[status], status
    call = phone_call(form)
    if state is LedgerState.DELIVERED and call.is_machine:
        state, error = LedgerState.FAILED_TEMPORARY, call.answered_by[:40]
    return Report(sid, state, error if state in FAILED else "", call.notification)


def _sid(form: Mapping[str, str]) -> str:
    sid = form.get("CallSid", "")
    if not sid:
        raise UndecodableError("a request about a call without CallSid")
    return sid
