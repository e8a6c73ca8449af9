"""Procedures: what has to be done in an emergency, by whom and by when, and which incidents start one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from shared.domain.incidents import Incident
from shared.domain.labels import labels_of_incident
from shared.domain.matchers import Matcher, all_accept
from shared.domain.signals import TEST_SOURCE

BY_ITSELF = "automatic"


class Anchor(StrEnum):
    """From when a step's clock runs."""

    DETECTION = "detection"
    START = "start"
    PREVIOUS = "previous"


class Evidence(StrEnum):
    """What a person has to give for a step to count as done."""

    NOTE = "note"
    LINK = "link"


class Doing(StrEnum):
    """What a step can have done by the machine; `usecases.procedure_actions` holds how."""

    STATUS_PAGE = "status_page"
    DIAGNOSTICS = "diagnostics"
    ALERT_SENT = "alert_sent"
    ONCALL_NOTIFIED = "oncall_notified"
    RECOVERED = "recovered"
    DRAFT_CUSTOMER_MESSAGE = "draft_customer_message"
    DRAFT_RECOVERY_MESSAGE = "draft_recovery_message"
    CUSTOMERS_TOLD = "customers_told"
    RECOVERY_TOLD = "recovery_told"
    DRAFT_CUSTOMER_NOTICE = "draft_customer_notice"
    CUSTOMER_NOTICE_SENT = "customer_notice_sent"
    LEGAL_TOLD = "legal_told"
    EVIDENCE_KEPT = "evidence_kept"
    REGULATOR_TOLD = "regulator_told"
    PREVENTION_OPENED = "prevention_opened"
    POST_MORTEM = "post_mortem"

    @property
    def only_looks(self) -> bool:
        """True when it sees whether others have done it; whoever they are, the step waits for nobody's word."""
        return self in _LOOKING


_LOOKING = frozenset(
    {
        Doing.STATUS_PAGE,
        Doing.DIAGNOSTICS,
        Doing.ALERT_SENT,
        Doing.ONCALL_NOTIFIED,
        Doing.RECOVERED,
        Doing.CUSTOMERS_TOLD,
        Doing.RECOVERY_TOLD,
        Doing.CUSTOMER_NOTICE_SENT,
        Doing.EVIDENCE_KEPT,
        Doing.REGULATOR_TOLD,
        Doing.POST_MORTEM,
    }
)


@dataclass(frozen=True, slots=True)
class ProcedureStep:
    """One thing that has to be done `within` its time from its anchor; None: the severity's resolution target.

    `by` is "automatic", "role:commander", or a target ("team:legal", "person:nour", "oncall:primary"). `act` is what
    the machine does: at once where the step is automatic, else when people have asked for it. With `two_persons` a
    second one has to confirm, with `dry_run` only after the machine has said what it would do. `remind` are the times
    before the end at which whoever is responsible is reminded. `texts` says in "en" and "ar" what is to be done.
    What is of use only `while_open` is left out when the incident is over before it is done.
    """

    name: str
    texts: Mapping[str, str]
    by: str
    within: timedelta | None
    anchor: Anchor = Anchor.DETECTION
    act: Doing | None = None
    evidence: Evidence = Evidence.NOTE
    two_persons: bool = False
    dry_run: bool = False
    remind: tuple[timedelta, ...] = ()
    while_open: bool = False

    @property
    def is_automatic(self) -> bool:
        """True when nobody has to ask for it: the machine does it, or sees by itself when others have."""
        return self.by == BY_ITSELF or (self.act is not None and self.act.only_looks)

    def text(self, locale: str) -> str:
        """What is to be done, in the reader's language, else in English."""
        return self.texts.get(locale) or self.texts["en"]


@dataclass(frozen=True, slots=True)
class Procedure:
    """The steps in their order; an incident that fits all matchers of one of `starts_for` starts it by itself."""

    name: str
    titles: Mapping[str, str]
    steps: tuple[ProcedureStep, ...]
    starts_for: tuple[tuple[Matcher, ...], ...] = ()

    def is_for(self, incident: Incident) -> bool:
        """True when the incident starts it; a rehearsal starts none."""
        if incident.source == TEST_SOURCE:
            return False
        labels = labels_of_incident(incident)
        return any(all_accept(matchers, labels) for matchers in self.starts_for)


@dataclass(frozen=True, slots=True)
class Procedures:
    """Every procedure by its name."""

    by_name: Mapping[str, Procedure] = field(default_factory=dict)

    def started_by(self, incident: Incident) -> tuple[Procedure, ...]:
        """Those that the incident starts by itself."""
        return tuple(one for one in self.by_name.values() if one.is_for(incident))
