"""What the owner of a post-mortem is told: the draft is there, it is due, it is late. The incident is not described."""

from collections.abc import Mapping
from datetime import datetime

from shared.domain.bulletins import BulletinText
from shared.domain.post_mortems import PostMortem
from shared.rendering.escaping import isolated
from shared.rendering.post_mortem_words import foreign, post_mortem_words
from shared.rendering.view import cairo, lasting

LOCALES = ("en", "ar")


def opened_texts(mortem: PostMortem) -> Mapping[str, BulletinText]:
    """That a draft was made and is the reader's to finish."""
    return {locale: _opened(mortem, locale) for locale in LOCALES}


def reminder_texts(mortem: PostMortem, now: datetime) -> Mapping[str, BulletinText]:
    """That it is due soon, or late."""
    return {locale: _reminder(mortem, now, locale) for locale in LOCALES}


def _opened(mortem: PostMortem, locale: str) -> BulletinText:
    say = post_mortem_words(locale)
    title = say["notice_opened"].format(incident=foreign(mortem.incident, locale))
    return BulletinText(title, (say["due_line"].format(when=cairo(mortem.due_at, locale)), *_how(mortem, locale)))


def _reminder(mortem: PostMortem, now: datetime, locale: str) -> BulletinText:
    say, is_late = post_mortem_words(locale), mortem.is_overdue(now)
    word = "notice_overdue" if is_late else "notice_due"
    title = say[word].format(incident=foreign(mortem.incident, locale), when=cairo(mortem.due_at, locale))
    late = (say["late"].format(span=lasting(mortem.due_at, now, locale)),) if mortem.due_at < now else ()
    return BulletinText(title, (*late, *_how(mortem, locale)))


def _how(mortem: PostMortem, locale: str) -> tuple[str, ...]:
    name = mortem.incident
    commands = (
        f"soukmon post-mortem {name} --out {name}.md",
        f"soukmon post-mortem --write {name}.md --by {mortem.owner}",
        f"soukmon post-mortem {name} --complete --by {mortem.owner}",
    )
    shown = (isolated(command) if locale == "ar" else command for command in commands)
    return (post_mortem_words(locale)["how"], *shown)
