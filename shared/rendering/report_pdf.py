"""A report as a PDF to read and to print: tagged for who hears it, with bookmarks, its charts as vectors."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from shared.domain.chart_data import ChartKind
from shared.rendering.chart_specs import svg
from shared.rendering.report_view import ChartView, ReportView, SectionView
from shared.rendering.vega import font_files

if TYPE_CHECKING:
    from typst import Fonts

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
STANDARD: Literal["ua-1"] = "ua-1"  # PDF/UA-1, ISO 14289-1
HEIGHT = 250  # of charts over time, of which three are to find room on a page
# A PDF places each vowel mark by itself, so that who copies or hears a word has its letters twice and out of order.
VOWEL_MARKS = re.compile("[\u064b-\u0652]")


def pdf(shown: ReportView) -> bytes:
    """The file; the same view is always the same bytes."""
    from typst import Compiler, TypstError  # noqa: PLC0415 - 50 MB of engine, for reports alone

    compiler = Compiler(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"report": VOWEL_MARKS.sub("", json.dumps(_data(shown), ensure_ascii=False))},
    )
    made = int(shown.made.timestamp())
    try:
        return cast("bytes", compiler.compile(format="pdf", timestamp=made, pdf_standards=STANDARD))
    except TypstError:
        # A text with a letter that our font lacks is against the standard, and still no reason to have no report.
        return cast("bytes", compiler.compile(format="pdf", timestamp=made))


@lru_cache(maxsize=1)
def _fonts() -> "Fonts":
    """The one font of both languages: what a machine has besides changes nothing."""
    from typst import Fonts  # noqa: PLC0415 - see above

    return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_files()])


def _data(shown: ReportView) -> Mapping[str, Any]:
    """What the template reads."""
    return {
        "locale": shown.locale,
        "direction": shown.direction,
        "title": shown.title,
        "period": shown.period,
        "edition": shown.edition,
        "note": shown.edition_note,
        "provisional": shown.is_provisional,
        "made_at": shown.made_at,
        "compared": shown.compared,
        "keywords": [shown.id, shown.period, shown.edition],
        "words": dict(shown.words),
        "headline": [asdict(row) for row in shown.headline],
        "highlights": shown.highlights,
        "sections": [_section(one, shown.locale) for one in shown.sections],
    }


def _section(one: SectionView, locale: str) -> Mapping[str, Any]:
    return {
        "heading": one.heading,
        "figures": [asdict(row) for row in one.figures],
        "sentences": one.sentences,
        "charts": [_chart(chart, locale) for chart in one.charts],
        "tables": [asdict(table) for table in one.tables],
        "written": asdict(one.written) if one.written else None,
        "notes": one.notes,
    }


def _chart(one: ChartView, locale: str) -> Mapping[str, str]:
    height = 0 if one.chart.kind is ChartKind.RANKED else HEIGHT
    drawn = "" if one.gap else svg(one.chart, locale, theme="print", height=height)
    return {"title": one.title, "alt": one.alt, "caption": one.caption, "gap": one.gap, "svg": drawn}
