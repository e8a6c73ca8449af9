"""One target under libFuzzer, which keeps what reaches new code and goes on from there; a process of its own.

`python -m infra.tools.fuzz.guided TARGET FOLDER [libFuzzer's options]`. atheris is installed by `make fuzz` alone.
"""

import random
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["shared"]):
    from infra.tools.fuzz.house import House
    from infra.tools.fuzz.targets import doors, parsers

from infra.tools.fuzz.spoiling import spoilt


def main() -> None:
    """Never returns: libFuzzer ends the process, with 0 when its time is over and nothing was found."""
    name, corpus, *options = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="soukmon-fuzz-") as folder:
        target = next(one for one in [*parsers(), *doors(House(Path(folder)))] if one.name == name)
        for number, seed in enumerate(target.seeds):
            (Path(corpus) / f"seed-{number}").write_bytes(seed)
        atheris.Setup([sys.argv[0], corpus, *options], target.run, custom_mutator=_mutated)
        atheris.Fuzz()


def _mutated(data: bytes, longest: int, seed: int) -> bytes:
    """Half of the time as JSON, half of the time as bytes: either alone misses what the other finds."""
    dice = random.Random(seed)  # noqa: S311 - nothing here is secret
    changed: bytes = spoilt(data, dice) if dice.randrange(2) else atheris.Mutate(data, longest)
    return changed[:longest]


if __name__ == "__main__":
    main()
