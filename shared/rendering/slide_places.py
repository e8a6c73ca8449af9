"""Where things stand on a slide, in points: one margin, one grid, mirrored for who reads from right to left."""

from dataclasses import dataclass, replace

WIDTH, HEIGHT = 960.0, 540.0  # 16:9
MARGIN = 48.0


@dataclass(frozen=True, slots=True)
class Box:
    """A place; `left` counts from the slide's left edge."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.top + self.height

    def mirrored(self, locale: str) -> "Box":
        """The same place, counted from where reading begins."""
        return replace(self, left=WIDTH - self.left - self.width) if locale == "ar" else self

    def above(self, used: float) -> "Box":
        """What is left of it over something of that height."""
        return replace(self, height=self.height - used)

    def below(self, used: float) -> "Box":
        """What is left of it under something of that height."""
        return replace(self, top=self.top + used, height=self.height - used)


WHOLE = WIDTH - 2 * MARGIN
EYEBROW = Box(MARGIN, 30, WHOLE, 18)
TITLE = Box(MARGIN, 48, WHOLE, 42)
CONTENT = Box(MARGIN, 106, WHOLE, 384)
FOOTER = Box(MARGIN, 504, WHOLE - 80, 20)
NUMBER = Box(WIDTH - MARGIN - 60, 504, 60, 20)
STRIP = Box(0, 0, 8, HEIGHT)
COVER_TITLE, COVER_PERIOD = Box(MARGIN, 140, WHOLE, 110), Box(MARGIN, 258, WHOLE, 40)
PUBLISHER, EDITION, MADE = Box(MARGIN, 60, WHOLE, 24), Box(MARGIN, 318, 240, 34), Box(MARGIN, 366, WHOLE, 120)
CARD = Box(MARGIN, CONTENT.top, WHOLE, 166)
