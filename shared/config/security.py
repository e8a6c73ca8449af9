"""security.yaml put together."""

from shared.config.durations import duration
from shared.config.faults import Fault
from shared.config.security_wire import SecurityFile
from shared.domain.security_plan import AccessPlan, Borne, RemoteFile, SecurityPlan, UpdatePlan


def security(file: SecurityFile) -> SecurityPlan:
    """What counts as safe here. Raises Fault."""
    access, known, updates = file.access, file.vulnerabilities, file.updates
    web = known.web_lock
    if web is not None and not web.repository:
        raise Fault(("vulnerabilities", "web_lock", "repository"), "no repository is named", "write owner/name")
    return SecurityPlan(
        AccessPlan(access.members, access.public_buckets, access.public_services, duration(access.keys_for)),
        duration(known.fresh_for),
        {name: Borne(one.because, one.until) for name, one in known.ignored.items()},
        None if web is None else RemoteFile(web.repository, web.path),
        file.rules,
        UpdatePlan(updates.repository, updates.branch, updates.lock, duration(updates.cool_down)),
    )
