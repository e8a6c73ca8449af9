"""The step `storage`: what was approved is deleted, what nobody uses is proposed; see shared.usecases.cleaning."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.domain.cleanup import State
from shared.domain.index_review import ALERT
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.errors import NotMeasuredError
from shared.ports.store import StateStore
from shared.usecases.cleaning import carry_out, expire, open_proposals, propose
from shared.usecases.unused import Stock


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What is looked at; `without` says what could not be, and what to set."""

    store: StateStore
    stocks: Sequence[Stock]
    without: tuple[str, ...] = ()

    def __call__(self, run: Run) -> StepResult:
        """Everything of an earlier run that was approved, then new proposals. A dry run says what it would do."""
        ended = 0 if run.is_dry else expire(store=self.store, now=run.at)
        carried = carry_out(self.stocks, store=self.store, now=run.at, is_dry=run.is_dry)
        found, unknown = [], [*self.without]
        for stock in self.stocks:
            try:
                found += list(stock.unused(run.at))
            except NotMeasuredError as error:
                unknown.append(str(error))
        if len(unknown) == len(self.stocks) + len(self.without):
            return StepResult("storage", Verdict.SKIPPED, "; ".join(unknown))
        new = 0 if run.is_dry else propose(found, store=self.store, now=run.at)
        waiting = [one for one in open_proposals(self.store) if one.state is State.OPEN]
        said = [f"{len(waiting)} proposals wait: soukmon cleanup list"] if waiting else []
        fix = "give our account the right to delete there, or carry it out with soukmon cleanup approve --now"
        bad = [Finding(one.partition(":")[0], one, Verdict.WARN, fix, ALERT) for one in carried.refused]
        return replace(
            result_of(bad, reason="; ".join([*said, *unknown])),
            evidence={
                "unused": len(found),
                "unused_bytes": sum(one.size for one in found),
                "proposed": new,
                "waiting": len(waiting),
                "deleted": len(carried.deleted),
                "freed_bytes": sum(one.candidate.size for one in carried.deleted),
                "changed": len(carried.changed),
                "expired": ended,
            },
        )
