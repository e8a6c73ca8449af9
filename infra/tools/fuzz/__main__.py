"""Coverage-guided fuzzing of every reader and every way into a function: `make fuzz ARGS="--seconds 60 --only slack"`.

Prints what was tried, a line for each target. Exit 1 when something was found; the input is kept in the named file, and
libFuzzer's last lines say what it did.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.tools.fuzz.house import House
from infra.tools.fuzz.targets import doors, parsers

KEPT = Path("build/fuzz")
SLOWEST_SECONDS = 20  # for one input, on a slow machine
LONGEST = 100_000
EVERY = [one.name for one in (*parsers(), *doors(House.__new__(House)))]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run came to; `found` are the files of inputs that must not be."""

    target: str
    inputs: int
    coverage: int
    found: tuple[Path, ...]
    said: str = ""


def fuzz(target: str, *, seconds: int, kept: Path) -> Outcome:
    """Run one target for so long; raises RuntimeError where the fuzzer itself fails."""
    folder = kept / target.replace("/", "-")
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={seconds}", f"-timeout={SLOWEST_SECONDS}", f"-max_len={LONGEST}"]
    options = [*limits, f"-artifact_prefix={folder}/", "-print_final_stats=1"]
    command = [sys.executable, "-m", "infra.tools.fuzz.guided", target, str(folder / "corpus"), *options]
    before = set(folder.glob("*-*"))
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)  # noqa: S603 - ourselves
    said = done.stderr.decode("utf-8", "replace")
    found = tuple(sorted(set(folder.glob("*-*")) - before))
    if done.returncode and not found:
        raise RuntimeError(f"{target}: the fuzzer itself failed\n{said[-2_000:]}")
    return Outcome(target, _last(r"number_of_executed_units:\s+(\d+)", said), _last(r"cov: (\d+)", said), found, said)


def _last(pattern: str, text: str) -> int:
    return int((re.findall(pattern, text) or ["0"])[-1])


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=20, help="for each target (default: 20)")
    parser.add_argument("--only", default="", help="targets with this in their name")
    wish = parser.parse_args(arguments)
    found = 0
    for name in (one for one in EVERY if wish.only in one):
        outcome = fuzz(name, seconds=wish.seconds, kept=KEPT)
        told = ", ".join(map(str, outcome.found)) or "nothing"
        print(f"{name:36} {outcome.inputs:>9,} inputs  {outcome.coverage:>6,} branches  found: {told}", flush=True)  # noqa: T201
        if outcome.found:
            found += 1
            print("\n".join(outcome.said.splitlines()[-25:]), flush=True)  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
