"""From a ledger row to the message its recipient gets: live contact, own language, own link."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.configuration import Configuration
from shared.domain.countries import country_of
from shared.domain.delivery import LIVING
from shared.domain.drafts import Draft
from shared.domain.evidence import NAMED_BY
from shared.domain.incidents import Incident
from shared.domain.notifications import Channel, Notification, address_of
from shared.domain.oncall import Person
from shared.domain.procedure_owners import responsible
from shared.domain.reasons import Notify
from shared.domain.restricted import in_language
from shared.domain.spending import Stance
from shared.ports.messages import CallBody, EmailBody, Outgoing, PushBody, SlackBody, SmsBody
from shared.ports.objects import ObjectStore
from shared.ports.platform import Clock
from shared.ports.store import StateStore
from shared.rendering import bulletin, email, push, slack, sms
from shared.rendering.diagnosis import diagnosis_slack
from shared.rendering.drafts import draft_message
from shared.rendering.procedure import step_note, steps_named
from shared.rendering.tasks import task_line
from shared.rendering.view import Explained, IncidentView
from shared.usecases.breach_records import note_at, opened_up
from shared.usecases.changes import suspects_of
from shared.usecases.chart_link import chart_url, picture, read_evidence
from shared.usecases.diagnosing import read_diagnosis
from shared.usecases.impact_statements import read_statement
from shared.usecases.links import acknowledge_url, unsubscribe_link
from shared.usecases.records import BULLETINS, DRAFTS, THREADS, notifications_of, tasks_of, value_of
from shared.usecases.spending import present_stance

log = logging.getLogger(__name__)

CALM = frozenset({Notify.RESOLVED, Notify.SEVERITY_LOWERED, Notify.MERGED, Notify.MITIGATED})
OF_STEPS = frozenset({Notify.STEP_DUE, Notify.STEP_LATE})
OF_ITS_LIFE = frozenset({Notify.MITIGATED, Notify.MERGED, Notify.ROLE_GIVEN})
# Nothing of their own where the incident's message is not there yet.
NEVER_FIRST = LIVING | OF_STEPS | OF_ITS_LIFE | {Notify.NOTED, Notify.STEP, Notify.DRAFT}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where our own pages, acknowledgement links, charts and the page that ends mails of a kind live."""

    public: str
    links: str
    charts: str
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class Composer:
    """Makes the outgoing message of a row; called with the row and the incident as it is now."""

    config: Configuration
    store: StateStore
    clock: Clock
    objects: ObjectStore
    addresses: Addresses
    link_keys: Sequence[str]

    def __call__(self, row: Notification, incident: Incident | None) -> Outgoing | None:
        """The message, or None when there is nothing (or nobody) left to send it to."""
        if incident is None:
            return self._bulletin(row)
        if row.channel is Channel.SLACK:
            return self._slack(row, incident)
        address = address_of(self.config.directory, row.recipient, row.channel)
        if not address:
            return None
        if row.channel is Channel.VOICE:
            return Outgoing(row.id, address, CallBody(), since=row.planned_at)
        person = self.config.directory.people[row.recipient]
        view = self._view(row, in_language(incident, person.locale), notifications_of(self.store, incident.id))
        body: EmailBody | SmsBody | PushBody
        match row.channel:
            case Channel.EMAIL:
                chart = self._chart(view, person.locale)
                body = email.incident_email(view, reason=row.reason, locale=person.locale, chart=chart)
            case Channel.PUSH:
                body = push.incident_push(view, reason=row.reason, locale=person.locale)
            case _:
                body = self._sms(view, row, address)
        return Outgoing(row.id, address, body, since=row.planned_at)

    def _sms(self, view: IncidentView, row: Notification, number: str) -> SmsBody:
        """Short while money is; without the link where the operators would drop the message for it."""
        country = country_of(number, self.config.countries.values())
        if country is not None and not country.link_in_sms:
            view = replace(view, ack_url="")
        if present_stance(self.config, store=self.store, now=self.clock.now()) is not Stance.FREE:
            return sms.short_sms(view, reason=row.reason)
        return sms.incident_sms(view, reason=row.reason, locale=self.config.directory.people[row.recipient].locale)

    def _bulletin(self, row: Notification) -> Outgoing | None:
        document = self.store.get(BULLETINS, row.bulletin)
        if document is None:
            return None
        told = value_of(document, Bulletin)
        if row.channel is Channel.SLACK and row.recipient.startswith("slack:"):
            name = row.recipient.removeprefix("slack:")
            channel = self.config.slack_channels.get(name, name)
            return self._posted(row, told, channel, bulletin.bulletin_slack(told.text("en")))
        address = address_of(self.config.directory, row.recipient, row.channel)
        if not address:
            return None
        person = self.config.directory.people[row.recipient]
        text = told.text(person.locale)
        body: EmailBody | SmsBody | SlackBody | CallBody | PushBody
        match row.channel:
            case Channel.EMAIL if told.kind.is_optional and told.kind in person.unsubscribed:
                return None
            case Channel.EMAIL:
                body = self._bulletin_email(told, person)
            case Channel.PUSH:
                body = push.bulletin_push(text, link=text.link or told.link)
            case Channel.SLACK:
                return self._posted(row, told, address, bulletin.bulletin_slack(text))
            case Channel.VOICE:
                body = CallBody()
            case _:
                body = bulletin.bulletin_sms(text, link=text.link or told.link)
        return Outgoing(row.id, address, body, since=row.planned_at)

    def _posted(self, row: Notification, told: Bulletin, channel: str, body: SlackBody) -> Outgoing:
        """A message in Slack; that of a living bulletin is posted once, then changed in place."""
        if not told.is_living:
            return Outgoing(row.id, channel, body, since=row.planned_at)
        key = f"{row.bulletin}:{row.recipient}"
        posted = self.store.get(THREADS, key)
        if posted is None:
            return Outgoing(row.id, channel, body, since=row.planned_at, opens=key)
        channel, _, ts = str(posted.body["provider_id"]).partition(":")
        return Outgoing(row.id, channel, body, replaces=ts, since=row.planned_at)

    def _bulletin_email(self, told: Bulletin, person: Person) -> EmailBody:
        """What a reader may do without comes with a way to end it."""
        ends = told.kind.is_optional and self.addresses.unsubscribe
        url = unsubscribe_link(self.addresses.unsubscribe, person.id, told.kind, keys=self.link_keys) if ends else ""
        return bulletin.bulletin_email(
            told.text(person.locale),
            locale=person.locale,
            link=told.text(person.locale).link or told.link,
            unsubscribe_url=url,
            list_name=told.kind.slug if ends else "",
            is_public=told.kind is BulletinKind.ANNOUNCEMENT,
        )

    def _slack(self, row: Notification, incident: Incident) -> Outgoing | None:
        name = row.recipient.removeprefix("slack:")
        if row.reason is Notify.REPLY:
            channel, _, user = name.partition("/")
            return Outgoing(row.id, channel, slack.reply(row.text), only_for=user, since=row.planned_at)
        channel = self.config.slack_channels.get(name, name)
        if row.reason is Notify.DIAGNOSED:
            return self._diagnosis(row, incident, channel)
        posted = self.store.get(THREADS, f"{incident.id}:{row.recipient}")
        ledger = notifications_of(self.store, incident.id)
        view, mention = self._view(row, self._shown(row, incident), ledger), self._mention(row, ledger)
        if posted is None:
            first = row.reason not in NEVER_FIRST
            living = slack.incident_message(view, reason=row.reason, mention=mention) if first else None
            return Outgoing(row.id, channel, living, since=row.planned_at) if living else None
        channel, _, ts = str(posted.body["provider_id"]).partition(":")
        if row.reason in LIVING:
            return Outgoing(row.id, channel, slack.incident_message(view, reason=row.reason), replaces=ts)
        note = self._draft(row, incident) if row.reason is Notify.DRAFT else self._note(view, row, mention)
        return Outgoing(row.id, channel, note, thread=ts, since=row.planned_at) if note else None

    def _draft(self, row: Notification, incident: Incident) -> SlackBody | None:
        """A draft about a restricted incident is read in the restricted channel and nowhere else."""
        if incident.restricted and row.recipient != self.config.response_team.target:
            return None
        document = self.store.get(DRAFTS, row.text)
        return draft_message(value_of(document, Draft)) if document else None

    def _explained(self, row: Notification, incident: Incident) -> Explained:
        """What was found out; of a restricted incident that is said in the restricted channel alone."""
        if incident.restricted and row.recipient != self.config.response_team.target:
            return Explained()
        found = suspects_of(incident, config=self.config, store=self.store)
        diagnosis = read_diagnosis(self.store, incident.id) if row.reason is Notify.DIAGNOSED else None
        impact = read_statement(self.store, incident.id) if row.reason is not Notify.FIRST else None
        return Explained(found, diagnosis, impact)

    def _diagnosis(self, row: Notification, incident: Incident, channel: str) -> Outgoing | None:
        """In the incident's thread, or alone where its message is not there yet."""
        found = read_diagnosis(self.store, incident.id)
        if found is None or found.finished_at is None:
            return None
        posted = self.store.get(THREADS, f"{incident.id}:{row.recipient}")
        there, _, ts = str(posted.body["provider_id"] if posted else channel).partition(":")
        return Outgoing(row.id, there, diagnosis_slack(found, incident), thread=ts, since=row.planned_at)

    def _shown(self, row: Notification, incident: Incident) -> Incident:
        """A restricted incident with its details, for its own channel alone; what is kept of it has none."""
        inside = row.recipient == self.config.response_team.target
        return opened_up(incident, self.store) if inside else incident

    def _note(self, view: IncidentView, row: Notification, mention: tuple[str, ...]) -> SlackBody:
        mention = () if row.reason in CALM else mention  # good news need nobody's attention
        mention = self._answering(row, view.incident) if row.reason in OF_STEPS else mention
        owner = self.config.directory.people.get(view.incident.owner)
        if row.reason is Notify.HANDED_OVER and view.incident.is_offered and owner is not None and owner.slack_user:
            mention = (owner.slack_user,)
        return slack.escalation_note(view, reason=row.reason, mention=mention)

    def _chart(self, view: IncidentView, locale: str) -> bytes:
        """The evidence's picture; one that cannot be drawn or kept must not hold an alert back."""
        if view.evidence is None:
            return b""
        name = view.incident.values[NAMED_BY]
        try:
            return picture(name, store=self.store, objects=self.objects, locale=locale) or b""
        except (ValueError, RuntimeError, OSError):
            log.exception("no chart", extra={"evidence": name})
            return b""

    def _mention(self, row: Notification, ledger: Sequence[Notification]) -> tuple[str, ...]:
        """The Slack users whom the same decision tells on other channels."""
        people = self.config.directory.people
        told = {n.recipient: None for n in ledger if (n.reason, n.revision) == (row.reason, row.revision)}
        return tuple(people[person].slack_user for person in told if person in people and people[person].slack_user)

    def _answering(self, row: Notification, incident: Incident) -> tuple[str, ...]:
        """The Slack users who answer for the steps that the row is about."""
        directory, people = self.config.directory, self.config.directory.people
        steps = steps_named(row.note, self.config.procedures)
        found = [name for step in steps for name in responsible(step.by, incident, directory, self.clock.now())]
        return tuple(people[name].slack_user for name in dict.fromkeys(found) if people[name].slack_user)

    def _note_of(self, row: Notification, incident: Incident) -> str:
        """What was written, for this reader: of a restricted incident for its own channel alone."""
        if incident.restricted and row.recipient != self.config.response_team.target:
            return ""
        if incident.restricted and row.reason not in OF_STEPS:
            return note_at(self.store, incident.id, row.planned_at)
        if row.reason not in OF_STEPS:
            return row.note
        person = self.config.directory.people.get(row.recipient)
        return step_note(row.note, self.config.procedures, person.locale if person else "en")

    def _tasks(self, incident: Incident, locale: str) -> tuple[str, ...]:
        """What is left to do; asked for only where there is something."""
        if not incident.open_tasks:
            return ()
        people, now = self.config.directory.people, self.clock.now()
        left = (task for task in tasks_of(self.store, incident.id) if task.holds_open)
        return tuple(
            task_line(task, people[task.owner].name if task.owner in people else task.owner, now, locale)
            for task in left
        )

    def _view(self, row: Notification, incident: Incident, ledger: Sequence[Notification]) -> IncidentView:
        people = self.config.directory.people
        told = {n.recipient: None for n in ledger}
        owner = people.get(incident.owner)
        personal = row.channel is not Channel.SLACK
        kept = incident.values.get(NAMED_BY, "")
        locale = people[row.recipient].locale if personal and row.recipient in people else "en"
        evidence = read_evidence(self.store, kept)
        return IncidentView(
            incident=incident,
            now=self.clock.now(),
            ack_url=acknowledge_url(self.addresses.links, row.id, keys=self.link_keys) if personal else "",
            incident_url=f"{self.addresses.public}/incidents/{incident.id}",
            told=tuple(people[person].name for person in told if person in people),
            runbook=self.config.runbooks.get(incident.runbook, ""),
            owner_name=owner.name if owner else "",
            note=self._note_of(row, incident),
            also_open=row.stands_for,
            evidence=evidence,
            roles=tuple((role, people[who].name) for role, who in incident.roles.items() if who in people),
            tasks=self._tasks(incident, locale),
            chart_url=chart_url(self.addresses.charts, kept, keys=self.link_keys) if evidence else "",
            explained=self._explained(row, incident),
        )
