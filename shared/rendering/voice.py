"""Incident -> what is said on the telephone, plainly: no ids, no addresses, no markup, and not for long."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.domain.bulletins import BulletinText
from shared.domain.oncall import CAIRO
from shared.domain.reasons import Notify
from shared.rendering.catalogue import recorded, words
from shared.rendering.escaping import one_line, without_links
from shared.rendering.evidence import headline
from shared.rendering.view import IncidentView

LONGEST_TITLE = 120
LONGEST_BULLETIN = 400
_ARABIC = re.compile("[\u0600-\u06ff]")
_ID = re.compile(r"(?<!\w)(?=\w*\d)(?:[0-9a-f]{8}-[0-9a-f-]{20,}|[0-9a-f]{8,}|\d{6,})(?!\w)", re.IGNORECASE)
_MARKUP = re.compile(r"[<>*_~`#{}\[\]|\\/=^@$]+")

EN = {
    "greeting": "This is Souk El-Sayarat monitoring.", "incident": "{} incident.",
    "keys": "Press 4 to acknowledge. Press 6 to escalate. Press any other key to hear this again.",
    "goodbye": "The incident was not acknowledged and will be escalated. Goodbye.",
    "machine": "Please look at your messages and acknowledge there.",
    "over": "The incident is over. Nothing is left to do. Goodbye.",
    "acknowledged": "Acknowledged. You own the incident now. Goodbye.",
    "escalation asked for": "The next people on the list are being told. Goodbye.",
    "owned": "{} owns it already, since {}. Goodbye.", "unknown": "There is nothing to say. Goodbye.",
    "refused": "Nothing was changed: {}. Goodbye.",
}  # fmt: skip
AR = {
    "greeting": "هنا مراقبة سوق السيارات.", "incident": "بلاغ {}.",
    "keys": "اضغط أربعة لاستلام البلاغ. اضغط ستة للتصعيد. اضغط أي رقم آخر لسماع الرسالة مرة أخرى.",
    "goodbye": "لم يُستلم البلاغ وسيتم تصعيده. مع السلامة.",
    "machine": "يرجى مراجعة رسائلك واستلام البلاغ منها.",
    "over": "انتهى البلاغ ولم يعد هناك ما يلزم عمله. مع السلامة.",
    "acknowledged": "تم استلام البلاغ. أصبحت مسؤولاً عنه. مع السلامة.",
    "escalation asked for": "يجري إبلاغ الأشخاص التالين في القائمة. مع السلامة.",
    "owned": "استلمه {} منذ الساعة {}. مع السلامة.", "unknown": "لا يوجد ما يقال. مع السلامة.",
    "refused": "لم يتغير شيء: {}. مع السلامة.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words for one voice; `locale` is "en" or "ar"."""

    text: str
    locale: str


def plain(text: str, longest: int = LONGEST_TITLE) -> str:
    """Text from outside as it can be spoken, cut between words."""
    without = without_links(text).replace("[link]", " ").replace("(.)", ".")
    said = " ".join(_MARKUP.sub(" ", _ID.sub(" ", without)).split())
    return said if len(said) <= longest else said[:longest].rsplit(" ", 1)[0]


def opening(view: IncidentView, *, reason: Notify, locale: str) -> tuple[Spoken, ...]:
    """Who calls, how bad it is, where, and what: the title in the voice of its own script."""
    say, incident = _words(locale), view.incident
    severity = words(locale)[incident.severity].capitalize()
    why = "" if reason is Notify.FIRST else f" {words(locale)[reason]}."
    first = f"{say['greeting']} {say['incident'].format(severity)}{why}"
    title = plain(headline(incident, view.evidence, locale))
    return (Spoken(first, locale), *_in_own_voice(plain(incident.service)), *_in_own_voice(title))


def keys(locale: str) -> Spoken:
    """What can be pressed."""
    return Spoken(_words(locale)["keys"], locale)


def ending(name: str, locale: str) -> Spoken:
    """The last words of a call: "goodbye", "machine", "over" or "unknown"."""
    return Spoken(_words(locale)[name], locale)


def outcome(happened: str, locale: str) -> Spoken:
    """What came of a key; what there are no words for was refused."""
    say = _words(locale)
    return Spoken(say.get(happened) or say["refused"].format(plain(recorded(happened, locale))), locale)


def owned(owner: str, since: datetime | None, locale: str) -> Spoken:
    """Somebody else was faster."""
    at = since.astimezone(ZoneInfo(CAIRO)) if since else None
    return Spoken(_words(locale)["owned"].format(plain(owner), f"{at:%H:%M}" if at else "?"), locale)


def bulletin(text: BulletinText, locale: str) -> tuple[Spoken, ...]:
    """A bulletin read out, as far as anybody listens."""
    said = plain(" ".join(one_line(line) for line in (text.title, *text.lines)), LONGEST_BULLETIN)
    return Spoken(_words(locale)["greeting"], locale), Spoken(said, locale)


def _in_own_voice(text: str) -> tuple[Spoken, ...]:
    """An Arabic voice spells English out, and an English one does not read Arabic at all."""
    return (Spoken(text, "ar" if _ARABIC.search(text) else "en"),) if text else ()


def _words(locale: str) -> dict[str, str]:
    return AR if locale == "ar" else EN
