"""The weekly security scan: its steps by their names."""

from collections.abc import Mapping
from functools import partial

from shared.usecases.jobs.access import Reviewed, access, rules
from shared.usecases.jobs.dependencies import Exposed, dependencies
from shared.usecases.jobs.running import Step


def security_steps(scan: Exposed, reviewed: Reviewed) -> Mapping[str, Step]:
    """What is looked at from inside; certificates and headers are looked at from outside."""
    return {
        "dependencies": partial(dependencies, scan),
        "access": partial(access, reviewed),
        "rules": partial(rules, reviewed),
    }
