"""Twilio's requests about text messages that came in."""

from collections.abc import Mapping

from shared.domain.text_messages import TextMessage
from shared.errors import UndecodableError

LONGEST = 1_600


def text_message(form: Mapping[str, str]) -> TextMessage:
    """The message of a verified request; raises UndecodableError for one without a name or a sender."""
    sid, sender = form.get("MessageSid") or form.get("SmsSid") or "", form.get("From", "")
    if not sid or not sender:
        raise UndecodableError("a text message without MessageSid or From")
    return TextMessage(sid, sender, form.get("Body", "")[:LONGEST], form.get("OptOutType", ""))
