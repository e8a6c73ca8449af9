"""A report as one HTML file that needs nothing else: it opens from a disk, from a mail, and behind a signed link.

Its own policy allows its own style and scripts by their hashes and nothing else; without scripts its charts are still.
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain

from markupsafe import Markup

from shared.rendering.chart_colours import THEMES, Theme
from shared.rendering.chart_words import say
from shared.rendering.dashboard_words import ICONS
from shared.rendering.report_drawings import Drawing, drawing
from shared.rendering.report_view import ReportView
from shared.rendering.templating import FOLDER, render
from shared.rendering.vega import bundle

WORDS = {
    "en": {"skip": "Skip to the report", "theme": "Light or dark"},
    "ar": {"skip": "انتقل إلى التقرير", "theme": "فاتح أو داكن"},
}
# What a page needs beside the colours of its charts.
PAGE: Mapping[Theme, Mapping[str, str]] = {
    "light": {"ground": "#f4f5f7", "good": "#1b6e45", "bad": "#b3261e", "link": "#1a56b0"},
    "dark": {"ground": "#0f1216", "good": "#6fcf97", "bad": "#f2857c", "link": "#8ab4f8"},
    "print": {"ground": "#ffffff", "good": "#14532d", "bad": "#9c1c15", "link": "#000000"},
}
# In a script that only holds data: what would end it, or begin a comment in it, or a line in old parsers.
INERT = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}


def html(shown: ReportView) -> bytes:
    """The report; the same bytes for the same report."""
    locale = "ar" if shown.locale == "ar" else "en"
    drawn = [[drawing(one, locale) for one in section.charts if not one.gap] for section in shown.sections]
    style, scripts = _style(), _scripts()
    page = render(
        "report.html",
        locale=locale,
        shown=shown,
        words={**shown.words, **WORDS[locale], "table": say(locale)["data"]},
        drawn=drawn,
        icons=ICONS,
        style=style,
        scripts=scripts,
        data=_data(chain(*drawn)),
        policy=_policy(style, scripts),
    )
    return page.encode()


def _data(drawn: Iterable[Drawing]) -> Markup:
    """What the scripts draw, as JSON that stays JSON whatever its texts are."""
    told = json.dumps([one.spec for one in drawn], ensure_ascii=False, separators=(",", ":"))
    return Markup(told.translate(INERT))  # noqa: S704 - made inert


def _policy(style: str, scripts: tuple[str, ...]) -> str:
    allowed = " ".join(map(_hash, scripts))
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@lru_cache(maxsize=1)
def _scripts() -> tuple[Markup, ...]:
    """The charts' script and the page's; a test holds that neither contains what would end it."""
    return Markup(bundle()), Markup((FOLDER / "report.js").read_text(encoding="utf-8"))  # noqa: S704 - our own


@lru_cache(maxsize=1)
def _style() -> Markup:
    """The style sheet with the colours of every theme; paper wins over whatever was chosen on the screen."""
    themes = (
        f":root{{{_colours('light')}}}"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{_colours('dark')}}}}}"
        f":root[data-theme=dark]{{color-scheme:dark;{_colours('dark')}}}"
        f"@media print{{:root[lang]{{color-scheme:light;{_colours('print')}}}}}"
    )
    return Markup(themes + (FOLDER / "report.css").read_text(encoding="utf-8"))  # noqa: S704 - our own


def _colours(theme: Theme) -> str:
    return ";".join(f"--{role}:{value}" for role, value in {**THEMES[theme], **PAGE[theme]}.items())
