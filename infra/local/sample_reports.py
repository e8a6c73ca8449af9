"""The demo's reports, made in the background once its pages are served: every report there is, for its last period."""

import logging
import threading
import time
from collections.abc import Callable

from shared import bootstrap
from shared.domain.periods import last_period
from shared.domain.report_plans import ReportPlan
from shared.usecases.make_reports import Press, make

PATIENCE_SECONDS = 5.0  # for the report that is being made while the platform ends

log = logging.getLogger(__name__)


class SampleReports:
    """Makes the reports one after the other; one that fails keeps none of the others back."""

    def __init__(self, press: Press, *, say: Callable[[str], None]) -> None:
        self._press, self._say = press, say
        self._stopped = threading.Event()
        self._maker = threading.Thread(target=self.make_all, daemon=True)

    def run(self) -> None:
        """Make them in the background."""
        self._maker.start()

    def close(self) -> None:
        """Begin no other report."""
        self._stopped.set()
        if self._maker.is_alive():
            self._maker.join(PATIENCE_SECONDS)

    def make_all(self) -> None:
        """Make what was not made before, and say so of each."""
        plans = list(self._press.config.reporting.reports.values())
        for number, plan in enumerate(plans, 1):
            if self._stopped.is_set():
                return
            self._say(f"  report {number} of {len(plans)}: {self._made(plan)}")
        self._say(f"  the reports are at {bootstrap.dashboard_url()}/reports")

    def _made(self, plan: ReportPlan) -> str:
        period, began = last_period(plan.period, self._press.clock.now()), time.monotonic()
        named = f"{plan.name} of {period.name}"
        try:
            issued = make(plan, period, self._press)
        except Exception:  # whatever a renderer comes upon, the others are made
            log.exception("a sample report could not be made", extra={"report": plan.name})
            return f"{named} could not be made; the log says why"
        if issued is None:
            return f"{named} is there already"
        return f"{named} ({issued.edition}, {len(issued.files)} files, {time.monotonic() - began:.1f} s)"
