"""What runs by the calendar: each due time once, by Egypt's clock, also where that is put forward or back."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from infra.local.year import facts
from infra.local.year.oracle.cairo import DAY, ZONE, instant, local_day, occurrences
from infra.local.year.oracle.verdicts import Court
from shared.domain.configuration import Configuration
from shared.domain.periods import PeriodKind

HOUR = timedelta(hours=1)
CATCHES_UP = 2 * DAY  # what was due before the system began may be made up for
LATEST = 3 * HOUR  # a job waits for another's locks, or is cut off and goes on
WEEKLY = "0 8 * * 0"


@dataclass
class Occurrences:
    """Collects what ran; `finish` compares it with the calendar."""

    config: Configuration
    court: Court
    start: datetime
    jobs: dict[tuple[str, datetime], datetime] = field(default_factory=dict)
    editions: dict[tuple[str, str, str], datetime] = field(default_factory=dict)
    notices: dict[str, set[datetime]] = field(default_factory=dict)
    digests: dict[tuple[str, str], int] = field(default_factory=dict)

    def take(self, fact: facts.Fact) -> None:
        """Note it; twice is wrong at once."""
        if isinstance(fact, facts.JobRan):
            self._ran(fact)
        elif isinstance(fact, facts.ReportIssued):
            self._issued(fact)
        elif isinstance(fact, facts.Accepted) and fact.row.bulletin.startswith(("oncall-week-", "digest-")):
            self._told(fact)

    def finish(self, end: datetime) -> None:
        """Everything that was due until then has run."""
        for plan in self.config.jobs:
            due = set(occurrences(plan.at, self.start, end - LATEST))
            self.court.check("jobs", len(due))
            for at in sorted(due - {at for name, at in self.jobs if name == plan.name}):
                self.court.find("jobs", at, plan.name, f"did not run for {_local(at)}")
        for report in self.config.reporting.reports.values():
            self._finish_report(report.name, report.at, report.period, end)
        for at in occurrences(WEEKLY, self.start, end - HOUR):
            self.court.check("notices")
            if at not in self.notices.get(f"oncall-week-{local_day(at)}", set()):
                self.court.find("notices", at, "the week's duties", "were not told")

    def _ran(self, fact: facts.JobRan) -> None:
        plan = next(one for one in self.config.jobs if one.name == fact.job)
        self.court.check("jobs")
        if (fact.job, fact.due) in self.jobs:
            self.court.find("jobs", fact.at, fact.job, f"ran twice for {_local(fact.due)}")
        elif fact.due not in occurrences(plan.at, fact.due - DAY, fact.due + DAY):
            self.court.find("jobs", fact.at, fact.job, f"ran for {_local(fact.due)}, when it was not due")
        elif fact.due >= self.start and not timedelta(0) <= fact.at - fact.due <= LATEST:
            self.court.find("jobs", fact.at, fact.job, f"ran for {_local(fact.due)} so late")
        self.jobs[fact.job, fact.due] = fact.at

    def _issued(self, fact: facts.ReportIssued) -> None:
        key = (fact.report, fact.period, fact.edition)
        self.court.check("reports")
        if key in self.editions:
            self.court.find("reports", fact.at, fact.report, f"a second {fact.edition} edition about {fact.period}")
        self.editions[key] = fact.at

    def _finish_report(self, name: str, cron: str, kind: PeriodKind, end: datetime) -> None:
        final_after = self.config.reporting.final_after
        for at in occurrences(cron, self.start - CATCHES_UP, end - final_after - DAY):
            period, midnight = _period(kind, local_day(at)), instant(local_day(at), time())
            for edition, due in (("provisional", at), ("final", midnight + final_after)):
                made = self.editions.pop((name, period, edition), None)
                self.court.check("reports")
                if made is None and at >= self.start:
                    self.court.find("reports", due, name, f"no {edition} edition about {period}")
                elif made is not None and at >= self.start and not timedelta(0) <= made - due < HOUR:
                    self.court.find(
                        "reports", made, name, f"the {edition} edition about {period} was due {_local(due)}"
                    )
        for (report, period, edition), made in self.editions.items():
            if report == name and made < end - final_after - 2 * DAY:
                self.court.find("reports", made, name, f"a {edition} edition about {period}, for which none was due")

    def _told(self, fact: facts.Accepted) -> None:
        row = fact.row
        self.notices.setdefault(row.bulletin, set()).add(row.planned_at)
        key = (row.bulletin, f"{row.recipient} {row.channel}")
        self.digests[key] = self.digests.get(key, 0) + 1
        self.court.check("notices")
        if self.digests[key] > 1:
            self.court.find("notices", fact.at, row.bulletin, f"{row.recipient} was told twice ({row.channel})")
        if row.bulletin.startswith("digest-") and row.planned_at.astimezone(ZONE).time() < time(7):
            self.court.find("notices", fact.at, row.bulletin, "the digest came before the night was over")


def _period(kind: PeriodKind, day: date) -> str:
    """The name of the period that ended before this day."""
    if kind is PeriodKind.DAY:
        return str(day - DAY)
    if kind is PeriodKind.WEEK:
        return f"{day - 7 * DAY}-to-{day - DAY}"
    return f"{day - DAY:%Y-%m}"


def _local(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%a %d %b %Y %H:%M} in Egypt"
