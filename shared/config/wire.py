"""The shapes of the YAML files; decoding is strict, unknown keys are refused. The editor schemas come from here."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from shared.config import durations
from shared.domain.metrics import Kind, Statistic
from shared.domain.rules import ChangeUnit, Comparison, Direction, Mode, NoData, Unit
from shared.domain.severities import Severity

# Only channels with a provider: a rule that names another one would tell nobody.
Channel = Literal["slack", "email", "sms", "voice", "push"]

# Who makes the points of a metric: a rollup, or our own records. "" = no source configured.
Source = Literal[
    "requests", "analytics", "crashes", "performance", "web_errors", "probes", "measurements", "incidents", "jobs", ""
]

_NAME = "^[a-z][a-z0-9_]*$"
_PHONE = r"^(\+[1-9][0-9]{6,14})?$"
_EMAIL = r"^([^@\s<>]+@[^@\s<>]+\.[^@\s<>]+)?$"
_SENDER = r"^([^@<>]+ <)?[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+>?$"
_SLACK_USER = "^([UW][A-Z0-9]{2,})?$"
_SLACK_CHANNEL = "^[CG][A-Z0-9]{2,}$"
_TARGET = "^(oncall|team|person):[a-z][a-z0-9_]*(@(email|sms|voice|push))?$|^slack:[a-z][a-z0-9_]*$"
_LISTENER = "^(team|person):[a-z][a-z0-9_]*$"
_TABLE = r"^[A-Za-z_][A-Za-z0-9_]*\.[A-Za-z_][A-Za-z0-9_]*\*?$"
_CALLING_CODE = "^[1-9][0-9]{0,3}$"
_COUNTRY = "^[A-Z]{2}$"
_TIME = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
_HOURS = "^(24/7|([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9])$"
_SHIFT = "^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"

HOW_TO_WRITE = {
    durations.PATTERN: durations.HOW_TO_WRITE,
    _NAME: "a name of small letters, digits and underscores such as error_rate_alert",
    _PHONE: 'an international number in quotes such as "+201001234567", or "" for none',
    _EMAIL: 'an address such as nour@example.org, or "" for none',
    _SENDER: "an address such as alerts@example.org or Souk alerts <alerts@example.org>",
    _SLACK_USER: "a Slack member id such as U012AB3CD (profile > More > Copy member ID)",
    _SLACK_CHANNEL: "a Slack channel id such as C012AB3CD (channel > About > Channel ID)",
    _TARGET: "oncall:primary, team:support, person:nour or slack:incidents; for one channel only: team:support@email",
    _LISTENER: "team:management or person:nour; each is told by e-mail and text message",
    _TABLE: "a table such as request_logs.run_googleapis_com_requests, or a family such as analytics_1.events_*",
    _CALLING_CODE: 'a calling code in quotes without + such as "20"',
    _COUNTRY: "a country's two letters such as EG",
    _TIME: 'a time of day in quotes such as "09:00"',
    _HOURS: '"24/7" or opening hours such as "09:00-21:00"',
    _SHIFT: 'hours in quotes such as "09:00-21:00", or across midnight "21:00-09:00"',
}

Duration = Annotated[str, Meta(pattern=durations.PATTERN, description=durations.HOW_TO_WRITE)]
Name = Annotated[str, Meta(pattern=_NAME, description=HOW_TO_WRITE[_NAME])]
Phone = Annotated[str, Meta(pattern=_PHONE, description=HOW_TO_WRITE[_PHONE])]
Email = Annotated[str, Meta(pattern=_EMAIL, description=HOW_TO_WRITE[_EMAIL])]
Sender = Annotated[str, Meta(pattern=_SENDER, description=HOW_TO_WRITE[_SENDER])]
SlackUser = Annotated[str, Meta(pattern=_SLACK_USER, description=HOW_TO_WRITE[_SLACK_USER])]
SlackChannel = Annotated[str, Meta(pattern=_SLACK_CHANNEL, description=HOW_TO_WRITE[_SLACK_CHANNEL])]
Target = Annotated[str, Meta(pattern=_TARGET, description=HOW_TO_WRITE[_TARGET])]
TimeOfDay = Annotated[str, Meta(pattern=_TIME, description=HOW_TO_WRITE[_TIME])]
Hours = Annotated[str, Meta(pattern=_HOURS, description=HOW_TO_WRITE[_HOURS])]
Shift = Annotated[str, Meta(pattern=_SHIFT, description=HOW_TO_WRITE[_SHIFT])]
Weekday = Literal["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
Instant = Annotated[datetime, Meta(tz=True, description="with its offset: 2026-04-01T09:00:00+02:00")]
Channels = Annotated[tuple[Channel, ...], Meta(min_length=1)]
Targets = Annotated[tuple[Target, ...], Meta(min_length=1)]
Text = Annotated[str, Meta(min_length=1)]
CallingCode = Annotated[str, Meta(pattern=_CALLING_CODE, description=HOW_TO_WRITE[_CALLING_CODE])]
CountryCode = Annotated[str, Meta(pattern=_COUNTRY, description=HOW_TO_WRITE[_COUNTRY])]
MatcherTexts = Annotated[tuple[Text, ...], Meta(min_length=1)]
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Count = Annotated[int, Meta(ge=1, le=10_000)]
Positive = Annotated[float, Meta(gt=0)]


class Strict(Struct, forbid_unknown_fields=True, kw_only=True):
    """A mapping without unknown keys."""


class LimitWire(Strict):
    """The normal form of a condition."""

    comparison: Comparison
    value: float
    unit: Unit


class ChangeWire(Strict):
    """The normal form of a threshold: 0.5 points, 10 (percent) relative, or 500 absolute in the metric's unit."""

    by: Positive
    unit: ChangeUnit
    direction: Direction


