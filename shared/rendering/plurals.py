"""Numbers with their nouns, and months: Arabic as CLDR has it (through Babel), English in its short forms.

Babel is imported for the first Arabic reader only: it would cost every other message 40 ms of cold start.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from babel import Locale

Length = Literal["long", "short"]

# Our unit -> English, and CLDR's name with the length whose Arabic is a word and still short.
UNITS: Mapping[str, tuple[str, str, Length]] = {
    "min": ("min", "duration-minute", "long"),
    "h": ("h", "duration-hour", "long"),
    "d": ("d", "duration-day", "short"),
}

# What CLDR does not know: English for one and more; Arabic for one, two, three to ten, eleven and more, round hundreds.
NOUNS = {
    "segment": ("segment", "segments", "جزء واحد", "جزءان", "أجزاء", "جزءًا", "جزء"),
    "incident": ("incident", "incidents", "بلاغ واحد", "بلاغان", "بلاغات", "بلاغًا", "بلاغ"),
    "release": ("release", "releases", "إصدار واحد", "إصداران", "إصدارات", "إصدارًا", "إصدار"),
}
_CATEGORIES = ("one", "two", "few", "many", "other")

# After a preposition the dual ends differently; CLDR has the bare form only.
_AFTER_A_PREPOSITION = {"دقيقتان": "دقيقتين", "ساعتان": "ساعتين", "يومان": "يومين"}


def counted(number: int, unit: str, locale: str) -> str:
    """A number of minutes ("min"), hours ("h") or days ("d"): "4 min"; one and two are words of their own in Arabic."""
    english, name, length = UNITS[unit]
    if locale != "ar":
        return f"{number} {english}"
    return _in_arabic(number, name, length)


def numbered(number: int, noun: str, locale: str) -> str:
    """A number of things, see `NOUNS`: "3 segments"."""
    one, more, *arabic = NOUNS[noun]
    if locale != "ar":
        return f"{number} {one if number == 1 else more}"
    forms: Mapping[str, str] = dict(zip(_CATEGORIES, arabic, strict=True))
    category = _arabic().plural_form(number)
    form = forms.get(category, forms["other"])
    return form if category in {"one", "two"} else f"{number} {form}"


def month(number: int) -> str:
    """The Arabic name of the month, from 1, as Egypt has it."""
    return str(_arabic().months["format"]["wide"][number])


def weekday(number: int) -> str:
    """The Arabic name of the day of the week; Monday is 0."""
    return str(_arabic().days["format"]["wide"][number])


def after_a_preposition(text: str) -> str:
    """A counted Arabic span as it stands after "for" or "within"."""
    for bare, bent in _AFTER_A_PREPOSITION.items():
        text = text.replace(bare, bent)
    return text


@lru_cache(maxsize=1)
def _arabic() -> "Locale":
    from babel import Locale  # noqa: PLC0415 - paid for by Arabic readers only

    return Locale.parse("ar_EG")


@lru_cache(maxsize=512)
def _in_arabic(number: int, unit: str, length: Length) -> str:
    from babel.units import format_unit  # noqa: PLC0415 - as above

    # Western digits, as in every other number of our messages.
    return format_unit(number, unit, length, locale=_arabic(), numbering_system="latn")
