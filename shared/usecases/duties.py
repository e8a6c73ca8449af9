"""Changing who is on call while we run: one commit holds the change, its record and the notice to those concerned."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.configuration import Configuration
from shared.domain.duties import CancelDuty, Decided, DutyOutcome, DutyWish, SwapDuties, TakeDuty, decide, expired
from shared.domain.notifications import Channel, Recipient
from shared.domain.oncall import Directory, Duty
from shared.ports.platform import Clock
from shared.ports.store import Create, Delete, Query, StateStore, Write
from shared.rendering.duties import change_text, outcome_sentence
from shared.usecases.bulletins import by_email, plan_bulletin
from shared.usecases.commits import committed
from shared.usecases.present import amendment_id, amendment_write, present
from shared.usecases.records import AMENDMENTS, DUTY_CHANGES, body_of, value_of

SLACK_CHANNEL = "incidents"
SOON = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class DutyChange:
    """The record of a change: who asked for what, and who has the duty since."""

    rotation: str
    seq: str
    at: datetime
    by: str
    what: str
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class DutyAnswer:
    """What became of a wish, and the sentence that says so in both languages."""

    outcome: DutyOutcome
    sentences: tuple[str, str]

    def sentence(self, locale: str = "en") -> str:
        """The answer for whoever asked."""
        return self.sentences[locale == "ar"]


def take_duty(wish: TakeDuty, *, config: Configuration, store: StateStore, clock: Clock) -> DutyAnswer:
    """Let a person take a rotation over for a while; the last who asked wins. A refusal changes nothing."""
    return committed(lambda: _attempt(wish, config, store, clock.now()))


def swap_duties(wish: SwapDuties, *, config: Configuration, store: StateStore, clock: Clock) -> DutyAnswer:
    """Let two people exchange two duties, both or neither."""
    return committed(lambda: _attempt(wish, config, store, clock.now()))


def cancel_duty(wish: CancelDuty, *, config: Configuration, store: StateStore, clock: Clock) -> DutyAnswer:
    """Give back what was taken over (of a swap both halves); what has been served stays on the record."""
    return committed(lambda: _attempt(wish, config, store, clock.now()))


def duty_changes(rotation: str, *, store: StateStore, limit: int = 50) -> list[DutyChange]:
    """Who changed what in a rotation, newest first."""
    query = Query(DUTY_CHANGES, equal={"rotation": rotation}, order_by="seq", newest_first=True, limit=limit)
    return [value_of(row, DutyChange) for row in store.find(query)]


def prune(*, config: Configuration, store: StateStore, now: datetime) -> int:
    """Forget what was taken over so long ago that nothing looks back on it; returns how much that was."""
    old = expired(present(config, store=store, now=now).directory.overrides, now)
    if old:
        store.commit([Delete(AMENDMENTS, amendment_id(one)) for one in old])
    return len(old)


def _attempt(wish: DutyWish, config: Configuration, store: StateStore, now: datetime) -> DutyAnswer:
    before = duty_changes(wish.rotation, store=store, limit=1)  # read first: its successor must not exist yet
    amended = present(config, store=store, now=now)
    decided = decide(wish, amended.directory, now)
    if decided.outcome.happened:
        number = int(before[0].seq) + 1 if before else 1
        change = DutyChange(wish.rotation, f"{number:06d}", now, wish.by, decided.outcome, decided.duties)
        store.commit([*_writes(decided, change), *_notice(decided, change, amended)])
    directory = amended.directory
    english, arabic = (outcome_sentence(decided, wish.rotation, directory, locale) for locale in ("en", "ar"))
    return DutyAnswer(decided.outcome, (english, arabic))


def _writes(decided: Decided, change: DutyChange) -> list[Write]:
    """The successor of the last record is created: of two who decide at once, one has to decide again."""
    gone: list[Write] = [Delete(AMENDMENTS, amendment_id(one)) for one in decided.forgotten]
    made = [amendment_write(one) for one in decided.made]
    return [*gone, *made, Create(DUTY_CHANGES, f"{change.rotation}-{change.seq}", body_of(change))]


def _notice(decided: Decided, change: DutyChange, config: Configuration) -> list[Write]:
    """Ledger rows for those concerned; the minute tick sends them."""
    directory = config.directory
    texts = {
        locale: change_text(decided, rotation=change.rotation, by=change.by, directory=directory, locale=locale)
        for locale in ("en", "ar")
    }
    bulletin = Bulletin(f"duty-{change.rotation}-{change.seq}", BulletinKind.NOTICE, change.at, texts)
    on_duty = [duty.person for duty in decided.duties if duty.person]
    recipients = by_email([*on_duty, *decided.relieved, change.by], bulletin, directory)
    recipients += _at_once(change, directory)
    if SLACK_CHANNEL in config.slack_channels:
        recipients.append(Recipient(f"slack:{SLACK_CHANNEL}", Channel.SLACK))
    _, writes = plan_bulletin(bulletin, recipients)
    return writes


def _at_once(change: DutyChange, directory: Directory) -> list[Recipient]:
    """Nobody is put on call for tonight by somebody else without their telephone saying so."""
    soon = [duty.person for duty in change.duties if duty.person and duty.start < change.at + SOON]
    told = [directory.people[name] for name in dict.fromkeys(soon) if name != change.by and name in directory.people]
    return [Recipient(person.id, Channel.SMS) for person in told if person.phone and Channel.SMS not in person.off]
