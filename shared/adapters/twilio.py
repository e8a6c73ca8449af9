"""Twilio as a notifier: text messages, with a delivery receipt asked for each."""

from datetime import timedelta
from itertools import takewhile
from urllib.parse import urlencode

from shared.adapters.twilio_client import TwilioAccount, asking, translated
from shared.ports.messages import Outgoing, Sent, SmsBody

CLOCKS_DIFFER_BY = timedelta(minutes=2)
SEARCHED = 200
NEVER_ACCEPTED = frozenset({"failed", "undelivered", "canceled"})


class TwilioSms:
    """Implements `Notifier`; `sender` is a number, an alphanumeric id, or a messaging service ("MG...").

    `status_callback` is the public address of our receipt function; the ledger row's id is added to it, so that a
    receipt finds its row even when it is faster than the answer.
    """

    def __init__(self, account: TwilioAccount, *, sender: str, status_callback: str) -> None:
        self._account = account
        self._sender = {"messaging_service_sid" if sender.startswith("MG") else "from_": sender}
        self._status_callback = status_callback

    def send(self, message: Outgoing) -> Sent:
        """Create the message; its id is Twilio's SID."""
        callback = f"{self._status_callback}?{urlencode({'notification': message.reference})}"
        client = self._account.client()
        with translated():
            created = client.messages.create(
                to=message.to, body=_text(message), status_callback=callback, **self._sender
            )
        return Sent(str(created.sid))

    def find(self, message: Outgoing) -> Sent | None:
        """The message to this number with this text: texts carry the row's own link, so they tell rows apart.

        Searched newest first by creation: the API's DateSent filter leaves out what is still queued.
        """
        client, text = self._account.client(), _text(message)
        earliest = message.since - CLOCKS_DIFFER_BY if message.since else None
        with asking(), translated():
            listed = client.messages.stream(to=message.to, limit=SEARCHED, page_size=50)
            recent = takewhile(lambda m: earliest is None or m.date_created >= earliest, listed)
            # A trial account puts a sentence before our text.
            found = (m for m in recent if m.body.endswith(text) and m.status not in NEVER_ACCEPTED)
            return next((Sent(str(m.sid)) for m in found), None)


def _text(message: Outgoing) -> str:
    if not isinstance(message.body, SmsBody):
        raise TypeError(f"not a text message: {type(message.body).__name__}")
    return message.body.text.encode("utf-8", "replace").decode()  # half an emoji must not stop a page
