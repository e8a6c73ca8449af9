"""Text messages that come in: what their words mean."""

from dataclasses import dataclass
from enum import StrEnum

# Twilio takes and answers these by itself, and tells us (see its Advanced Opt-Out).
TAKEN_BY_TWILIO = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "start", "yes", "unstop"}
)
_STARTS = frozenset({"start", "yes", "unstop", "ابدأ", "ابدا", "تشغيل", "بدء"})
_STOPS = frozenset(
    TAKEN_BY_TWILIO - _STARTS | {"توقف", "إيقاف", "ايقاف", "إلغاء", "الغاء", "الغاء الاشتراك", "إلغاء الاشتراك"}
)


class Wish(StrEnum):
    """What the sender wants."""

    STOP = "no more text messages"
    START = "text messages again"
    UNCLEAR = "nothing we understand"


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A text message from `sender` (E.164); `opt_out` is the provider's own reading ("STOP", "START", "HELP" or "")."""

    sid: str
    sender: str
    body: str
    opt_out: str = ""

    @property
    def word(self) -> str:
        """The whole message as one keyword: keywords stand alone."""
        return " ".join(self.body.split()).strip(" .!\u200f\u200e").casefold()

    @property
    def is_answered(self) -> bool:
        """True when the provider has answered already (after STOP it would refuse our answer anyway)."""
        return bool(self.opt_out) or self.word in TAKEN_BY_TWILIO


def wish_of(message: TextMessage) -> Wish:
    """The provider's reading counts first; then the words, alone and in any case."""
    match message.opt_out.upper():
        case "STOP":
            return Wish.STOP
        case "START":
            return Wish.START
    if message.word in _STOPS:
        return Wish.STOP
    return Wish.START if message.word in _STARTS else Wish.UNCLEAR
