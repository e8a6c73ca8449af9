"""The figures of a simulated span: facts by what they mean to a reader."""

from infra.local.year import facts
from infra.local.year.oracle.messages import PAGES

EVENTS = {"opened": "incidents", "escalated": "escalations", "held back": "held back", "closed": "closed"}
KINDS: dict[type[facts.Fact], str] = {
    facts.Fired: "signals",
    facts.JobRan: "jobs",
    facts.ReportIssued: "report editions",
    facts.Failing: "provider faults",
    facts.Silenced: "silences made or ended",
    facts.Maintained: "windows opened or closed",
    facts.TookOver: "duties taken over",
    facts.IdleTick: "ticks with nothing due",
}


def figure_of(fact: facts.Fact) -> str | None:
    """The figure that the fact adds one to, if any."""
    match fact:
        case facts.Line():
            return EVENTS.get(fact.event)
        case facts.Acted():
            return f"{'' if fact.happened else 'refused '}{fact.action}" if fact.action == "acknowledge" else None
        case facts.Accepted():
            return "pages" if fact.row.reason in PAGES else "other messages"
        case _:
            return KINDS.get(type(fact))
