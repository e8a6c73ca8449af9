"""What an earlier run of the same job saw at a step, to compare with."""

from collections.abc import Mapping

from shared.domain.jobs import Run, StepResult
from shared.ports.store import StateStore
from shared.usecases.jobs.runs import history

LOOKS_BACK = 20


def last_result(store: StateStore, run: Run, step: str) -> StepResult | None:
    """The newest result of the step in a run that ended before this one and really looked; a dry one does not count."""
    for earlier in history(store, run.job, limit=LOOKS_BACK):
        if earlier.id == run.id or earlier.is_dry or not earlier.is_over or earlier.started_at > run.started_at:
            continue
        found = next((one for one in earlier.results if one.step == step and one.has_looked), None)
        if found is not None:
            return found
    return None


def last_numbers(store: StateStore, run: Run, step: str) -> Mapping[str, float]:
    """The numbers of that result's evidence; none before there was one."""
    found = last_result(store, run, step)
    return {name: value for name, value in (found.evidence if found else {}).items() if isinstance(value, int | float)}
