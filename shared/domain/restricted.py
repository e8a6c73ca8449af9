"""Restricted incidents: what everybody sees of them, what only the response team sees, and who is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.domain.code_names import code_name
from shared.domain.escalation import Ladder, Step
from shared.domain.incidents import Incident, State, TimelineEntry
from shared.domain.permissions import RESTRICTED
from shared.domain.severities import Severity
from shared.domain.signals import TEST_SOURCE

PROCEDURE = "breach"
RESTRICTED_CHANNEL = "breach_response"  # our name of the one Slack channel that shows details
ALERT_TYPE = "security.breach"
SERVICE = SOURCE = "security"
CHANNELS = ("slack", "email", "sms")
# All that silences, inhibitions and procedures can see of a restricted incident.
SEALED_LABELS = {
    "alert_type": ALERT_TYPE,
    "rule": PROCEDURE,
    "service": SERVICE,
    "source": SOURCE,
    "severity": str(Severity.CRITICAL),
}
TITLE = "Security incident {}"
TITLE_AR = "{}: حادث أمني"  # the name first: a text message may have to be cut


@dataclass(frozen=True, slots=True)
class Details:
    """What a restricted incident is really about; kept apart from it, so that nobody shows it by accident."""

    title: str
    summary: str
    service: str
    source: str
    alert_type: str
    rule: str
    runbook: str
    labels: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    suspects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponseTeam:
    """Who handles breaches, and where: `channel` is our name of the one Slack channel in which details may be shown.

    `legal` and `privacy` are people of the list; `regulator` is who has to hear within 72 hours.
    """

    people: tuple[str, ...] = ()
    channel: str = ""
    legal: str = ""
    privacy: str = ""
    regulator: str = ""

    @property
    def target(self) -> str:
        """The restricted channel as a recipient: "slack:breach_response"."""
        return f"slack:{self.channel}" if self.channel else ""

    @property
    def members(self) -> tuple[str, ...]:
        """Everybody who may act, each once: the responders, legal and the data protection officer."""
        return tuple(dict.fromkeys(one for one in (*self.people, self.legal, self.privacy) if one))


def public_title(code: str) -> str:
    """The only title of a restricted incident outside its channel."""
    return TITLE.format(code)


def public_title_ar(incident: str) -> str:
    """The same in Arabic; the twin of a code name follows from the incident's id as the name does."""
    return TITLE_AR.format(code_name(incident).ar)


def in_language(incident: Incident, locale: str) -> Incident:
    """A restricted incident with its public title in the reader's language; any other as it is."""
    return replace(incident, title=public_title_ar(incident.id)) if incident.restricted and locale == "ar" else incident


def details_of(incident: Incident, before: Details | None = None) -> Details:
    """What has to be hidden of an incident; of one that is sealed already, what further signals have brought."""
    if before is not None:
        values, links = {**before.values, **incident.values}, {**before.links, **incident.links}
        return replace(before, values=values, links=links)
    return Details(
        title=incident.title,
        summary=incident.summary,
        service=incident.service,
        source=incident.source,
        alert_type=incident.alert_type,
        rule=incident.rule,
        runbook=incident.runbook,
        labels=incident.labels,
        values=incident.values,
        links=incident.links,
        suspects=incident.suspects,
    )


def sealed(incident: Incident, code: str) -> Incident:
    """The incident as everybody may see it: its clocks and its people, and nothing of what it is about."""
    return replace(
        incident,
        restricted=code,
        title=public_title(code),
        summary="",
        service=SERVICE,
        source=TEST_SOURCE if incident.source == TEST_SOURCE else SOURCE,
        alert_type=ALERT_TYPE,
        rule=PROCEDURE,
        runbook=PROCEDURE,
        severity=Severity.CRITICAL,
        channels=CHANNELS,
        labels={RESTRICTED: "yes"},  # pages do not even say to others that it is there
        values={},
        links={},
        suspects=(),
        inhibits=False,
    )


def unsealed(incident: Incident, details: Details) -> Incident:
    """The incident with its details, for the restricted channel and for nobody else."""
    shown = {
        name: getattr(details, name)
        for name in ("summary", "service", "alert_type", "labels", "values", "links", "suspects")
    }
    return replace(incident, title=f"{incident.title}: {details.title}", **shown)


def concealed(incident: Incident, entries: Sequence[TimelineEntry]) -> list[TimelineEntry]:
    """The record as everybody may see it: of a restricted incident what happened, when and by whom, and no more."""
    return [replace(entry, detail="") if incident.restricted else entry for entry in entries]


def only_the_team(steps: Sequence[Step], team: ResponseTeam, default: str) -> list[Step]:
    """The steps with everybody replaced by the response team; without one, by the default contact alone."""
    people = tuple(f"person:{name}" for name in team.people) or (f"person:{default}",)
    targets = (*people, *((team.target,) if team.target else ()))
    return [replace(step, targets=targets) for step in steps]


def taken_over(incident: Incident, ladder: Ladder, team: ResponseTeam, now: datetime) -> Incident:
    """The incident with its chain begun anew for the team; an owner outside of the team owns it no more."""
    keeps = incident.state is State.ACKNOWLEDGED and incident.owner in team.members
    raised = replace(
        incident,
        severity=Severity.CRITICAL,
        ladder=Ladder(ladder.policy, step=ladder.step) if keeps else ladder,
        due_at=incident.ack_expires_at if keeps else ladder.next_at,
        last_told_at=now,
        storm="",
        held="",
        held_by="",
        digest=None,
        steady_at=None,
        revision=incident.revision + 1,
    )
    if keeps:
        return raised
    return replace(
        raised,
        state=State.TRIGGERED,
        owner="",
        acknowledged_at=None,
        ack_expires_at=None,
        snoozed_until=None,
        offered_until=None,
        resolved_at=None,
    )
