"""Bulletin -> e-mail, Slack and SMS, in the reader's language."""

from typing import Any

from shared.domain.bulletins import BulletinText
from shared.ports.messages import EmailBody, SlackBody, SmsBody
from shared.rendering.catalogue import words
from shared.rendering.escaping import one_line, printable, slack_literal, without_links
from shared.rendering.segments import cut
from shared.rendering.templating import render

SUBJECT = 180
HEADER, SECTION = 150, 2_900
SMS = 130


def bulletin_email(
    text: BulletinText,
    *,
    locale: str,
    link: str = "",
    unsubscribe_url: str = "",
    list_name: str = "",
    is_public: bool = False,
) -> EmailBody:
    """The mail; `unsubscribe_url` and `list_name` become its List-Unsubscribe and List-Id headers.

    A public one goes to people who are not on our list, and says so.
    """
    footer = words(locale)["announced" if is_public else "footer"]
    say = words(locale)
    lines = [one_line(text.title), "", *(printable(line) for line in text.lines), ""]
    lines += [f"{say['open_page']}: {link}"] if link else []
    lines += [f"{say['unsubscribe']}: {unsubscribe_url}"] if unsubscribe_url else []
    html = render("bulletin.html", locale=locale, text=text, link=link, unsubscribe_url=unsubscribe_url, footer=footer)
    subject = one_line(text.title)[:SUBJECT]
    text_part = "\n".join(lines)
    return EmailBody(subject, text_part, html, locale, unsubscribe_url=unsubscribe_url, list_name=list_name)


def bulletin_slack(text: BulletinText) -> SlackBody:
    """The message of a channel; plain text, so that nothing in it is markup, unless it brings blocks of its own."""
    if text.blocks:
        return SlackBody(slack_literal(one_line(text.title)), tuple(dict(block) for block in text.blocks))
    body = "\n".join(printable(line) for line in text.lines)
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": one_line(text.title)[:HEADER], "emoji": False}}
    ]
    if body.strip():
        blocks.append({"type": "section", "text": {"type": "plain_text", "text": body[:SECTION], "emoji": False}})
    return SlackBody(slack_literal(one_line(text.title)), tuple(blocks))


def bulletin_sms(text: BulletinText, *, link: str = "") -> SmsBody:
    """The title and where to read the rest; the link is never cut."""
    tail = f"\n{link}" if link else ""
    return SmsBody(cut(without_links(text.title), max(SMS - len(tail), 20)) + tail)
