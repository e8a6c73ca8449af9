"""A report -> the message that tells its readers: the two figures that matter, what stands out, and where it is."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from shared.domain.bulletins import BulletinText
from shared.rendering.escaping import one_line, safe_url, slack_literal
from shared.rendering.report_figures import FigureRow
from shared.rendering.report_times import day_words
from shared.rendering.report_view import ReportView

HEADER, SECTION, FIELD, ALT_TEXT = 150, 2_900, 1_900, 1_900
Block = Mapping[str, Any]


def report_text(shown: ReportView, links: Mapping[str, str], *, until: datetime) -> BulletinText:
    """The message in one language; `links` are the addresses by form, the report's own form first, and work `until`."""
    say = shown.words
    first, *others = links.items()
    lines = [
        *([shown.edition_note] if shown.is_provisional else []),
        *(figure_line(row, shown) for row in shown.headline),
        *shown.highlights,
        shown.compared,
        *(f"{say[f'open_{form}']}: {url}" for form, url in others),
        say["works_until"].format(day=day_words(until, shown.locale)),
    ]
    return BulletinText(title(shown), tuple(lines), first[1])


def report_blocks(shown: ReportView, links: Mapping[str, str], *, picture: tuple[str, str] | None) -> Iterator[Block]:
    """The same for a channel in Slack; `picture` is the address of a chart that Slack fetches itself, and its text."""
    yield {"type": "header", "text": _plain(title(shown), HEADER)}
    if shown.is_provisional:
        yield {"type": "context", "elements": [_plain(shown.edition_note, SECTION)]}
    yield {"type": "section", "fields": [_figure(row, shown) for row in shown.headline]}
    if shown.highlights:
        yield {"type": "section", "text": _plain("\n".join(f"• {one}" for one in shown.highlights), SECTION)}
    if picture is not None:
        url, alt = picture
        yield {"type": "image", "image_url": safe_url(url), "alt_text": one_line(alt)[:ALT_TEXT]}
    opened = " · ".join(f"<{safe_url(url)}|{shown.words[f'open_{form}']}>" for form, url in links.items())
    yield {"type": "section", "text": {"type": "mrkdwn", "text": opened}}
    yield {"type": "context", "elements": [_plain(f"{shown.compared} {shown.made_at}.", SECTION)]}


def title(shown: ReportView) -> str:
    """What it is, about when; that it is provisional is said before anything else can be believed."""
    said = f"{shown.title}{shown.words['comma']}{shown.period}"
    return f"{said} ({shown.edition})" if shown.is_provisional else said


def figure_line(row: FigureRow, shown: ReportView) -> str:
    """The figure in a line: "Revenue: EGP 1.2 M (+12 %, better; at least EGP 1 M: met)"."""
    about = shown.words["semicolon"].join(_about(row, shown))
    return f"{row.name}: {row.value} ({about})" if about else f"{row.name}: {row.value}"


def _about(row: FigureRow, shown: ReportView) -> Iterator[str]:
    if not row.is_known:
        return
    if row.change:
        yield row.change
    if row.target != shown.words["no_target"]:
        yield f"{row.target}: {row.state}"
    if row.gap:
        yield row.gap


def _figure(row: FigureRow, shown: ReportView) -> Block:
    about = "\n".join(slack_literal(one) for one in _about(row, shown))
    said = f"{slack_literal(row.name)}\n*{slack_literal(row.value)}*\n{about}".rstrip()
    return {"type": "mrkdwn", "text": said[:FIELD]}


def _plain(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": text[:most], "emoji": False}
