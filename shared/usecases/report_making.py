"""The files of a report's edition: every form in every language, and the picture of its summary."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from shared.domain.chart_data import Chart
from shared.domain.configuration import Configuration
from shared.domain.editions import File
from shared.domain.report_plans import Form
from shared.domain.reports import Edition, Report
from shared.ports.objects import ObjectStore
from shared.rendering.report_view import ReportView, view
from shared.usecases.report_link import CONTENT_TYPES

Locale = Literal["en", "ar"]
LOCALES: tuple[Locale, ...] = ("en", "ar")
PICTURE = "png"
DIGITS = 16  # of the hash, in a file's name


@dataclass(frozen=True, slots=True)
class Rendered:
    """One file's content."""

    locale: str
    form: str
    data: bytes


def rendered(form: Form, shown: ReportView) -> bytes:
    """The report in this form; its library is imported here and nowhere else."""
    return _FORMS[form](shown)


def shown_in(report: Report, locale: Locale, config: Configuration) -> ReportView:
    """The report in a language; a provisional one says when its final edition comes at the latest."""
    by = report.period.end + config.reporting.final_after if report.edition is Edition.PROVISIONAL else None
    return view(report, locale, final_by=by)


def all_files(report: Report, config: Configuration) -> Iterator[Rendered]:
    """Every form of the report in both languages, and the picture for Slack where it is told there."""
    for locale in LOCALES:
        shown = shown_in(report, locale, config)
        for form in report.plan.forms:
            yield Rendered(locale, form, rendered(form, shown))
        chart = picture_of(report) if report.plan.slack else None
        if chart is not None:
            yield Rendered(locale, PICTURE, _picture(chart, locale))


def picture_of(report: Report) -> Chart | None:
    """The chart that stands for the report: the first one of a headline figure, else the first that shows anything."""
    drawn = [one for section in report.sections for one in section.charts if one.gap is None and one.lines]
    headline = {figure.metric.name for figure in report.headline}
    return next((one for one in drawn if one.lines[0].metric in headline), next(iter(drawn), None))


def archived(report: Report, files: Iterator[Rendered], archive: ObjectStore) -> tuple[File, ...]:
    """Put the files into the archive under names with their hash, so that no file ever takes another's place."""
    return tuple(_kept(report, one, archive) for one in files)


def _kept(report: Report, one: Rendered, archive: ObjectStore) -> File:
    digest = hashlib.sha256(one.data).hexdigest()
    name = f"{report.id}-{one.locale}-{digest[:DIGITS]}.{one.form}"
    archive.create(name, one.data, content_type=CONTENT_TYPES[one.form])
    return File(one.locale, one.form, name, digest)


def _pdf(shown: ReportView) -> bytes:
    from shared.rendering.report_pdf import pdf  # noqa: PLC0415 - its engine is for reports alone

    return pdf(shown)


def _html(shown: ReportView) -> bytes:
    from shared.rendering.report_html import html  # noqa: PLC0415 - its bundle is for reports alone

    return html(shown)


def _slides(shown: ReportView) -> bytes:
    from shared.rendering.report_slides import slides  # noqa: PLC0415 - its library is for reports alone

    return slides(shown)


def _picture(chart: Chart, locale: str) -> bytes:
    from shared.rendering.chart_specs import png  # noqa: PLC0415 - its renderer is for pictures alone

    return png(chart, locale)


_FORMS: Mapping[Form, Callable[[ReportView], bytes]] = {Form.PDF: _pdf, Form.HTML: _html, Form.SLIDES: _slides}
