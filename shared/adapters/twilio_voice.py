"""Twilio as a notifier: telephone calls, whose words our own function says when somebody answers."""

from datetime import timedelta
from itertools import takewhile
from urllib.parse import urlencode

from shared.adapters.twilio_client import TwilioAccount, asking, translated
from shared.errors import UnknownOutcomeError
from shared.ports.messages import Outgoing, Sent

CLOCKS_DIFFER_BY = timedelta(minutes=2)
SEARCHED = 50
RINGS_SECONDS = 30
NEVER_RANG = frozenset({"failed", "canceled"})


class TwilioVoice:
    """Implements `Notifier`; `sender` is a number of ours that may call.

    `answer_url` says what to say, `status_callback` hears how the call ended; both get the ledger row's id.
    """

    def __init__(self, account: TwilioAccount, *, sender: str, answer_url: str, status_callback: str) -> None:
        self._account, self._sender = account, sender
        self._answer_url, self._status_callback = answer_url, status_callback

    def send(self, message: Outgoing) -> Sent:
        """Start the call; its id is Twilio's SID.

        With DetectMessageEnd a person hears us at once, and a machine after its own greeting.
        """
        row = urlencode({"notification": message.reference})
        client = self._account.client()
        with translated():
            created = client.calls.create(
                to=message.to,
                from_=self._sender,
                url=f"{self._answer_url}?{row}",
                method="POST",
                status_callback=f"{self._status_callback}?{row}",
                status_callback_method="POST",
                status_callback_event=["answered", "completed"],
                machine_detection="DetectMessageEnd",
                timeout=RINGS_SECONDS,
            )
        return Sent(str(created.sid))

    def find(self, message: Outgoing) -> Sent | None:
        """None when this number was not called since; a call does not say what it was for, so more is unknowable."""
        client = self._account.client()
        earliest = message.since - CLOCKS_DIFFER_BY if message.since else None
        with asking(), translated():
            listed = client.calls.stream(to=message.to, limit=SEARCHED, page_size=SEARCHED)
            recent = takewhile(lambda c: earliest is None or c.date_created >= earliest, listed)
            rang = any(call.status not in NEVER_RANG for call in recent)
        if rang:
            raise UnknownOutcomeError("unknowable", "a call to this number may or may not be this one")
        return None
