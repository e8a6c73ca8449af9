"""What runs now, and whether it is what was released."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from infra.tools.deploy.changes import running
from infra.tools.deploy.installation import Installation
from shared.usecases.releases import Release

SHORT = 12


@dataclass(frozen=True, slots=True)
class Standing:
    """The last release, and the package that each function runs."""

    release: Release | None
    running: Mapping[str, str]

    @property
    def different(self) -> Mapping[str, str]:
        """Function -> what is wrong with it."""
        released = self.release.functions if self.release else {}
        return {
            name: _difference(released.get(name), self.running.get(name))
            for name in sorted(released.keys() | self.running.keys())
            if released.get(name) != self.running.get(name)
        }


def standing(here: Installation) -> Standing:
    """Read the last release and the state."""
    here.terraform.init()
    return Standing(here.releases.last(), running(here.terraform.shown()))


def addresses(here: Installation) -> Mapping[str, str]:
    """Function -> where it is called. Raises LookupError before anything was deployed."""
    here.terraform.init()
    outputs = (here.terraform.shown().get("values") or {}).get("outputs") or {}
    if "urls" not in outputs:
        raise LookupError(f"nothing is deployed in {here.environment.name} yet; addresses come with the first release")
    return dict(outputs["urls"]["value"])


def lines(found: Standing, environment: str) -> Iterator[str]:
    """The release in one line, then every function that does not run its package."""
    if found.release is None:
        yield f"{environment} has no release yet"
    else:
        yield _headline(found.release, environment)
        same = len(found.release.functions.keys() - found.different.keys())
        yield f"{same} of {len(found.release.functions)} functions run its packages"
    for name, what in found.different.items():
        yield f"{name}: {what}"


def _headline(release: Release, environment: str) -> str:
    back = f", which brought back release {release.restores}" if release.restores else ""
    return (
        f"{environment} runs release {release.number} since {release.when:%Y-%m-%d %H:%M} UTC{back}: "
        f"commit {release.commit}, deployed by {release.who}"
    )


def _difference(released: str | None, runs: str | None) -> str:
    if runs is None:
        return f"is not there (released: {(released or '')[:SHORT]})"
    if released is None:
        return f"runs {runs[:SHORT]}, which no release knows"
    return f"runs {runs[:SHORT]}, released was {released[:SHORT]}"
