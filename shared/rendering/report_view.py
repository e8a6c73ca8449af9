"""A report in one language: every text and figure that any form of it shows, so that all forms say the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.domain.chart_data import Chart
from shared.domain.figures import Figure, Gap
from shared.domain.metrics import Metric
from shared.domain.reports import Edition, Finding, Report, Section
from shared.rendering.chart_scales import values_of
from shared.rendering.chart_tables import alt, summary
from shared.rendering.chart_words import chart_title
from shared.rendering.escaping import isolated
from shared.rendering.report_cells import TableView, table_view
from shared.rendering.report_editions import edition_note
from shared.rendering.report_figures import FigureRow, figure_row
from shared.rendering.report_names import EDITIONS, GAPS, SECTIONS, TITLES, named
from shared.rendering.report_sentences import sentence_words
from shared.rendering.report_times import moment, period_words
from shared.rendering.report_words import report_words
from shared.rendering.report_written import WrittenView, written_view

MOST_HIGHLIGHTS = 3
# What a summary tells first; within one kind, in the report's own order.
TOLD_FIRST = (
    Finding.MISSED,
    Finding.INCIDENTS,
    Finding.LOST,
    Finding.MOVED,
    Finding.ALL_MET,
    Finding.NO_INCIDENTS,
    Finding.FORECAST,
    Finding.GAP,
)


@dataclass(frozen=True, slots=True)
class ChartView:
    """A chart to draw, its title, and the same in one sentence. With a `gap` there is nothing to draw.

    `caption` is that sentence for who sees the chart: without its title and its span.
    """

    chart: Chart
    title: str
    alt: str
    caption: str
    gap: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section; `notes` say what is missing and what nobody has written yet, `sources` who measured its figures."""

    name: str
    heading: str
    figures: tuple[FigureRow, ...]
    sentences: tuple[str, ...]
    charts: tuple[ChartView, ...]
    tables: tuple[TableView, ...]
    written: WrittenView | None
    notes: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """The report; `words` are those that its forms repeat (see report_words), `highlights` at most three sentences.

    `edition` is its name, `edition_note` says why it is provisional, `compared` what changes are against.
    """

    id: str
    name: str
    locale: str
    title: str
    period: str
    edition: str
    edition_note: str
    is_provisional: bool
    made: datetime
    made_at: str
    compared: str
    headline: tuple[FigureRow, ...]
    highlights: tuple[str, ...]
    sections: tuple[SectionView, ...]
    words: Mapping[str, str]

    @property
    def direction(self) -> str:
        """Which way its language is read: "ltr" or "rtl"."""
        return "rtl" if self.locale == "ar" else "ltr"


def view(report: Report, locale: str, *, final_by: datetime | None = None) -> ReportView:
    """The report in one language; `final_by` is when the final edition is made at the latest, if that is known."""
    say, period = report_words(locale), report.period
    metrics = {figure.metric.name: figure.metric for figure in _figures(report)}
    return ReportView(
        id=report.id,
        name=report.name,
        locale=locale,
        title=named(report.name, TITLES, locale),
        period=period_words(period, locale),
        edition=named(report.edition, EDITIONS, locale),
        edition_note=edition_note(report.edition, _figures(report), locale, final_by=final_by),
        is_provisional=report.edition is Edition.PROVISIONAL,
        made=report.made_at,
        made_at=say["made_at"].format(at=moment(report.made_at, locale)),
        compared=say["compared"].format(period=period_words(period.before, locale)),
        headline=tuple(figure_row(one, locale) for one in report.headline),
        highlights=_highlights(report, metrics, locale),
        sections=tuple(_section(one, report, metrics, locale) for one in report.sections),
        words=say,
    )


def _figures(report: Report) -> tuple[Figure, ...]:
    return (*report.headline, *(figure for section in report.sections for figure in section.figures))


def _section(section: Section, report: Report, metrics: Mapping[str, Metric], locale: str) -> SectionView:
    figures = tuple(figure_row(one, locale) for one in section.figures)
    said = (sentence_words(one, metrics, locale) for one in section.sentences)
    return SectionView(
        section.name,
        named(section.name, SECTIONS, locale),
        figures,
        tuple(dict.fromkeys(said)),
        tuple(_chart(one, locale) for one in section.charts),
        tuple(table_view(one, locale) for one in section.tables),
        None if section.written is None else written_view(section.written, locale),
        tuple(_notes(section, report, locale)),
        tuple(f"{row.name}: {row.source}" for row in figures),
    )


def _chart(chart: Chart, locale: str) -> ChartView:
    reason = "" if values_of(chart) else named(chart.gap or Gap.NO_DATA, GAPS, locale)
    gap = report_words(locale)["chart_gap"].format(gap=reason) if reason else ""
    return ChartView(chart, chart_title(chart.name, locale), alt(chart, locale), summary(chart, locale), gap)


def _notes(section: Section, report: Report, locale: str) -> Iterable[str]:
    say = report_words(locale)
    if section.gap is not None:
        yield say["section_gap"].format(gap=named(section.gap, GAPS, locale))
    if section.is_written and section.written is None:
        name = next((plan.written for plan in report.plan.sections if plan.name == section.name), section.name)
        yield say["not_written"].format(name=isolated(name) if locale == "ar" else name)


def _highlights(report: Report, metrics: Mapping[str, Metric], locale: str) -> tuple[str, ...]:
    found = [one for section in report.sections for one in section.sentences if one.finding in TOLD_FIRST]
    found.sort(key=lambda one: TOLD_FIRST.index(one.finding))
    return tuple(dict.fromkeys(sentence_words(one, metrics, locale) for one in found))[:MOST_HIGHLIGHTS]
