"""Cloud Build results: failures are signals, successes are on the record."""

from datetime import datetime

from shared.domain.signals import NotASignal, Signal, SignalKind, digest
from shared.inbound.envelopes import Envelope
from shared.inbound.values import https, instant, known, mapping, summary, text, title

FAILED = frozenset({"FAILURE", "INTERNAL_ERROR", "TIMEOUT", "EXPIRED"})
FINISHED = frozenset({"SUCCESS", "CANCELLED"})


def parse(envelope: Envelope, *, now: datetime) -> Signal | NotASignal:
    """A failed build fires per trigger and branch; everything else needs nobody."""
    build = mapping(envelope.payload)
    status = title(build.get("status")) or title(envelope.attributes.get("status"))
    finished = instant(build.get("finishTime")) or envelope.time or instant(build.get("createTime")) or now
    if status not in FAILED:
        outcome = "recorded" if status in FINISHED else "ignored"
        words = f"build finished with {status}" if status in FINISHED else f"build is {status or 'without a status'}"
        return NotASignal(outcome, words, envelope.event_id, finished)
    names = mapping(build.get("substitutions"))
    trigger = title(names.get("TRIGGER_NAME")) or title(build.get("buildTriggerId"))
    branch = title(names.get("BRANCH_NAME"))
    failure = mapping(build.get("failureInfo"))
    return Signal(
        event_id=envelope.event_id,
        fingerprint=digest("build", trigger, branch),
        key=digest("build", text(build.get("id")), status),
        alert_type="build.failed",
        source="build",
        service="delivery",
        title=title(f"Build {trigger or text(build.get('id'))} failed on {branch or 'unknown branch'} ({status})"),
        summary=summary(failure.get("detail")) or summary(build.get("statusDetail")),
        occurred_at=finished,
        received_at=now,
        kind=SignalKind.FIRING,
        labels=known(trigger=trigger, branch=branch),
        values=known(build=title(build.get("id")), commit=title(names.get("COMMIT_SHA"))[:12], status=status),
        links=known(log=https(build.get("logUrl"))),
    )
