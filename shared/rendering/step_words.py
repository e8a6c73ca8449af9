"""What shows that a step is done, and a procedure's lines of the record, in the reader's language.

The machine says what it did in English sentences with their figures; what a person wrote stays as it was written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shared.domain.incidents import TimelineEntry
from shared.domain.procedure_runs import Run
from shared.rendering.catalogue import noted, words

OF_A_DRAFT, OF_A_STEP, OF_A_START = "draft", "procedure step", "procedure started"
BETWEEN = "; "


def shown_by(evidence: str, locale: str) -> str:
    """The evidence for its reader: a person's words and the machine's may stand side by side."""
    return BETWEEN.join(noted(part, locale) for part in evidence.split(BETWEEN))


def record_in_words(entries: Sequence[TimelineEntry], runs: Sequence[Run], locale: str) -> list[TimelineEntry]:
    """The record with procedures and their steps by what they are called, and not by the names that YAML has."""
    known = {run.procedure: run for run in runs}
    return [_in_words(entry, known, locale) for entry in entries]


def _in_words(entry: TimelineEntry, runs: Mapping[str, Run], locale: str) -> TimelineEntry:
    if entry.event == OF_A_DRAFT:
        return replace(entry, detail=noted(entry.detail, locale))
    if entry.event not in {OF_A_STEP, OF_A_START}:
        return entry
    procedure, _, said = entry.detail.partition(", ")
    run = runs.get(procedure)
    if run is None:
        return entry
    name, _, what = said.partition(": ")
    step = run.named(name)
    called = step.step.text(locale) if step else name
    told = [run.title(locale), f"{called}: {shown_by(what, locale)}" if what else called]
    return replace(entry, detail=words(locale)["comma"].join(part for part in told if part))
