"""Maintenance windows as plain lines, for a terminal and for answers in Slack."""

from collections.abc import Iterator, Sequence

from shared.domain.checklists import Line, Phase
from shared.domain.maintenance import Window
from shared.domain.rollbacks import Rollback
from shared.rendering.escaping import one_line
from shared.rendering.maintenance import window_hours

EVIDENCE = 120


def window_line(window: Window) -> str:
    """One window in one line."""
    what = " ".join(map(str, window.matchers)) or "everything"
    kind = "emergency  " if window.emergency else ""
    return f"{window.id}  {what}  {kind}{window_hours(window)}  by {window.author}: {one_line(window.reason)}"


def window_lines(window: Window, checklist: Sequence[Line]) -> Iterator[str]:
    """One window with everything that is known of it."""
    yield window_line(window)
    if window.closed_by:
        yield f"  {'cancelled' if window.is_cancelled else 'ended'} by {window.closed_by}"
    if window.outside:
        yield f"  outside the low-traffic hours: {one_line(window.outside)}"
    if window.loud:
        yield "  not ready: it mutes nothing until every line of before is ticked"
    if window.rollback is not None:
        yield from _rollback(window.rollback)
    if window.held:
        yield f"  begun inside: {', '.join(window.held)}"
    for phase in Phase:
        found = [line for line in checklist if line.item.phase is phase]
        if found:
            yield f"  {phase}:"
            yield from map(_line, found)


def _line(line: Line) -> str:
    mark, by = ("x", f"  ({line.by}: {one_line(line.evidence)[:EVIDENCE]})") if line.is_done else (" ", "")
    return f"    [{mark}] {line.item.id}: {line.item.en}{by}"


def _rollback(rollback: Rollback) -> Iterator[str]:
    wish = rollback.wish
    severe = [f"{wish.severity} or worse"] if wish.severity else []
    when = " or ".join([*severe, *(f"rule {rule}" for rule in wish.rules)])
    yield f"  rollback {wish.target}, on {when or 'demand'}: {rollback.state}{_said(rollback.detail)}"
    if rollback.checked_at is not None:
        answer = "answers" if rollback.is_reachable else "does not answer"
        yield f"  its target {answer}{_said(rollback.checked)}"


def _said(text: str) -> str:
    return f" ({one_line(text)[:EVIDENCE]})" if text else ""
