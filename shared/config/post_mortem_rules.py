"""post_mortems.yaml put together, and whether its readers exist."""

from collections.abc import Iterator

from shared.config.durations import duration
from shared.config.faults import Finding, Level
from shared.config.post_mortems_wire import PostMortemsFile
from shared.config.suggesting import one_of
from shared.domain.configuration import Configuration
from shared.domain.post_mortems import PostMortemRules

FILE = "post_mortems.yaml"


def post_mortem_rules(file: PostMortemsFile) -> PostMortemRules:
    """Which incidents get a post-mortem. Raises Fault."""
    due = {severity: duration(text) for severity, text in file.due.items()}
    return PostMortemRules(due, file.readers, file.repeats)


def post_mortem_findings(configuration: Configuration) -> Iterator[Finding]:
    """Readers of the monthly review whom nobody knows, or whom no mail reaches."""
    directory = configuration.directory
    for index, target in enumerate(configuration.post_mortems.readers):
        kind, _, name = target.partition(":")
        known = directory.teams if kind == "team" else directory.people
        if name not in known:
            what, fix = f"there is no {kind} {name}", one_of(known, name)
            yield Finding(Level.ERROR, FILE, ("readers", index), what, fix)
