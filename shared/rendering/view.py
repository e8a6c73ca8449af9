"""What a message about an incident shows, whoever gets it and however."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from shared.domain.changes import Suspect
from shared.domain.diagnoses import Diagnosis
from shared.domain.evidence import NAMED_BY, Evidence
from shared.domain.impact_statements import Statement
from shared.domain.incidents import Incident, State
from shared.domain.oncall import CAIRO
from shared.rendering.catalogue import FACTS, words
from shared.rendering.escaping import isolated, one_line, safe_url
from shared.rendering.plurals import counted, month
from shared.rendering.runbook import parts

# What the evidence says in full; the raw figures of a signal are for programs then.
TOLD_BY_EVIDENCE = frozenset(
    {"value", "limit", "baseline", "samples", "window_seconds", "complete_until", "level", "reason"}
)
CONSOLES = frozenset({"console.firebase.google.com", "console.cloud.google.com"})


@dataclass(frozen=True, slots=True)
class Explained:
    """What was found out about an incident by itself: changes that may explain it, a diagnosis, whom it hurts."""

    suspects: tuple[Suspect, ...] = ()
    diagnosis: Diagnosis | None = None
    impact: Statement | None = None


NOTHING_EXPLAINED = Explained()


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident as it is now, for one reader. Empty texts are left out; so is missing evidence.

    `chart_url` is where the evidence's chart can be fetched by whoever shows the message; `also_open` are further
    incidents that the message stands for. `roles` are (role, name), `tasks` the lines of what is left to do.
    """

    incident: Incident
    now: datetime
    ack_url: str = ""
    incident_url: str = ""
    told: tuple[str, ...] = ()
    runbook: str = ""
    owner_name: str = ""
    note: str = ""
    also_open: tuple[str, ...] = ()
    evidence: Evidence | None = None
    chart_url: str = ""
    explained: Explained = NOTHING_EXPLAINED
    roles: tuple[tuple[str, str], ...] = ()
    tasks: tuple[str, ...] = ()

    @property
    def may_acknowledge(self) -> bool:
        """True while somebody's acknowledgement is wanted: nobody owns it, or not yet in earnest."""
        incident = self.incident
        return incident.state is State.TRIGGERED or incident.is_snoozed or incident.is_offered

    @property
    def promise(self) -> tuple[str, datetime] | None:
        """The promise that counts now: the catalogue's word and until when; None when none runs any more."""
        incident = self.incident
        if incident.state is State.TRIGGERED and incident.acknowledge_by is not None:
            return "acknowledge_by", incident.acknowledge_by
        runs = incident.state.is_open and incident.resolve_by is not None
        return ("resolve_by", incident.resolve_by) if runs and incident.resolve_by is not None else None

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The describing values worth a reader's time, in a fixed order, by their names in `FACTS`."""
        return [(name, self.values[name]) for name in FACTS if self.values.get(name)]

    @property
    def values(self) -> dict[str, str]:
        """All describing values, but for what the evidence says better."""
        told = TOLD_BY_EVIDENCE if self.evidence else frozenset[str]()
        return {name: value for name, value in self.incident.values.items() if name not in told | {NAMED_BY}}

    @property
    def links(self) -> dict[str, str]:
        """Only Google's own consoles are linked: nothing that came with a crash decides where a click leads."""
        return {one_line(name): safe_url(url) for name, url in self.incident.links.items() if is_console(url)}

    @property
    def first_actions(self) -> list[str]:
        """The first numbered lines of the runbook, without their numbers and markup."""
        return [line for part in parts(self.runbook) if part.kind == "ol" for line in part.lines][:4]


def is_console(url: str) -> bool:
    """True for an https address of a Google console."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and parts.hostname in CONSOLES and parts.username is None


def cairo(at: datetime, locale: str = "en") -> str:
    """An instant as people in Egypt read it, with UTC beside it: "10 Mar 02:14 EET (00:14 UTC)"."""
    local, utc = at.astimezone(ZoneInfo(CAIRO)), at.astimezone(UTC)
    clock = f"{local:%H:%M %Z} ({utc:%H:%M} UTC)"
    if locale != "ar":
        return f"{local:%d %b} {clock}"
    # Isolated, or a number that follows would be drawn into the Latin run of the zone's name.
    return isolated(f"{local:%d} {month(local.month)} {clock}")


def cairo_clock(at: datetime) -> str:
    """What clocks in Egypt show at that instant: "02:14"."""
    return f"{at.astimezone(ZoneInfo(CAIRO)):%H:%M}"


def cairo_day(at: datetime) -> str:
    """The day in Egypt that the instant belongs to: "2026-03-10"."""
    return f"{at.astimezone(ZoneInfo(CAIRO)):%Y-%m-%d}"


def lasting(start: datetime, end: datetime, locale: str = "en") -> str:
    """The time between two instants in short words, see `span`."""
    return span(end - start, locale)


def span(length: timedelta, locale: str = "en") -> str:
    """A duration in short words: "just now", "4 min", "2 h 5 min", "3 d 1 h"; Arabic for "ar"."""
    minutes = max(0, int(length.total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    if minutes == 0:
        return words(locale)["just_now"]
    in_days = hours >= 48  # noqa: PLR2004 - two days read better in hours
    counts = ((hours // 24, "d"), (hours % 24, "h")) if in_days else ((hours, "h"), (rest, "min"))
    return (" و" if locale == "ar" else " ").join(counted(number, unit, locale) for number, unit in counts if number)


def standing(view: IncidentView, locale: str = "en") -> str:
    """The state with who and when: "Acknowledged, Mona Adel, 10 Mar 02:14 EET (00:14 UTC)".

    A snooze and a hand-over nobody has answered say until when.
    """
    incident, say = view.incident, words(locale)
    if incident.ack_expires_at is not None and (incident.is_snoozed or incident.is_offered):
        word = say["snoozed" if incident.is_snoozed else "offered"]
        return say["comma"].join([word, view.owner_name, f"{say['until']} {cairo(incident.ack_expires_at, locale)}"])
    if incident.merged_into:
        return f"{say['merged_into']} {_named(incident.merged_into, locale)}"
    at = _since(incident)
    said = [say[incident.state], _named(view.owner_name, locale) if incident.state.is_owned else ""]
    said.append(cairo(at, locale) if at is not None else "")
    return say["comma"].join(part for part in said if part)


def standing_facts(view: IncidentView, locale: str) -> list[tuple[str, str]]:
    """What is promised, who has which role and what was merged in, each with its name in the reader's language."""
    say, pairs = words(locale), list[tuple[str, str]]()
    if view.promise:
        pairs.append((say[view.promise[0]], cairo(view.promise[1], locale)))
    pairs += [(say[role], _named(one_line(name), locale)) for role, name in view.roles]
    if view.incident.merged:
        pairs.append((say["took_in"], say["comma"].join(view.incident.merged)))
    return pairs


def _since(incident: Incident) -> datetime | None:
    """When the incident came to be what it is now."""
    match incident.state:
        case State.ACKNOWLEDGED:
            return incident.acknowledged_at
        case State.MITIGATED:
            return incident.mitigated_at
        case State.CLOSED:
            return incident.closed_at
        case _:
            return incident.resolved_at


def _named(name: str, locale: str) -> str:
    return isolated(name) if name and locale == "ar" else name
