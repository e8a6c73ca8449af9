"""The status page for programs: Atom (RFC 4287), RSS 2.0 and JSON, built by libraries that escape."""

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from shared.domain.status import Post, Update
from shared.rendering.escaping import printable
from shared.rendering.status_view import StatusView
from shared.rendering.status_words import overall_words, page_words, stage_word, text_of, title_of

ATOM = "http://www.w3.org/2005/Atom"
MOST = 50


def as_atom(view: StatusView, locale: str) -> bytes:
    """One entry an update, the newest first."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed", {"xml:lang": locale})
    _text(feed, f"{{{ATOM}}}id", f"{view.url}/{_name('feed.xml', locale)}")
    _text(feed, f"{{{ATOM}}}title", _title(view, locale))
    _text(feed, f"{{{ATOM}}}updated", _rfc3339(_last(view)))
    _link(feed, f"{view.url}/{_name('feed.xml', locale)}", "self")
    _link(feed, f"{view.url}/{_name('index.html', locale)}", "alternate")
    author = ET.SubElement(feed, f"{{{ATOM}}}author")
    _text(author, f"{{{ATOM}}}name", view.page.name.for_reader(locale)[0])
    for post, number, update in _updates(view):
        entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
        _text(entry, f"{{{ATOM}}}id", f"{_address(view, post, locale)}#{number}")
        _text(entry, f"{{{ATOM}}}title", _headline(view, post, update, locale))
        _text(entry, f"{{{ATOM}}}updated", _rfc3339(update.at))
        _link(entry, _address(view, post, locale), "alternate")
        _text(entry, f"{{{ATOM}}}content", text_of(update, view.page.components, locale)[0])
    return _whole(feed)


def as_rss(view: StatusView, locale: str) -> bytes:
    """The same for readers that know RSS alone."""
    rss = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(rss, "channel")
    _text(channel, "title", _title(view, locale))
    _text(channel, "link", f"{view.url}/{_name('index.html', locale)}")
    _text(channel, "description", overall_words(view.overall, locale))
    _text(channel, "language", locale)
    for post, number, update in _updates(view):
        item = ET.SubElement(channel, "item")
        _text(item, "title", _headline(view, post, update, locale))
        _text(item, "link", _address(view, post, locale))
        guid = ET.SubElement(item, "guid", {"isPermaLink": "false"})
        guid.text = f"{post.id}-{number}"
        _text(item, "pubDate", format_datetime(update.at.astimezone(UTC)))
        _text(item, "description", text_of(update, view.page.components, locale)[0])
    return _whole(rss)


def as_json(view: StatusView) -> bytes:
    """Everything at once; names and texts in both languages."""
    document = {
        "name": {"en": view.page.name.en, "ar": view.page.name.ar},
        "url": f"{view.url}/index.html",
        "updated_at": _rfc3339(view.now),
        "status": view.overall,
        "components": [
            {
                "id": part.component.id,
                "name": {"en": part.component.name.en, "ar": part.component.name.ar},
                "status": part.condition,
                "needs": part.component.needs,
                "percent_of_90_days": None if part.share is None else round(part.share, 3),
            }
            for part in view.parts
        ],
        "incidents": [_incident(view, post) for post in view.posts],
        "maintenance": [
            {"starts_at": _rfc3339(one.start), "ends_at": _rfc3339(one.end), "components": one.parts}
            for one in view.planned
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _incident(view: StatusView, post: Post) -> dict[str, object]:
    parts = view.page.components
    return {
        "id": post.id,
        "url": _address(view, post, "en"),
        "title": {locale: title_of(post, parts, locale)[0] for locale in ("en", "ar")},
        "stage": post.stage,
        "components": post.components,
        "began_at": _rfc3339(post.opened_at),
        "ended_at": _rfc3339(post.ended_at) if post.ended_at else None,
        "updates": [
            {
                "at": _rfc3339(update.at),
                "stage": update.stage,
                "text": {locale: text_of(update, parts, locale)[0] for locale in ("en", "ar")},
            }
            for update in post.updates
        ],
    }


def _updates(view: StatusView) -> list[tuple[Post, int, Update]]:
    found = [(post, number, update) for post in view.posts for number, update in enumerate(post.updates)]
    return sorted(found, key=lambda one: one[2].at, reverse=True)[:MOST]


def _last(view: StatusView) -> datetime:
    """When something was said last; a feed that says nothing new keeps its date."""
    fallback = view.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return max((update.at for _, _, update in _updates(view)), default=fallback)


def _headline(view: StatusView, post: Post, update: Update, locale: str) -> str:
    return f"{title_of(post, view.page.components, locale)[0]} ({stage_word(update.stage, locale)})"


def _title(view: StatusView, locale: str) -> str:
    return f"{view.page.name.for_reader(locale)[0]}: {page_words(locale)['title']}"


def _address(view: StatusView, post: Post, locale: str) -> str:
    return f"{view.url}/{_name(f'incidents/{post.id}.html', locale)}"


def _name(path: str, locale: str) -> str:
    return path if locale == "en" else f"{locale}/{path}"


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = printable(text)


def _link(parent: ET.Element, href: str, rel: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}link", {"href": href, "rel": rel})


def _whole(root: ET.Element) -> bytes:
    whole: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return whole


def _rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
