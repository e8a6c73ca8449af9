"""How much room texts take in a drawing, and which of them fit beside each other."""

import math
from collections.abc import Sequence

from shared.rendering.escaping import one_line

NARROW = 290.0  # pixels of the narrowest plot that still has to be read (a telephone's)
WIDTHS = (NARROW, 520.0, 820.0)
LETTER, CAPITAL, ARABIC_LETTER = 0.56, 0.68, 0.5  # of the font's size, on average
APART = 10.0
RIGHT_TO_LEFT, END = "\u2067", "\u2069"


def text_width(text: str, size: float) -> float:
    """Roughly how many pixels a text takes; rarely less than it does."""
    return sum(map(_share, text)) * size


def shortened(text: str, size: float, room: float) -> str:
    """One line of a text from outside, cut with an ellipsis where it would be wider than `room`."""
    line = one_line(text)
    if text_width(line, size) <= room:
        return line
    while line and text_width(f"{line}…", size) > room:
        line = line[:-1].rstrip()
    return f"{line}…"


def directed(text: str, locale: str) -> str:
    """Arabic reads from right to left also where the drawing around it does not."""
    return f"{RIGHT_TO_LEFT}{text}{END}" if locale == "ar" else text


def least_widths(places: Sequence[float], widths: Sequence[float]) -> list[float]:
    """The least width of the plot (0: any) from which on each text has room beside those before it.

    `places` are shares of the width, ascending, where the texts begin; infinite for one that never has room.
    """
    taken, found = dict.fromkeys(WIDTHS, -math.inf), []
    for place, width in zip(places, widths, strict=True):
        fits = [plot for plot in WIDTHS if place * plot >= taken[plot] and place * plot + width <= plot]
        taken |= {plot: place * plot + width + APART for plot in fits}
        found.append(0.0 if NARROW in fits else min(fits, default=math.inf))
    return found


def _share(letter: str) -> float:
    if "\u0600" <= letter <= "\u06ff":
        return ARABIC_LETTER
    return 0.0 if letter in "\u2066\u2067\u2068\u2069" else CAPITAL if letter.isupper() else LETTER