class AlertWire(Strict):
    """A metric alert, in the mission's words (condition, threshold, frequency, escalation) or in the normal form."""

    name: Name
    channels: Channels
    condition: str | None = None
    threshold: str | None = None
    frequency: Duration | None = None
    escalation: Duration | None = None
    metric: Name | None = None
    limit: LimitWire | None = None
    change: ChangeWire | None = None
    every: Duration | None = None
    escalate_after: Duration | None = None
    severity: Severity | None = None
    mode: Mode = Mode.EITHER
    service: Text = "web"
    runbook: str = ""
    window: Duration | None = None
    hold_for: Duration | None = field(default=None, name="for")
    clear: str | None = None
    clear_windows: Annotated[int, Meta(ge=1, le=60)] = 1
    min_samples: Annotated[int, Meta(ge=0)] = 0
    no_data: NoData = NoData.INHERIT
    objective: Annotated[float, Meta(gt=0, lt=100, description="percent of good events promised")] | None = None


class MatchWire(Strict):
    """Which events the rule is for: any of the patterns ("security.*"), and all labels equal."""

    alert_types: Annotated[tuple[Text, ...], Meta(min_length=1)]
    labels: dict[str, str] = {}


class ImpactWire(Strict):
    """The severity once `value` (of the event, its impact, or events_5m) reaches `at_least` or falls to `at_most`."""

    value: Text
    severity: Severity
    at_least: float | None = None
    at_most: float | None = None


class EventWire(Strict):
    """An event rule; the first that matches decides."""

    name: Name
    match: MatchWire
    severity: Severity
    channels: Channels
    impact: tuple[ImpactWire, ...] = ()
    remind_every: Duration = "4h"
    escalate_after: Duration | None = None
    runbook: str = ""
    notify: bool = True
    procedure: Literal["", "breach"] = ""
    policy: Annotated[Name, Meta(description="a name in escalation.yaml, in place of the severity's policy")] | None = (
        None
    )


class RulesFile(Strict):
    """rules.yaml: what is watched."""

    alerts: tuple[AlertWire, ...]
    events: tuple[EventWire, ...]


class SeverityWire(Strict):
    """What a severity promises."""

    acknowledge_within: Duration
    resolve_within: Duration
    policy: Name
    group_wait: Duration
    ack_expires_after: Duration
    fallback_after: Duration
    tell_when_broken: tuple[Target, ...] = ()
    warn_after: Annotated[int, Meta(ge=1, le=100)] = 75


