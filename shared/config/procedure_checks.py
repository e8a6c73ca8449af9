"""Whether procedures fit the rest of the configuration: people who exist, incidents that some rule makes."""

from collections.abc import Iterator

from shared.config.faults import Finding, Level, Path
from shared.config.noise_checks import certain_labels, may_fit, meant
from shared.config.suggesting import one_of
from shared.domain.configuration import Configuration
from shared.domain.drafts import AUDIENCE
from shared.domain.notifications import GAME_DAY
from shared.domain.oncall import Directory
from shared.domain.restricted import SEALED_LABELS

FILE = "procedures.yaml"
FOREIGN = frozenset({"automatic", "role"})  # neither is a name on the on-call list


def procedure_findings(configuration: Configuration) -> Iterator[Finding]:
    """What does not fit in procedures.yaml."""
    known = [*certain_labels(configuration), SEALED_LABELS]
    for index, procedure in enumerate(configuration.procedures.by_name.values()):
        path: Path = ("procedures", index)
        for number, matchers in enumerate(procedure.starts_for):
            if not any(may_fit(matchers, one) for one in known):
                what = f"no rule makes anything that starts {procedure.name}"
                fix = meant(matchers, known)
                yield Finding(Level.ERROR, FILE, (*path, "starts_for", number), what, fix)
        for number, step in enumerate(procedure.steps):
            if not _exists(step.by, configuration.directory):
                what, fix = f"there is no {step.by.replace(':', ' ')}", one_of(_named(configuration.directory), step.by)
                yield Finding(Level.ERROR, FILE, (*path, "steps", number, "by"), what, fix)


def _exists(by: str, directory: Directory) -> bool:
    return by.partition(":")[0] in FOREIGN or by in _known(directory)


def _named(directory: Directory) -> Iterator[str]:
    """Who may be named: neither whom rehearsals reach nor people outside."""
    return (one for one in _known(directory) if not one.startswith((f"person:{GAME_DAY}", f"person:{AUDIENCE}")))


def _known(directory: Directory) -> list[str]:
    names = {"team": directory.teams, "oncall": directory.rotations, "person": directory.people}
    return [f"{kind}:{name}" for kind, known in names.items() for name in known]
