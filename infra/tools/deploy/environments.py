"""The environments of infra/env: which project each one is, refused while a placeholder is left in it."""

import re
from dataclasses import dataclass
from pathlib import Path

from infra.tools.estate import PLACEHOLDER
from shared.errors import ConfigurationError

PREFIX = "soukmon"  # every name in the cloud begins with it, see infra/manifest.tf
PROJECT = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Environment:
    """One installation: its name, its project and its file of values."""

    name: str
    project: str
    file: Path

    @property
    def state_bucket(self) -> str:
        """Where Terraform keeps its state; made by infra/bootstrap."""
        return f"{self.project}-{PREFIX}-state"

    @property
    def releases_bucket(self) -> str:
        """Where packages and the records of releases are; made by infra/bootstrap."""
        return f"{self.project}-{PREFIX}-releases"

    @property
    def seals_bucket(self) -> str:
        """Where the seals of the record are."""
        return f"{self.project}-{PREFIX}-seals"


def read(name: str, root: Path) -> Environment:
    """The environment of that name; raises ConfigurationError that names file, line and fix."""
    file = root / "infra" / "env" / f"{name}.tfvars"
    where = file.relative_to(root)
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigurationError(f"{where}: missing; write it as infra/env/staging.tfvars is written") from error
    _refuse_placeholders(text, str(where))
    project = str(_values(text, str(where)).get("project", "")).strip('"')
    if not PROJECT.fullmatch(project):
        raise ConfigurationError(f'{where}: project is missing; write project = "your-project-id"')
    return Environment(name, project, file)


def _refuse_placeholders(text: str, where: str) -> None:
    lines = [number for number, line in enumerate(text.splitlines(), 1) if PLACEHOLDER in line.partition("#")[0]]
    if lines:
        others = f" (and in {len(lines) - 1} more lines)" if lines[1:] else ""
        raise ConfigurationError(
            f"{where}:{lines[0]}: put a value of your own in place of {PLACEHOLDER}-...{others}, or take the line out"
        )


def _values(text: str, where: str) -> dict[str, object]:
    import hcl2  # noqa: PLC0415 - a parser takes its time; only deployments need it
    from lark.exceptions import UnexpectedInput  # noqa: PLC0415

    try:
        return dict(hcl2.loads(text))
    except UnexpectedInput as error:
        raise ConfigurationError(f"{where}:{error.line}: is not Terraform's way of writing values") from error
