"""Figures as people write them: "1.52 s", "762 KB", "4.2 %", with as many digits as it takes to tell two apart."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from shared.domain.rules import Unit
from shared.rendering.escaping import isolated

LEAST_DIGITS, MOST_DIGITS = 3, 9
WHOLE = 100.0
PERCENT = "%"


@dataclass(frozen=True, slots=True)
class Scale:
    """A way to write figures of a unit: used from `least` on, divided by `divisor`, the suffix in both languages."""

    least: float
    divisor: float
    english: str
    arabic: str

    def suffixed(self, figure: str, locale: str) -> str:
        """The figure with its unit; a line never breaks between the two."""
        suffix = self.arabic if locale == "ar" else self.english
        if locale == "ar" and suffix == PERCENT:
            return isolated(f"{figure}{suffix}")  # or the sign would change sides after an Arabic word
        return f"{figure}\u00a0{suffix}" if suffix else figure


LONG = (Scale(120, 60, "min", "د"), Scale(7_200, 3_600, "h", "ساعة"), Scale(259_200, 86_400, "d", "يوم"))
SCALES = {
    Unit.PERCENT: (Scale(0, 1, PERCENT, PERCENT),),
    Unit.COUNT: (Scale(0, 1, "", ""),),
    Unit.MONEY: (Scale(0, 1, "EGP", "ج.م"), Scale(10_000_000, 1_000_000, "M EGP", "مليون ج.م")),
    Unit.SECONDS: (Scale(0, 1, "s", "ث"), *LONG),
    Unit.MILLISECONDS: (Scale(0, 1, "ms", "م.ث"), Scale(1_000, 1_000, "s", "ث"), Scale(120_000, 60_000, "min", "د")),
    Unit.BYTES: (
        Scale(0, 1, "B", "بايت"),
        Scale(1_000, 1_000, "KB", "ك.ب"),
        Scale(1_000_000, 1_000_000, "MB", "م.ب"),
        Scale(1_000_000_000, 1_000_000_000, "GB", "غ.ب"),
    ),
}


def amount(value: float, scale: Scale, locale: str = "en", *, apart_from: Iterable[float] = ()) -> str:
    """A value (in the metric's normal unit) as people write it on that scale: "1.52 s", "762 KB", "4.2 %".

    Three digits, and more where rounding would make it equal to one of `apart_from` (or to 100 %) although it is not.
    """
    others = [*apart_from, WHOLE] if scale.english == PERCENT else apart_from
    return scale.suffixed(figure(value / scale.divisor, [other / scale.divisor for other in others]), locale)


def scale_of(unit: Unit, largest: float) -> Scale:
    """How figures up to `largest` (in `unit`) are written."""
    return next((scale for scale in reversed(SCALES[unit]) if abs(largest) >= scale.least), SCALES[unit][0])


def figure(number: float, others: Iterable[float] = ()) -> str:
    """A number with three digits, and more where rounding would make it equal to a different one of `others`."""
    different = [other for other in others if other != number]
    for digits in range(LEAST_DIGITS, MOST_DIGITS):
        text = _rounded(number, digits)
        if text not in {_rounded(other, digits) for other in different}:
            return text
    return _rounded(number, MOST_DIGITS)


def _rounded(number: float, digits: int) -> str:
    """So many significant digits, but never a rounded whole part; no trailing zeros."""
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(number)))) if number else 0
    text = f"{number:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
