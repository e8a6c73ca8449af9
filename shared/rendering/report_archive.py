"""The archive of reports as a page: what was issued, about which period, and its files in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from shared.domain.editions import File, Issued
from shared.domain.periods import period_named
from shared.domain.report_plans import Form
from shared.rendering.archive_words import LANGUAGES, archive_words, form_name
from shared.rendering.assets import addresses
from shared.rendering.page_words import page_words
from shared.rendering.report_names import EDITIONS, TITLES, named
from shared.rendering.report_times import period_words, short_moment
from shared.rendering.templating import render


@dataclass(frozen=True, slots=True)
class Archive:
    """A page of the archive, the newest first; `only` is the report that was asked for, "" for all of them."""

    issued: tuple[Issued, ...]
    reports: tuple[str, ...]
    only: str = ""
    number: int = 1
    has_older: bool = False


def archive_page(archive: Archive, frame: Mapping[str, Any], *, locale: str = "en") -> str:
    """The page; without anything yet it says when there will be."""
    newer = _address(archive.only, archive.number - 1) if archive.number > 1 else ""
    return render(
        "reports.html",
        locale=locale,
        here=page_words(locale),
        words=archive_words(locale),
        assets=addresses(),
        frame=frame,
        number=archive.number,
        ways=[("", archive_words(locale)["all"]), *((name, named(name, TITLES, locale)) for name in archive.reports)],
        only=archive.only,
        rows=[_row(one, locale) for one in archive.issued],
        newer=newer,
        older=_address(archive.only, archive.number + 1) if archive.has_older else "",
    )


def _row(one: Issued, locale: str) -> dict[str, Any]:
    return {
        "title": named(one.report, TITLES, locale),
        "period": period_words(period_named(one.period), locale),
        "edition": named(one.edition, EDITIONS, locale),
        "is_open": one.is_open,
        "at": short_moment(one.at, locale),
        "files": [_file(file, locale) for language in LANGUAGES for file in _files(one, language)],
    }


def _files(one: Issued, language: str) -> list[File]:
    """Its documents; the picture that Slack shows is none."""
    return [file for file in one.files if file.locale == language and file.form in set(Form)]


def _file(file: File, locale: str) -> dict[str, str]:
    return {
        "url": f"/reports/{file.name}",
        "form": form_name(file.form, locale),
        "language": LANGUAGES[file.locale],
        "locale": file.locale,
    }


def _address(only: str, number: int) -> str:
    given = {"report": only, "page": str(number)}
    return f"/reports?{urlencode({name: value for name, value in given.items() if value})}"
