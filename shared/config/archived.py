"""The configuration as files that can be kept and loaded again: what `load` would read of a directory."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.config.files import FILES
from shared.config.loader import PACKAGED, load
from shared.domain.configuration import Configuration


def files_of(directory: Path | None = None) -> dict[str, str]:
    """The text of each file by its name; runbooks as "runbooks/outage.md"."""
    home = directory or PACKAGED
    found = [home / f"{name}.yaml" for name in FILES if (home / f"{name}.yaml").exists()]
    found += sorted((home / "runbooks").glob("*.md"))
    return {path.relative_to(home).as_posix(): path.read_text(encoding="utf-8") for path in found}


def loaded(files: Mapping[str, str]) -> Configuration:
    """What the loader makes of such files. Raises ConfigurationError."""
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load(Path(folder))
