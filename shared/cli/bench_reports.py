"""`soukmon bench reports`: what each report takes to make, in both languages and in a process of its own."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from infra.local.demo_history import demo_day, history
from infra.local.functions import ROOT
from infra.local.warehouse.preparing import prepare
from shared.adapters.clocks import SystemClock
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.adapters.sqlite_state import SqliteState
from shared.cli.bench import Figure
from shared.config.loader import load
from shared.domain.periods import last_period
from shared.domain.reports import Edition
from shared.usecases.compose_report import compose, gather
from shared.usecases.report_making import all_files

SECONDS, MEMORY = 15.0, 512 * 2**20  # what the heaviest may take
POINTS = "soukmon.metric_points"


def run() -> Iterator[Figure]:
    """Every report over fourteen weeks of generated history, against what the heaviest may take."""
    now = SystemClock().now().replace(second=0, microsecond=0)
    with tempfile.TemporaryDirectory(prefix="soukmon-bench-") as folder:
        _fill(Path(folder), now)
        for name in load().reporting.reports:
            seconds, memory = _alone(name, folder, now)
            yield Figure(f"make {name}", f"{seconds:.1f} s", seconds / SECONDS, f"x {SECONDS:.0f} s")
            yield Figure(f"memory of {name}", f"{memory / 2**20:.0f} MiB", memory / MEMORY, "x 512 MiB")


def measure(name: str, folder: str, now: str) -> dict[str, float]:
    """Make the report's files as `send_report` does; seconds of it, and the most bytes this process ever held."""
    since = time.perf_counter()
    at, config = datetime.fromisoformat(now), load()
    plan = config.reporting.reports[name]
    ports = {"store": SqliteState(Path(folder) / "state.db"), "warehouse": DuckDBWarehouse(Path(folder) / "w.duckdb")}
    material = gather(plan, last_period(plan.period, at), config=config, now=at, **ports)  # type: ignore[arg-type]
    sizes = [len(one.data) for one in all_files(compose(material, Edition.FINAL), config)]
    return {"seconds": time.perf_counter() - since, "memory": _most_memory(), "bytes": sum(sizes)}


def _most_memory() -> int:
    """The most bytes this process ever held; getrusage would count the one that started it as well (proc(5), VmHWM)."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024


def _fill(folder: Path, now: datetime) -> None:
    SqliteState(folder / "state.db")
    warehouse = DuckDBWarehouse(folder / "w.duckdb")
    prepare(warehouse)
    warehouse.append(POINTS, list(history(demo_day(now))))
    warehouse.close()


def _alone(name: str, folder: str, now: datetime) -> tuple[float, float]:
    """In a fresh interpreter, so that imports count and no other report's memory does."""
    call = f"measure({name!r}, {folder!r}, {now.isoformat()!r})"
    words = [sys.executable, "-c", f"import json; from {__name__} import measure; print(json.dumps({call}))"]
    done = subprocess.run(words, cwd=ROOT.parent, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    found = json.loads(done.stdout)
    return found["seconds"], found["memory"]
