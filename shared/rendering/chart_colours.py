"""The colours of charts: blue against orange, which no colour blindness confuses, and lightness within one hue.

Blue and orange differ in the one channel that red-green blindness leaves whole, and in lightness for who sees no
colour; teal comes third and no chart of ours needs more. Red and amber are kept for incidents, grey for the past.
Percentiles are one blue from light to dark, the slowest the strongest. Every mark has 3:1 against its ground and every
text 4.5:1 (WCAG 1.4.11 and 1.4.3); a test holds both. Printed on a grey printer, dashes tell the lines apart.
"""

from typing import Literal

from shared.domain.chart_data import Chart, Line, Role
from shared.domain.severities import Severity

Theme = Literal["light", "dark", "print"]

THEMES: dict[Theme, dict[str, str]] = {
    "light": {
        "paper": "#ffffff", "ink": "#1c2330", "soft": "#555f6d", "grid": "#e6e9ee", "frame": "#858d9b", "hole": "#f3f4f7",
        "first": "#1f5fbf", "second": "#b45309", "third": "#0f766e",
        "typical": "#5a94ea", "slow": "#1f5fbf", "slowest": "#0b2a63",
        "before": "#858d9b", "ghost": "#e3e6eb", "target": "#1c2330", "release": "#6b7484",
        "critical": "#b3261e", "high": "#b45309",
    },
    "dark": {
        "paper": "#181c22", "ink": "#e4e8ee", "soft": "#a3acba", "grid": "#2a313b", "frame": "#7d8796", "hole": "#20262e",
        "first": "#8ab4f8", "second": "#f0a75a", "third": "#5fc9b8",
        "typical": "#4f7fcf", "slow": "#8ab4f8", "slowest": "#dbe8ff",
        "before": "#7d8796", "ghost": "#313945", "target": "#e4e8ee", "release": "#98a2b1",
        "critical": "#f2857c", "high": "#f0a75a",
    },
    "print": {
        "paper": "#ffffff", "ink": "#000000", "soft": "#3f4650", "grid": "#dcdfe4", "frame": "#555f6d", "hole": "#f3f4f7",
        "first": "#174a96", "second": "#9a4a06", "third": "#0b5f58",
        "typical": "#4d83d6", "slow": "#174a96", "slowest": "#000000",
        "before": "#767e8b", "ghost": "#dfe2e7", "target": "#000000", "release": "#555f6d",
        "critical": "#9c1c15", "high": "#9a4a06",
    },
}  # fmt: skip

SERIES = ("first", "second", "third")
PERCENTILES = {1: ("slow",), 2: ("slow", "slowest"), 3: ("typical", "slow", "slowest")}
DASHES = ((), (7, 3), (2, 2))  # of lines beside each other, on paper
TEXTS = frozenset({"ink", "soft"})
GROUNDS = frozenset({"paper", "grid", "hole", "ghost"})


def colour_of(chart: Chart, line: Line) -> str:
    """The role of a line's colour, a key of each theme."""
    if line.role is Role.BEFORE:
        return "before"
    if line.percentile is not None:
        percents = sorted({one.percentile for one in chart.lines if one.percentile is not None})
        return PERCENTILES[min(len(percents), 3)][min(percents.index(line.percentile), 2)]
    return SERIES[place_of(chart, line) % len(SERIES)]


def place_of(chart: Chart, line: Line) -> int:
    """Which of the lines that stand beside each other it is, from 0; a forecast belongs to its metric."""
    return list(dict.fromkeys((one.metric, one.percentile) for one in chart.lines)).index((line.metric, line.percentile))


def severity_colour(severity: str) -> str:
    """The role of an incident's colour."""
    return "critical" if severity == Severity.CRITICAL else "high"
