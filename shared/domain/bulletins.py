"""Bulletins: what people are told that belongs to no single incident, such as a digest or a weekly notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class BulletinKind(StrEnum):
    """What a bulletin is about. Digests may be unsubscribed from; notices concern the reader's own duty and may not.

    An announcement is for people outside, and goes to a list that is not ours.
    """

    DIGEST = "digest"
    ONCALL_WEEK = "on-call week"
    NOTICE = "notice"
    ANNOUNCEMENT = "announcement"
    REPORT = "report"

    @property
    def slug(self) -> str:
        """The kind as a name for headers and addresses: "on-call-week"."""
        return self.value.replace(" ", "-")

    @property
    def is_optional(self) -> bool:
        """True when a reader may do without it."""
        return self not in {BulletinKind.NOTICE, BulletinKind.ANNOUNCEMENT}


@dataclass(frozen=True, slots=True)
class BulletinText:
    """A bulletin in one language: a title and its paragraphs, one line each.

    `link` leads to it in this language. `blocks` are what Slack shows in place of title and lines, where that is more.
    """

    title: str
    lines: tuple[str, ...] = ()
    link: str = ""
    blocks: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Bulletin:
    """`id` names the occasion, so that the same bulletin is never told twice; `texts` holds "en" and "ar".

    `about` are the incidents that it tells of. One that `is_living` is a single message in Slack, changed in place.
    """

    id: str
    kind: BulletinKind
    at: datetime
    texts: Mapping[str, BulletinText]
    link: str = ""
    about: tuple[str, ...] = ()
    is_living: bool = False

    def text(self, locale: str) -> BulletinText:
        """The text in the reader's language, else in English."""
        return self.texts.get(locale) or self.texts["en"]
