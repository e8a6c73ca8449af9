"""Where a telephone number belongs, what can be sent there, and what that costs."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """What a country's networks allow; prices in USD, per segment and per started minute."""

    name: str
    calling_code: str
    two_way_sms: bool
    sender: str
    link_in_sms: bool
    voice: bool
    sms_usd: float
    voice_usd: float


def country_of(number: str, countries: Iterable[Country]) -> Country | None:
    """The country with the longest calling code that the number ("+20...") begins with."""
    fitting = (one for one in countries if number.startswith(f"+{one.calling_code}"))
    return max(fitting, key=lambda one: len(one.calling_code), default=None)