class SeveritiesFile(Strict):
    """severities.yaml: the four promises."""

    severities: dict[Severity, SeverityWire]


class StepWire(Strict):
    """One rung of a policy."""

    targets: Targets
    after: Duration = "0s"
    level: Annotated[int, Meta(ge=1, le=10)] = 1
    channels: tuple[Channel, ...] = ()


class PolicyWire(Strict):
    """A chain of steps, its repetitions and who is told when nobody ever answers."""

    steps: Annotated[tuple[StepWire, ...], Meta(min_length=1)]
    repeat_every: Duration = "15m"
    repeats: Annotated[int, Meta(ge=0, le=20)] = 3
    last_resort: tuple[Target, ...] = ()
    hours: Hours = "24/7"


class EscalationFile(Strict):
    """escalation.yaml: who is told, and who next."""

    policies: dict[Name, PolicyWire]


class PersonWire(Strict):
    """Somebody who can be told."""

    name: Text
    email: Email = ""
    phone: Phone = ""
    slack_user: SlackUser = ""
    locale: Literal["en", "ar"] = "en"
    roles: tuple[Name, ...] = ()


class LayerWire(Strict):
    """People who take over from those below them, perhaps only at certain hours; what is left out is the rotation's."""

    people: tuple[Name, ...]
    first_day: date | None = None
    handover: TimeOfDay | None = None
    turn: Duration | None = None
    timezone: Text | None = None
    hours: Shift | None = None
    days: tuple[Weekday, ...] = ()


class RotationWire(Strict, kw_only=True):
    """People taking turns; `layers` lie over them, the later over the earlier."""

    people: tuple[Name, ...] = ()
    first_day: date
    handover: TimeOfDay = "09:00"
    turn: Duration = "1w"
    timezone: Text = "Africa/Cairo"
    layers: tuple[LayerWire, ...] = ()


class OverrideWire(Strict):
    """Somebody else on duty for a while; `person: null` leaves the duty empty."""

    rotation: Name
    person: Name | None
    start: Instant
    end: Instant


class OncallFile(Strict):
    """oncall.yaml: people, teams and rotations."""

    default_contact: Name
    people: dict[Name, PersonWire]
    teams: dict[Name, tuple[Name, ...]]
    rotations: dict[Name, RotationWire]
    overrides: tuple[OverrideWire, ...] = ()
    demo_contacts: bool = False


class SupportWire(Strict):
    """A way customers reach the team."""

    name: Name
    address: str
    respond_within: Duration
    resolve_within: Duration
    escalate_after: Duration | None = None
    hours: Hours = "24/7"


class RateCapWire(Strict):
    """At most so many messages to one recipient within the window."""

    messages: Count
    window: Duration


class BudgetWire(Strict):
    """At most so much for texts and calls in a calendar month; from `warn_at` percent of it texts are short."""

    usd: Annotated[float, Meta(ge=1)]
    warn_at: Annotated[float, Meta(gt=0, le=100)] = 80.0


RateCapsWire = Annotated[tuple[RateCapWire, ...], Meta(min_length=1)]


class LimitsWire(Strict):
    """Numbers that keep the system calm; what is left out keeps its built-in value."""

    max_age: Duration = "6h"
    reopen_window: Duration = "30m"
    reopen_by_hand_within: Duration = "1d"
    close_after: Duration = "3d"
    storm_incidents: Count = 10
    storm_window: Duration = "1m"
    send_lease: Duration = "60s"
    send_attempts: Count = 6
    link_lifetime: Duration = "24h"
    query_bytes: Annotated[int, Meta(ge=10_000_000)] = 1_000_000_000
    rate_caps: dict[Channel, RateCapWire | RateCapsWire] = {}
    sms_budget: BudgetWire | None = None


class GameDayWire(Strict):
    """Whom rehearsals reach: an inbox, a telephone and a Slack channel that wake nobody."""

    email: Email = ""
    phone: Phone = ""
    slack: SlackChannel | None = None
    locale: Literal["en", "ar"] = "en"


