"""What bulletins about maintenance windows say, in both languages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from shared.domain.bulletins import BulletinText
from shared.domain.checklists import Item
from shared.domain.incidents import Incident
from shared.domain.maintenance import Window
from shared.domain.maintenance_notices import POST_MORTEM_WITHIN, Notice
from shared.domain.oncall import Directory
from shared.domain.rollbacks import RollbackState
from shared.rendering.escaping import isolated, one_line
from shared.rendering.maintenance_words import FACTS, STATES, TITLES
from shared.rendering.noise import LISTED, LOCALES, incident_line
from shared.rendering.view import cairo

AHEAD = frozenset(
    {Notice.PLANNED, Notice.EMERGENCY, Notice.MOVED, Notice.CANCELLED, Notice.DAY, Notice.HOUR, Notice.STARTED}
)


@dataclass(frozen=True, slots=True)
class WindowView:
    """A window and what is said of it: the incidents it held back, and the lines of its list that are not ticked."""

    window: Window
    directory: Directory
    held: Sequence[Incident] = ()
    missing: Sequence[Item] = ()


def notice_texts(notice: Notice, view: WindowView) -> Mapping[str, BulletinText]:
    """The notice in both languages."""
    return {locale: _text(notice, view, locale) for locale in LOCALES}


def window_hours(window: Window, locale: str = "en") -> str:
    """The window's hours, in Egypt's time."""
    joint = " إلى " if locale == "ar" else " to "
    return f"{cairo(window.start, locale)}{joint}{cairo(window.end, locale)}"


def _text(notice: Notice, view: WindowView, locale: str) -> BulletinText:
    window, said = view.window, _Said(view, locale)
    rollback = window.rollback
    title = TITLES[notice][said.turn].format(
        when=window_hours(window, locale),
        until=cairo(window.end, locale),
        reason=said.outside(window.reason),
        because=said.outside(rollback.because) if rollback else "",
        end=cairo(window.end + POST_MORTEM_WITHIN, locale),
        n=len(view.missing) if notice in {Notice.NOT_READY, Notice.TO_DO} else len(view.held),
        open=sum(incident.state.is_open for incident in view.held),
        target=said.outside(rollback.wish.target) if rollback else "",
        state=STATES[rollback.state][said.turn] if rollback else "",
    )
    return BulletinText(title, tuple(line for line in _lines(notice, said) if line))


def _lines(notice: Notice, said: "_Said") -> list[str]:
    if notice in AHEAD:
        return [*said.what(), said.word("mutes") if notice in {Notice.EMERGENCY, Notice.STARTED} else ""]
    others: Mapping[Notice, Callable[[], list[str]]] = {
        Notice.NOT_READY: lambda: [*said.to_do(), said.word("loud" if said.window.loud else "muted_anyway")],
        Notice.HELD: said.incidents,
        Notice.ENDED: said.ended,
        Notice.TO_DO: said.to_do,
        Notice.POST_MORTEM: lambda: [said.fact("reason", said.window.reason), *said.to_do()],
        Notice.ROLLBACK_ASKED: said.rolling_back,
        Notice.ROLLBACK_DONE: said.rolled_back,
        Notice.ROLLBACK_UNREACHABLE: said.unreachable,
    }
    return others[notice]()


class _Said:
    """The lines of one view in one language."""

    def __init__(self, view: WindowView, locale: str) -> None:
        self.window, self.turn = view.window, 1 if locale == "ar" else 0
        self._view, self._locale = view, locale

    def word(self, name: str) -> str:
        return FACTS[name][self.turn]

    def fact(self, name: str, text: str) -> str:
        return f"{self.word(name)}: {self.outside(text)}" if text else ""

    def outside(self, text: str) -> str:
        """A name or somebody's words, which may be Latin in the middle of an Arabic line."""
        return isolated(one_line(text)) if self.turn else one_line(text)

    def person(self, name: str) -> str:
        known = self._view.directory.people.get(name)
        return known.name if known else name

    def what(self) -> list[str]:
        window, rollback = self.window, self.window.rollback
        return [
            self.fact("reason", window.reason),
            self.fact("for", " ".join(map(str, window.matchers)) or self.word("everything")),
            self.fact("author", self.person(window.author)),
            self.fact("outside", window.outside),
            self.fact("rollback", rollback.wish.target if rollback else ""),
        ]

    def work(self) -> list[str]:
        return [self.fact("work", self.window.reason), *self.what()[1:3]]

    def incidents(self) -> list[str]:
        ordered = sorted(self._view.held, key=lambda one: (not one.state.is_open, -one.severity.rank, one.opened_at))
        return [incident_line(one, self._locale) for one in ordered[:LISTED]]

    def to_do(self) -> list[str]:
        lines = [f"- {item.text(self._locale)} ({item.id})" for item in self._view.missing]
        return [*lines, self.fact("tick", f"soukmon window tick {self.window.id} LINE")] if lines else []

    def ended(self) -> list[str]:
        window = self.window
        by_itself = window.closed_by == "soukmon"
        due = cairo(window.end + POST_MORTEM_WITHIN, self._locale) if window.emergency else ""
        return [
            self.fact("reason", window.reason),
            self.word("by_itself") if by_itself else self.fact("closed_by", self.person(window.closed_by)),
            self.word("again") if self._view.held else self.word("nothing"),
            *self.incidents(),
            self.fact("due", due),
            *self.to_do(),
        ]

    def rolling_back(self) -> list[str]:
        rollback = self.window.rollback
        if rollback is None:
            return []
        return [
            self.fact("asked_by", self.person(rollback.asked_by)),
            self.fact("because", rollback.because),
            *self.work(),
        ]

    def rolled_back(self) -> list[str]:
        rollback = self.window.rollback
        if rollback is None:
            return []
        again = "" if rollback.state is RollbackState.STARTED else f"soukmon window rollback {self.window.id}"
        return [self.fact("says", rollback.detail), self.fact("by_hand", again), *self.work()]

    def unreachable(self) -> list[str]:
        rollback = self.window.rollback
        return [self.fact("says", rollback.checked if rollback else ""), *self.work()]
