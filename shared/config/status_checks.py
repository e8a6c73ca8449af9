"""What the status page says has to come from somewhere: probes that exist, incidents that a rule makes."""

from collections.abc import Iterator

from shared.config.faults import Finding, Level, Path
from shared.config.noise_checks import certain_labels, may_fit, meant
from shared.config.suggesting import one_of
from shared.domain.configuration import Configuration
from shared.domain.status import circle

FILE = "status.yaml"


def status_findings(configuration: Configuration) -> Iterator[Finding]:
    """What does not fit in status.yaml."""
    page = configuration.status
    around = circle(page.components)
    if around:
        what = f"they need each other in a circle: {' > '.join(around)}"
        fix = f"take {around[1]} out of the needs of {around[0]}, or the other way round"
        yield Finding(Level.ERROR, FILE, ("components", around[0], "needs"), what, fix)
    known = list(certain_labels(configuration))
    for name, component in page.components.items():
        path: Path = ("components", name)
        for index, probe in enumerate(component.probes):
            if probe not in page.probes:
                what, fix = (
                    f"there is no probe {probe}",
                    "add it under probes:" + (", or " + one_of(page.probes, probe) if page.probes else ""),
                )
                yield Finding(Level.ERROR, FILE, (*path, "probes", index), what, fix)
        for index, alternative in enumerate(component.incidents):
            if not any(may_fit(alternative, one) for one in known):
                what, fix = "no rule makes anything that fits", meant(alternative, known)
                yield Finding(Level.ERROR, FILE, (*path, "incidents", index), what, fix)
        if not component.probes and not component.incidents:
            what, fix = "nothing ever speaks for it", "write probes: [NAME], or incidents: [['rule=\"uptime\"']]"
            yield Finding(Level.ERROR, FILE, path, what, fix)


def unprobed_findings(configuration: Configuration) -> Iterator[Finding]:
    """In production every probe has an address, or the page could not tell how its components are."""
    for name, probe in configuration.status.probes.items():
        if not probe.url:
            what, fix = "nobody looks at it", "write the address to fetch, or take the probe out"
            yield Finding(Level.ERROR, FILE, ("probes", name, "url"), what, fix)
