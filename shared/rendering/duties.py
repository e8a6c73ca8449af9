"""Duties in words: when they begin and end in Cairo, who has them, and what became of a wish to change them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.domain.bulletins import BulletinText
from shared.domain.duties import Decided, DutyOutcome
from shared.domain.oncall import CAIRO, Directory, Duty
from shared.rendering.duty_words import OUTCOMES, duty_words
from shared.rendering.escaping import isolated, one_line

LANGUAGES = {"ar": "ar_EG"}


def when(at: datetime, locale: str = "en") -> str:
    """An instant in Cairo with its weekday and its zone: "Sun 3 May 09:00 EEST"."""
    from babel.dates import format_datetime  # noqa: PLC0415 - most functions never write a date like this

    local = at.astimezone(ZoneInfo(CAIRO))
    day = format_datetime(local, "EEE d MMM HH:mm", locale=LANGUAGES.get(locale, "en"))
    return f"{day} {isolated(f'{local:%Z}') if locale == 'ar' else f'{local:%Z}'}"


def who(directory: Directory, person: str | None, locale: str = "en") -> str:
    """The person's name; for a gap (or somebody who is gone) who is told instead."""
    found = directory.people.get(person or "")
    if found is not None:
        return isolated(one_line(found.name)) if locale == "ar" else one_line(found.name)
    default = directory.people.get(directory.default_contact)
    return duty_words(locale)["nobody"].format(name=default.name if default else directory.default_contact)


def from_until(duty: Duty, directory: Directory, locale: str = "en") -> str:
    """A duty in one line: Karim Fathy: Sun 3 May 09:00 EEST to Sun 10 May 09:00 EEST."""
    return duty_words(locale)["from_until"].format(
        who=who(directory, duty.person, locale), start=when(duty.start, locale), end=when(duty.end, locale)
    )


def outcome_sentence(decided: Decided, rotation: str, directory: Directory, locale: str = "en") -> str:
    """What became of a wish, as the answer to whoever asked."""
    sentence = OUTCOMES[decided.outcome][locale == "ar"]
    if not decided.outcome.happened:
        rotations = duty_words(locale)["comma"].join(directory.rotations)
        return sentence.format(rotation=one_line(rotation), rotations=rotations)
    spans = duty_words(locale)["semicolon"].join(from_until(duty, directory, locale) for duty in decided.duties)
    return f"{sentence.format(rotation=rotation)} {spans}"


def change_text(decided: Decided, *, rotation: str, by: str, directory: Directory, locale: str = "en") -> BulletinText:
    """The notice to those whom a change concerns."""
    say = duty_words(locale)
    asker = who(directory, by, locale) if by in directory.people else one_line(by)
    relieved = say["comma"].join(who(directory, person, locale) for person in decided.relieved)
    lines = [from_until(duty, directory, locale) for duty in decided.duties]
    lines += [say["relieved"].format(names=relieved)] if relieved and decided.outcome is DutyOutcome.TAKEN else []
    return BulletinText(say["changed"].format(rotation=rotation), (*lines, say["asked_by"].format(name=asker)))
