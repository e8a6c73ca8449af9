"""From the steps a decision wants sent to the ledger rows and the signals about gaps that go with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.awake import calmed
from shared.domain.configuration import Configuration
from shared.domain.escalation import Step
from shared.domain.game_day import only_the_recipient
from shared.domain.incidents import Incident
from shared.domain.notifications import GAME_DAY, Channel, LedgerState, Notification, Recipient, Route, plan
from shared.domain.reach import reached
from shared.domain.reasons import Notify, Suppressed
from shared.domain.restricted import RESTRICTED_CHANNEL, only_the_team
from shared.domain.signals import TEST_SOURCE, own_signal
from shared.ports.store import Write
from shared.usecases.outbox import signal_write
from shared.usecases.records import planned_writes

OF_THE_TEAM = frozenset({Notify.DRAFT, Notify.STEP})  # of a restricted incident
OF_STEPS = frozenset({Notify.STEP_DUE, Notify.STEP_LATE})


@dataclass(frozen=True, slots=True)
class Planned:
    """Ledger rows to create, and the outbox rows (schedule gaps) that go into the same commit."""

    rows: tuple[Notification, ...] = ()
    extra: tuple[Write, ...] = ()

    def __add__(self, other: "Planned") -> "Planned":
        """Both plans in one commit."""
        return Planned((*self.rows, *other.rows), (*self.extra, *other.extra))

    @property
    def writes(self) -> list[Write]:
        """Everything this plan adds to the commit."""
        return [*planned_writes(self.rows), *self.extra]


def template(incident: Incident, reason: Notify, now: datetime, *, due_at: datetime | None = None) -> Notification:
    """A ledger row for the incident that still lacks its recipient."""
    return Notification(
        id="",
        incident=incident.id,
        step=0,
        recipient="",
        channel=Channel.SLACK,
        reason=reason,
        severity=incident.severity,
        planned_at=now,
        not_before=due_at or now,
        due_at=due_at or now,
        revision=incident.revision,
    )


def plan_steps(
    incident: Incident, steps: Sequence[Step], *, reason: Notify, config: Configuration, now: datetime, note: str = ""
) -> Planned:
    """Rows for the steps, one message per person and channel however many steps name them.

    The first notification of an incident waits for the severity's group wait; everything later is due at once.
    Whatever the steps say, a rehearsal reaches the game-day recipient alone, and a restricted incident its response
    team. A note is not kept in the ledger of a restricted one: it may say what only the team may know.
    """
    promise = config.promises[incident.severity]
    directory = config.directory
    if incident.source == TEST_SOURCE:
        steps, directory = only_the_recipient(steps, directory, slack=GAME_DAY in config.slack_channels)
    elif incident.restricted:
        steps = only_the_team(steps, config.response_team, directory.default_contact)
    route = Route(directory, incident.channels, promise.fallback_after)
    waits = reason is Notify.FIRST and incident.source != TEST_SOURCE
    due_at = now + promise.group_wait if waits else now
    shown, told = _unless_sealed(incident, note, reason), dict[str, str]()
    rows: list[Notification] = []
    gaps: set[str] = set()
    lost: set[str] = set()
    for step in steps:
        reach = reached(step, route, at=now, severity=incident.severity)
        gaps.update(reach.gaps)
        lost.update(reach.unreachable)
        base = replace(template(incident, reason, now, due_at=due_at), step=step.level, note=shown)
        new = plan(reach.recipients, base=base, fallback_after=promise.fallback_after, told=told)
        told.update({f"{row.recipient}/{row.channel}": row.id for row in new})
        rows.extend(new)
    alarms = [_gap(rotation, now) for rotation in sorted(gaps)]
    alarms += [_out_of_reach(person, config, now) for person in sorted(lost)]
    return Planned(calmed(rows, config.directory, now), tuple(alarms))


def plan_by_mail(
    incident: Incident, people: Iterable[str], *, reason: Notify, config: Configuration, now: datetime, note: str = ""
) -> Planned:
    """One mail for each of the people; nobody's telephone rings for it, and a rehearsal mails nobody.

    Of a restricted incident only the response team hears, without the note.
    """
    if incident.source == TEST_SOURCE:
        return Planned()
    team = config.response_team.members or (config.directory.default_contact,)
    able = team if incident.restricted else config.directory.people
    known = (name for name in dict.fromkeys(people) if name in config.directory.people and name in able)
    base = replace(template(incident, reason, now), note=_unless_sealed(incident, note, reason))
    return Planned(plan((Recipient(name, Channel.EMAIL) for name in known), base=base))


def plan_recovery(
    incident: Incident,
    ledger: Iterable[Notification],
    *,
    now: datetime,
    reason: Notify = Notify.RESOLVED,
    note: str = "",
) -> Planned:
    """The recovery message goes to those who were told of the failure, each once per channel, and to nobody else.

    Nobody is called to hear that it is over: who was called gets a text.
    """
    since = incident.episode_started_at or incident.opened_at
    told = {
        Recipient(row.recipient, Channel.SMS if row.channel is Channel.VOICE else row.channel): None
        for row in ledger
        if row.planned_at >= since and _was_told(row) and row.reason is not Notify.REPLY
    }
    base = replace(template(incident, reason, now), note=_unless_sealed(incident, note, reason))
    return Planned(plan(told, base=base))


def plan_update(
    incident: Incident, ledger: Iterable[Notification], *, now: datetime, reason: Notify = Notify.UPDATED
) -> Planned:
    """A refresh of the living Slack message where one was posted; one still to be posted shows the present anyway."""
    return plan_in_threads(incident, ledger, reason=reason, now=now)


def plan_in_threads(
    incident: Incident, ledger: Iterable[Notification], *, reason: Notify, now: datetime, note: str = ""
) -> Planned:
    """One row for each Slack channel that holds the incident's message, and for nobody in person.

    What a procedure does about a restricted incident is said in the restricted channel alone.
    """
    base = replace(template(incident, reason, now), note=_unless_sealed(incident, note, reason))
    channels = posted_channels(ledger)
    if incident.restricted and reason in OF_THE_TEAM:
        channels = tuple(channel for channel in channels if channel == f"slack:{RESTRICTED_CHANNEL}")
    return Planned(plan((Recipient(channel, Channel.SLACK) for channel in channels), base=base))


def plan_diagnosis(incident: Incident, ledger: Sequence[Notification], *, now: datetime) -> Planned:
    """One row for each Slack channel that holds (or is about to get) the incident's message.

    Where no channel of Slack's is told, a mail to everybody who has a mail about it.
    """
    told = {row.recipient for row in ledger if row.channel is Channel.SLACK and row.reason is not Notify.REPLY}
    channels = sorted(name for name in told if name.startswith("slack:") and "/" not in name)
    found = [Recipient(name, Channel.SLACK) for name in channels]
    since = incident.episode_started_at or incident.opened_at
    mailed = [row for row in ledger if row.channel is Channel.EMAIL and row.planned_at >= since and _was_told(row)]
    if not found:
        found = [Recipient(name, Channel.EMAIL) for name in dict.fromkeys(row.recipient for row in mailed)]
    return Planned(plan(found, base=template(incident, Notify.DIAGNOSED, now)))


def posted_channels(ledger: Iterable[Notification]) -> tuple[str, ...]:
    """The Slack channels ("slack:incidents") that hold the incident's message."""
    posted = {row.recipient for row in ledger if row.channel is Channel.SLACK and _was_told(row)}
    return tuple(sorted(channel for channel in posted if channel.startswith("slack:") and "/" not in channel))


def _was_told(row: Notification) -> bool:
    reached = row.state in {LedgerState.SENDING, LedgerState.SENT, LedgerState.DELIVERED, LedgerState.READ}
    return reached or row.outcome_unknown or row.note == Suppressed.IN_DIGEST


def _unless_sealed(incident: Incident, note: str, reason: Notify) -> str:
    """Of a restricted incident only the names of steps that are due are kept: they are the configuration's own."""
    return "" if incident.restricted and reason not in OF_STEPS else note


def _out_of_reach(person: str, config: Configuration, now: datetime) -> Write:
    signal = own_signal(
        "out_of_reach",
        subject=person,
        title=f"{config.directory.people[person].name} is on call and cannot be reached",
        summary="No address of theirs takes our messages; the default contact was told instead. "
        "`soukmon channels list` shows what failed; correct it in oncall.yaml or enter an override.",
        at=now,
    )
    return signal_write(signal)


def _gap(rotation: str, now: datetime) -> Write:
    signal = own_signal(
        "schedule_gap",
        subject=rotation,
        title=f"Nobody is on call in rotation {rotation}",
        summary="The default contact was told instead. Fill the rotation in oncall.yaml.",
        at=now,
    )
    return signal_write(signal)
