"""One zip per function: main.py, the part of `shared` that it can reach, and the requirements of just that.

`python -m infra.tools.package --out DIR` writes DIR/FUNCTION/SHA256.zip for each function and DIR/release.json, which
is a -var-file of Terraform's as it stands. The same tree gives the same bytes on any machine: entries are sorted, have
no time of their own, and are stored rather than compressed (compressors differ from one machine to the next).
"""

import argparse
import hashlib
import io
import json
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from infra.tools.closure import Closure, closure_of
from infra.tools.sources import ROOT

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can name
READABLE = 0o100644 << 16
RELEASE = "release.json"


@dataclass(frozen=True, slots=True)
class Package:
    """A function's zip and what is in it, by name."""

    function: str
    files: Mapping[str, bytes]

    @property
    def content(self) -> bytes:
        """The zip."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for name in sorted(self.files):
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.external_attr = READABLE
                entry.create_system = 3
                archive.writestr(entry, self.files[name])
        return buffer.getvalue()


def package(function: str, root: Path = ROOT) -> Package:
    """Pack one function of the tree."""
    from infra.tools.pins import requirements_of  # noqa: PLC0415 - its parser takes a tenth of a second to load

    main = root / "functions" / function / "main.py"
    closure = closure_of(main, root=root)
    ours = (*closure.modules.values(), *_data(closure))
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in ours}
    requirements = requirements_of(closure.foreign).encode()
    return Package(function, {**files, "main.py": main.read_bytes(), "requirements.txt": requirements})


def functions(root: Path = ROOT) -> Sequence[str]:
    """Every function of the tree."""
    return sorted(main.parent.name for main in root.glob("functions/*/main.py"))


def write(out: Path, *, root: Path = ROOT) -> Iterator[tuple[str, Path]]:
    """Write every package, then release.json; yields each function and its zip. Other files in `out` stay."""
    release = {}
    for function in functions(root):
        content = package(function, root).content
        sha = hashlib.sha256(content).hexdigest()
        path = out / function / f"{sha}.zip"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        release[function] = sha
        yield function, path
    (out / RELEASE).write_text(json.dumps({"release": release}, indent=2) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Pack everything and say what is new since a release."""
    parser = argparse.ArgumentParser(prog="python -m infra.tools.package", description="One zip per function.")
    parser.add_argument("--out", type=Path, required=True, help="where the zips and release.json go")
    parser.add_argument("--since", type=Path, help="a release.json to compare with (by default the one in --out)")
    given = parser.parse_args(arguments)
    before = _release(given.since or given.out / RELEASE)
    print(f"{'function':<28}{'bytes':>9}  {'sha256':<12}  since the last release")  # noqa: T201 - what it is for
    for function, path in write(given.out):
        change = _change(before.get(function), path.stem)
        print(f"{function:<28}{path.stat().st_size:>9}  {path.stem[:12]}  {change}")  # noqa: T201
    for function in sorted(set(before) - set(functions())):
        print(f"{function:<28}{'':>9}  {'':<12}  gone")  # noqa: T201


def _data(closure: Closure) -> Iterator[Path]:
    """The data files of each package of which a module that asks where it lies (`__file__`) is taken along."""
    for name, patterns in _package_data().items():
        inside = [path for module, path in closure.modules.items() if module.rpartition(".")[0] == name]
        if any("__file__" in path.read_text(encoding="utf-8") for path in inside):
            for pattern in patterns:
                yield from inside[0].parent.glob(pattern)


@cache
def _package_data() -> Mapping[str, Sequence[str]]:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return dict(document["tool"]["setuptools"]["package-data"])


def _release(path: Path) -> Mapping[str, str]:
    return dict(json.loads(path.read_text(encoding="utf-8"))["release"]) if path.is_file() else {}


def _change(before: str | None, now: str) -> str:
    if before is None:
        return "new"
    return "unchanged" if before == now else "changed"


if __name__ == "__main__":
    main()
