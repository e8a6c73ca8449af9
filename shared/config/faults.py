"""What is wrong with a configuration, where, and what to write instead."""

from dataclasses import dataclass
from enum import StrEnum

from shared.errors import ConfigurationError

Path = tuple[str | int, ...]


def dotted(path: Path) -> str:
    """The path as people read it: alerts[3].condition."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


class Fault(ConfigurationError):  # noqa: N818 - not an error of ours: a fault of the file
    """A refusal whose file and line are not known yet; `path` leads to it inside the document."""

    def __init__(self, path: Path, what: str, fix: str) -> None:
        super().__init__(sentence(path, what, fix))
        self.path, self.what, self.fix = path, what, fix

    def under(self, path: Path) -> "Fault":
        """The same refusal, seen from further up in the document."""
        return Fault((*path, *self.path), self.what, self.fix)


class Level(StrEnum):
    """Whether a finding refuses the configuration or only asks for a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit together, in `file` at `path`."""

    level: Level
    file: str
    path: Path
    what: str
    fix: str


def sentence(path: Path, what: str, fix: str) -> str:
    """The one line that says it all."""
    place = dotted(path)
    return f"{place}: {what}; {fix}" if place else f"{what}; {fix}"
