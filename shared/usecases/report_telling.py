"""Who is told of a report, and what: each reader by a mail of their own, and the channel that follows it."""

from dataclasses import replace

from shared.domain.bulletins import Bulletin, BulletinKind, BulletinText
from shared.domain.configuration import Configuration
from shared.domain.editions import Issued
from shared.domain.notifications import Channel, Notification, Recipient
from shared.domain.reports import Report
from shared.ports.store import Write
from shared.rendering.report_message import report_blocks, report_text
from shared.rendering.report_view import ReportView
from shared.usecases.bulletins import by_email, plan_bulletin
from shared.usecases.report_link import LASTS, ReportLinks
from shared.usecases.report_making import LOCALES, PICTURE, picture_of, shown_in


def told_writes(
    report: Report, issued: Issued, links: ReportLinks, *, config: Configuration
) -> tuple[tuple[Notification, ...], list[Write]]:
    """The messages of an edition and what creates them, to be part of the commit that issues it."""
    texts: dict[str, BulletinText] = {}
    for locale in LOCALES:
        texts[locale] = _text(report, shown_in(report, locale, config), issued, links)
    bulletin = Bulletin(f"report-{report.id}", BulletinKind.REPORT, issued.at, texts)
    recipients = by_email(config.directory.members(report.plan.readers), bulletin, config.directory)
    if report.plan.slack:
        recipients.append(Recipient(f"slack:{report.plan.slack}", Channel.SLACK))
    return plan_bulletin(bulletin, recipients)


def _text(report: Report, shown: ReportView, issued: Issued, links: ReportLinks) -> BulletinText:
    files = {one.form: links.to(one.name, issued.at) for one in issued.files if one.locale == shown.locale}
    address, chart = files.pop(PICTURE, ""), picture_of(report)
    text = report_text(shown, files, until=issued.at + LASTS)
    if not report.plan.slack:
        return text
    drawn = {one.chart.name: one for section in shown.sections for one in section.charts}
    picture = (address, drawn[chart.name].alt) if address and chart is not None else None
    return replace(text, blocks=tuple(report_blocks(shown, files, picture=picture)))