class ChannelsFile(Strict):
    """channels.yaml: where messages go, how customers reach us, and the limits."""

    slack: dict[Name, SlackChannel]
    email_from: Sender
    support: tuple[SupportWire, ...] = ()
    auditor: tuple[Annotated[str, Meta(pattern=_LISTENER, description=HOW_TO_WRITE[_LISTENER])], ...] = ()
    game_day: GameDayWire | None = None
    audiences: dict[Name, Annotated[Email, Meta(min_length=1)]] = {}
    limits: LimitsWire = field(default_factory=LimitsWire)


class MetricWire(Strict):
    """One figure and where it comes from."""

    kind: Kind
    unit: Unit
    source: Literal[
        "requests",
        "analytics",
        "crashes",
        "performance",
        "web_errors",
        "probes",
        "measurements",
        "incidents",
        "jobs",
        "",
    ]
    about: Text
    freshness: Duration
    statistic: Statistic = Statistic.PERCENTILE
    percentile: Annotated[float, Meta(gt=0, le=100)] = 50.0
    points: Name | None = None
    good_share: bool = False
    silence: bool = False
    no_data: Literal["hold", "alert", "ok"] = "hold"
    target: float | None = None
    at_least: bool = False
    touched_by: tuple[Text, ...] = ()


class SourceWire(Strict):
    """A source's raw tables, and how often they are read how far back."""

    tables: Annotated[
        tuple[Annotated[str, Meta(pattern=_TABLE, description=HOW_TO_WRITE[_TABLE])], ...], Meta(min_length=1)
    ]
    every: Duration
    overlap: Duration
    deep_every: Duration
    deep: Duration


class MetricsFile(Strict):
    """metrics.yaml: the sources, and every figure by name."""

    sources: dict[Source, SourceWire]
    metrics: dict[Name, MetricWire]


class CountryWire(Strict):
    """What a country's networks allow, and the estimated prices."""

    name: Text
    calling_code: CallingCode
    two_way_sms: bool
    sender: Literal["number", "name", "name_registered"]
    link_in_sms: bool
    voice: bool
    sms_usd: Annotated[float, Meta(ge=0)]
    voice_usd: Annotated[float, Meta(ge=0)]


class CountriesFile(Strict):
    """countries.yaml: where texts and calls go, and what they cost."""

    countries: Annotated[dict[CountryCode, CountryWire], Meta(min_length=1)]


class SeasonWire(Strict):
    """Days that are compared only with days of the same name."""

    name: Name
    first: date
    last: date


class CalendarsFile(Strict):
    """calendars.yaml: seasons."""

    timezone: Text = "Africa/Cairo"
    seasons: tuple[SeasonWire, ...] = ()


class InhibitionWire(Strict):
    """While an incident that fits `source` is open, those that fit `target` wait, where these labels are `equal`."""

    name: Name
    source: MatcherTexts
    target: MatcherTexts
    equal: tuple[Name, ...] = ()


class QuietSpanWire(Strict):
    """From one time of day until another, on the days it begins on."""

    start: TimeOfDay = field(name="from")
    end: TimeOfDay = field(name="to")
    days: tuple[Day, ...] = ()


class QuietHoursWire(Strict):
    """When it is quiet, and for what."""

    spans: Annotated[tuple[QuietSpanWire, ...], Meta(min_length=1)]
    timezone: Text = "Africa/Cairo"
    below: Literal["medium", "high"] = "high"


class FlappingWire(Strict):
    """From how many reopenings on an incident is flapping, and for how long it has to be steady afterwards."""

    reopenings: Annotated[int, Meta(ge=2, le=100)] = 3
    within: Duration = "1h"
    calm: Duration = "15m"


class NoiseFile(Strict):
    """noise.yaml: what waits, for what, and until when."""

    inhibitions: tuple[InhibitionWire, ...] = ()
    quiet_hours: QuietHoursWire | None = None
    break_through: tuple[Text, ...] = ()
    awake_for: Duration = "45m"
    flapping: FlappingWire = field(default_factory=FlappingWire)
    fold_above: Annotated[int, Meta(ge=1, le=100)] = 3
