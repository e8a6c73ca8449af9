"""Makes the checks a few at a time; one that fails, or hangs, keeps no other from being made."""

import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.pool import ThreadPool

from infra.tools.doctor.outcomes import Check, Examined, failed, stopped_by

WORKERS = 8
SECONDS = 25.0  # for one check; each request within it gives up sooner by itself


def examine(checks: Sequence[Check], *, seconds: float = SECONDS, workers: int = WORKERS) -> Iterator[Examined]:
    """Each check's outcome, in order. The threads are daemons: what hangs does not keep the program from ending.

    Should all of them hang, the rest are given up once each round of them has had its time.
    """
    errors: dict[str, BaseException] = {}
    rounds = -(-len(checks) // workers)
    last = time.monotonic() + rounds * seconds
    pool = ThreadPool(workers)
    runs = [(check, pool.apply_async(check.run, error_callback=_noting(errors, check))) for check in checks]
    pool.close()
    for check, run in runs:
        run.wait(min(seconds, max(0.0, last - time.monotonic())))
        if not run.ready():
            outcome = failed(
                f"no answer within {seconds:g} s", "try again; look at the network and at the service's status"
            )
        elif check.name in errors:
            outcome = stopped_by(errors[check.name])
        else:
            outcome = run.get()
        yield Examined(check.name, outcome)


def _noting(errors: dict[str, BaseException], check: Check) -> Callable[[BaseException], None]:
    def note(error: BaseException) -> None:
        errors[check.name] = error

    return note
