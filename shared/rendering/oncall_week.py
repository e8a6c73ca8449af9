"""The weekly notice: who is on call this week, the gaps, and how the burden is shared."""

from collections.abc import Iterator
from datetime import timedelta

from shared.domain.bulletins import BulletinText
from shared.domain.fairness import Load
from shared.domain.oncall import Directory, Duty
from shared.domain.oncall_week import OncallWeek
from shared.rendering.duties import from_until, when, who
from shared.rendering.duty_words import duty_words
from shared.rendering.plurals import counted

HOUR = timedelta(hours=1)
# A rotation by the hour would bury everything else.
SHOWN = 16


def week_text(week: OncallWeek, directory: Directory, locale: str = "en") -> BulletinText:
    """The notice in one language; times in Cairo, with the zone."""
    say = duty_words(locale)
    lines = [line for name, duties in week.duties.items() for line in _rotation(name, duties, directory, locale)]
    lines += [f"{say['shared']}:", *_loads(week, directory, locale), "", say["to_change"]]
    title = say["week"].format(start=when(week.start, locale), end=when(week.end, locale))
    return BulletinText(title, tuple(lines))


def _rotation(name: str, duties: tuple[Duty, ...], directory: Directory, locale: str) -> Iterator[str]:
    say = duty_words(locale)
    yield f"{name}:"
    for duty in duties[:SHOWN]:
        if duty.person in directory.people:
            yield f"• {from_until(duty, directory, locale)}"
        else:
            contact = who(directory, directory.default_contact, locale)
            yield "• " + say["gap"].format(start=when(duty.start, locale), end=when(duty.end, locale), name=contact)
    if len(duties) > SHOWN:
        yield say["more"].format(count=len(duties) - SHOWN)
    yield ""


def _loads(week: OncallWeek, directory: Directory, locale: str) -> Iterator[str]:
    people = dict.fromkeys((*week.before, *week.after))
    for person in sorted((p for p in people if p in directory.people), key=lambda p: directory.people[p].name):
        before, after = (_load(found.get(person, Load()), locale) for found in (week.before, week.after))
        line = duty_words(locale)["load"].format(who=who(directory, person, locale), before=before, after=after)
        yield f"• {line}"


def _load(load: Load, locale: str) -> str:
    return duty_words(locale)["hours"].format(
        total=counted(round(load.total / HOUR), "h", locale),
        nights=round(load.nights / HOUR),
        weekends=round(load.weekends / HOUR),
    )
