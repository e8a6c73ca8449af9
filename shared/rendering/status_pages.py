"""The public status page as files: HTML that needs no script and no other host, feeds, and JSON for programs."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from shared.domain.status import Post
from shared.rendering.status_feeds import as_atom, as_json, as_rss
from shared.rendering.status_view import StatusView
from shared.rendering.status_words import (
    condition_word,
    day_words,
    names,
    overall_words,
    page_words,
    share_words,
    stage_word,
    text_of,
    title_of,
)
from shared.rendering.templating import FOLDER, render

HTML = "text/html; charset=utf-8"
LOCALES = ("en", "ar")
OTHER = {"en": "ar", "ar": "en"}


@dataclass(frozen=True, slots=True)
class File:
    """One file of the site."""

    data: bytes
    content_type: str


def site(view: StatusView) -> dict[str, File]:
    """Every file by its name; links between them are relative, so the site may lie anywhere."""
    files = {name: File(text.encode(), HTML) for locale in LOCALES for name, text in _pages(view, locale)}
    for locale in LOCALES:
        folder = _folder(locale)
        files[f"{folder}feed.xml"] = File(as_atom(view, locale), "application/atom+xml; charset=utf-8")
        files[f"{folder}rss.xml"] = File(as_rss(view, locale), "application/rss+xml; charset=utf-8")
    files["status.json"] = File(as_json(view), "application/json; charset=utf-8")
    return files


def _pages(view: StatusView, locale: str) -> Iterator[tuple[str, str]]:
    for name in ("index", "history", "subscribe"):
        yield f"{_folder(locale)}{name}.html", _page(f"{name}.html", f"{name}.html", view, locale)
    for post in view.posts:
        path = f"incidents/{post.id}.html"
        yield _folder(locale) + path, _page("post.html", path, view, locale, post=post)


def _page(template: str, path: str, view: StatusView, locale: str, **values: Any) -> str:  # noqa: ANN401
    """A page; `root` leads to the top of the site and `home` to its part in the reader's language."""
    root = "../" * (_folder(locale) + path).count("/")
    return render(
        f"status_{template}",
        locale=locale,
        view=view,
        root=root,
        home=root + _folder(locale),
        twin=root + _folder(OTHER[locale]) + path,
        policy=_policy(view.subscriptions_url),
        style=Markup(_style()),  # noqa: S704 - our own file
        at=view.now,
        public=_words(view, locale),
        **values,
    )


def _words(view: StatusView, locale: str) -> Mapping[str, Any]:
    """The page's words and the functions that make sentences, all in the reader's language."""
    components = view.page.components

    def title(post: Post) -> tuple[str, str]:
        return title_of(post, components, locale)

    return {
        **page_words(locale),
        "name": view.page.name.for_reader(locale)[0],
        "overall": overall_words(view.overall, locale),
        "condition": lambda condition: condition_word(condition, locale),
        "stage": lambda stage: stage_word(stage, locale),
        "title_of": title,
        "text_of": lambda update: text_of(update, components, locale),
        "names": lambda parts: names(parts, components, locale),
        "day": lambda day: day_words(day, locale),
        "share": lambda share: share_words(share, locale),
    }


def _policy(subscriptions_url: str) -> str:
    """What a browser may load: this page's own style and nothing else; forms go to the function for subscriptions."""
    digest = b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    forms = subscriptions_url or "'none'"
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action {forms}"


@lru_cache(maxsize=1)
def _style() -> str:
    return (FOLDER / "status_style.css").read_text(encoding="utf-8")


def _folder(locale: str) -> str:
    return "" if locale == "en" else f"{locale}/"
