"""A procedure under way in words: what is to be done, by whom and by when, and what became of it."""

import re
from datetime import UTC, datetime

from shared.domain.drafts import Redrafted
from shared.domain.oncall import Directory
from shared.domain.procedure_runs import Moved, StepRun
from shared.domain.procedures import Procedures, ProcedureStep
from shared.rendering.catalogue import recorded, words
from shared.rendering.view import cairo

_NAMED = re.compile(r"([a-z0-9_]+)/([a-z0-9_]+)@([0-9TZ]+)")
_INSTANT = "%Y%m%dT%H%M%SZ"


def moved_line(moved: Moved, directory: Directory) -> str:
    """One transition for the incident's threads, in English as everything there: who did what, and how it is shown."""
    actor = moved.entries[0].actor
    name = directory.people[actor].name if actor in directory.people else actor
    if not moved.steps:
        return f"{moved.run.title('en')}: {moved.outcome} by {name}"
    one = moved.steps[0]
    shown = one.failure or one.rehearsed if not one.state.is_settled else one.evidence
    return f"{one.step.text('en')}: {moved.outcome}, {name}" + (f" ({shown})" if shown else "")


def draft_line(changed: Redrafted, directory: Directory) -> str:
    """What became of a draft, for the incident's threads."""
    draft = changed.draft
    name = directory.people[draft.changed_by].name if draft.changed_by in directory.people else draft.changed_by
    reason = f" ({draft.reason})" if draft.reason else ""
    return f"{draft.text('en').title}: {changed.outcome}, {name}{reason}"


def step_name(procedure: str, one: StepRun) -> str:
    """The step and its end as a notification carries them, in no language."""
    until = f"{one.due_at.astimezone(UTC):{_INSTANT}}" if one.due_at else ""
    return f"{procedure}/{one.step.name}@{until}"


def step_note(note: str, procedures: Procedures, locale: str) -> str:
    """The steps that a notification is about, for its reader; what is no longer configured reads by its name."""
    found = [_told(*named, procedures=procedures, locale=locale) for named in _NAMED.findall(note)]
    return "; ".join(found) or note


def steps_named(note: str, procedures: Procedures) -> list[ProcedureStep]:
    """The steps that a notification is about, as they are configured now."""
    found = (_step(procedure, name, procedures) for procedure, name, _ in _NAMED.findall(note))
    return [step for step in found if step is not None]


def _step(procedure: str, name: str, procedures: Procedures) -> ProcedureStep | None:
    known = procedures.by_name.get(procedure)
    return next((one for one in known.steps if one.name == name), None) if known else None


def _told(procedure: str, name: str, until: str, *, procedures: Procedures, locale: str) -> str:
    step = _step(procedure, name, procedures)
    text = step.text(locale) if step else recorded(name, locale)
    due_at = datetime.strptime(until, _INSTANT).replace(tzinfo=UTC)
    return f"{text} ({words(locale)['until']} {cairo(due_at, locale)})"
