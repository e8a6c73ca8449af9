"""Log entries (errors, security events) from the log sink's topic -> signals."""

import functions_framework

from shared import bootstrap
from shared.inbound import log_entries
from shared.inbound.changes import change_of
from shared.inbound.envelopes import Envelope
from shared.runtime import event_receiver
from shared.usecases.accept import accept
from shared.usecases.changes import record_change


@functions_framework.http
@event_receiver
def receive_log_entry(event: Envelope) -> None:
    """Entries of our own services are left out here too: the sink's filter is the first guard, not the only one."""
    clock = bootstrap.clock()
    parsed = log_entries.parse(event, now=clock.now(), own_services=bootstrap.settings().own_services)
    accept(parsed, store=bootstrap.state(), publisher=bootstrap.publisher(), clock=clock)
    changed = change_of(event, now=clock.now())
    record_change(changed, store=bootstrap.state(), publisher=bootstrap.publisher(), clock=clock)
