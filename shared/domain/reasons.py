"""The names of every decision: why somebody is told, and why nobody is."""

from enum import StrEnum


class Notify(StrEnum):
    """Why a message goes out."""

    FIRST = "first notification"
    SEVERITY_RAISED = "severity raised"
    REMINDER = "still firing after the reminder interval"
    REOPENED = "fired again inside the reopen window"
    ESCALATED = "not acknowledged in time"
    REPEATED = "last step repeated"
    LAST_RESORT = "unowned incident"
    ACK_EXPIRED = "acknowledgement expired"
    PROMISE_BROKEN = "promise broken"
    RESOLVED = "resolved"
    ACKNOWLEDGED = "acknowledged"
    UPDATED = "living message updated"
    FALLBACK = "another channel failed"
    REPLY = "answer to somebody's action"
    ASKED = "escalation asked for"
    HANDED_OVER = "handed over"
    NOTED = "note added"
    BULLETIN = "bulletin"
    RELEASED = "held back until now"
    FLAPPING = "comes and goes, told once until it is steady"
    STABLE = "steady again"
    REOPENED_BY_HAND = "reopened by hand"
    MERGED = "merged into another incident"
    SEVERITY_LOWERED = "severity lowered"
    PROMISE_AT_RISK = "promise about to break"
    ROLE_GIVEN = "role given"


class Suppressed(StrEnum):
    """Why nothing goes out; what happened is still on the record."""

    DUPLICATE_DELIVERY = "the same event was delivered before"
    COUNTED = "counted in the open incident, inside its reminder interval"
    ACKNOWLEDGED = "counted; somebody owns the incident"
    STALE = "event older than the maximum age, recorded without a page"
    OUT_OF_ORDER = "resolve is older than the last fire"
    BEFORE_RESOLVE = "began before the incident was resolved, recorded without a page"
    NOTHING_OPEN = "resolve for nothing that is open"
    RECOVERED_IN_GROUP_WAIT = "recovered before anybody had to be told"
    BY_STORM = "folded into the storm incident"
    BY_SILENCE = "silenced by somebody"
    BY_INHIBITION = "a worse incident explains it"
    NO_RULE = "no rule asks for a message"
    INCIDENT_OVER = "the incident was resolved before this was sent"
    INCIDENT_OWNED = "the incident was acknowledged before this was sent"
    REPLACED = "a newer message to the same recipient replaced this one"
    BY_BUDGET = "the month's budget for texts and calls is spent; told by other means"
    BY_RATE_CAP = "delayed by the recipient's rate cap"
    BY_MAINTENANCE = "began inside a maintenance window"
    BY_QUIET_HOURS = "waits for the end of the quiet hours"
    BY_FLAPPING = "one more flip of an incident that comes and goes"
    IN_DIGEST = "told in the digest of the quiet hours"
    FOLDED = "folded into another message, because too many were waiting"
    OTHERS_FIRING = "others that were merged into it still fire"
    NO_LONGER_PROMISED = "the severity was lowered before this was sent"
    AWAKE = "the person is awake; told by Slack and e-mail instead"


Reason = Notify | Suppressed
