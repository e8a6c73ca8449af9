"""When which edition of a report is made: provisional while data is missing, final once and never again."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.periods import Period
from shared.domain.reports import Edition

CATCH_UP = timedelta(days=2)  # a report that is later than this was not missed: nobody waits for it any more


class Issue(StrEnum):
    """What is to be done about a report now."""

    FINAL = "everything is there"
    FINAL_WITH_GAPS = "waited for long enough"
    PROVISIONAL = "something is missing yet"
    WAIT = "told as provisional, still something missing"
    DONE = "the final edition is out"

    @property
    def edition(self) -> Edition | None:
        """The edition to make, if any."""
        return _EDITIONS.get(self)


_EDITIONS = {
    Issue.FINAL: Edition.FINAL,
    Issue.FINAL_WITH_GAPS: Edition.FINAL,
    Issue.PROVISIONAL: Edition.PROVISIONAL,
}


@dataclass(frozen=True, slots=True)
class File:
    """A file of an edition in the archive, and what it hashes to (SHA-256, hex)."""

    locale: str
    form: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Issued:
    """What has been issued of one report over one period, with the files of its newest edition."""

    report: str
    period: str
    edition: Edition
    at: datetime
    files: tuple[File, ...] = ()
    editions: tuple[str, ...] = field(default_factory=tuple)

    @property
    def id(self) -> str:
        """Its name in the store."""
        return issued_id(self.report, self.period)

    @property
    def is_open(self) -> bool:
        """True until the final edition is out."""
        return self.edition is not Edition.FINAL


def issued_id(report: str, period: str) -> str:
    """The name under which a report's editions over a period are kept."""
    return f"{report}-{period}"


def issue(issued: Issued | None, period: Period, *, is_complete: bool, now: datetime, final_after: timedelta) -> Issue:
    """What to do about the report over this period."""
    if issued is not None and not issued.is_open:
        return Issue.DONE
    if is_complete:
        return Issue.FINAL
    if now >= period.end + final_after:
        return Issue.FINAL_WITH_GAPS
    return Issue.WAIT if issued is not None else Issue.PROVISIONAL


def with_edition(issued: Issued | None, made: Issued) -> Issued:
    """The record after another edition."""
    before = issued.editions if issued is not None else ()
    return replace(made, editions=(*before, made.edition))
