"""The oracle: hears every fact in its order, and judges each moment by the design's own words."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from infra.local.year import facts
from infra.local.year.oracle.book import Book
from infra.local.year.oracle.leftovers import look_over
from infra.local.year.oracle.messages import Messages
from infra.local.year.oracle.mutes import Mutes
from infra.local.year.oracle.occurrences import Occurrences
from infra.local.year.oracle.rota import Rota, Taken
from infra.local.year.oracle.verdicts import INVARIANTS, Court
from infra.local.year.providers import Provider
from shared.domain.configuration import Configuration
from shared.domain.notifications import Channel
from shared.ports.store import StateStore

A_DAY = timedelta(days=1)


class Oracle:
    """Judges a stream of facts; `court` has its verdicts."""

    def __init__(self, config: Configuration, start: datetime) -> None:
        self.config, self.court = config, Court(Counter(dict.fromkeys(INVARIANTS, 0)))
        self.rota, self.mutes = Rota(config.directory), Mutes(config.noise)
        self.book = Book(config, self.mutes, self.court)
        self.messages = Messages(config, self.book, self.rota, self.court)
        self.occurrences = Occurrences(config, self.court, start)

    def take(self, fact: facts.Fact) -> None:
        """Hear one more fact."""
        self._arranged(fact)
        self.book.take(fact)
        self.messages.take(fact)
        self.occurrences.take(fact)

    def finish(
        self, store: StateStore, providers: Mapping[Channel, Provider], now: datetime, *, until: datetime
    ) -> None:
        """Look over what is left; the calendar is judged `until` then."""
        self.occurrences.finish(until)
        look_over(store, providers, self.config, now, self.court)

    def _arranged(self, fact: facts.Fact) -> None:
        self.mutes.take(fact)
        match fact:
            case facts.TookOver():
                self.rota.taken.append(Taken(fact.rotation, fact.person, fact.start, fact.end))
            case facts.GaveBack():
                self.rota.give_back(fact.rotation, fact.around, fact.at)
            case facts.Ticked():
                self._shifts(fact)
            case facts.IdleTick():
                self.court.check("idle")
                if fact.touched:
                    self.court.find(
                        "idle", fact.at, "the tick", f"nothing was due, and it wrote {', '.join(fact.touched)}"
                    )

    def _shifts(self, fact: facts.Ticked) -> None:
        expected = self.rota.everybody(fact.at)
        self.court.check("shifts", len(expected))
        for rotation, person in expected.items():
            if fact.on_call.get(rotation) != person:
                self.court.find("shifts", fact.at, rotation, f"{fact.on_call.get(rotation)} is on call, not {person}")
        people = [one for one in fact.on_call.values() if one is not None]
        if len(people) < len(fact.on_call):
            self.court.find("shifts", fact.at, "a rotation", "nobody is on call")
        if len(set(people)) < len(people):
            self.court.find("shifts", fact.at, people[0], "has two duties at once")
