"""The indexes our queries need, once: SQLite creates them, and production's are made from the same list."""

from shared.ports import Query

# collection -> the (equal fields..., order field) combinations that are asked for
INDEXES: dict[str, tuple[tuple[str, ...], ...]] = {
    "incidents": (
        ("due_at",),
        ("promise_at",),
        ("warn_at",),
        ("may_close", "resolved_at"),
        ("opened_at",),
        ("service", "opened_at"),
        ("is_open", "opened_at"),
        ("is_open", "severity", "opened_at"),
        ("is_open", "service", "opened_at"),
        ("is_open", "rule", "opened_at"),
        ("is_open", "severity", "service", "opened_at"),
        ("is_open", "last_told_at"),
        ("inhibits_now", "opened_at"),
        ("held_by", "opened_at"),
        ("digest", "opened_at"),
        ("resolved_at",),
    ),
    "groups": (),
    "timeline": (("at",), ("incident", "seq")),
    "notifications": (
        ("due_at",),
        ("planned_at",),
        ("incident", "planned_at"),
        ("bulletin", "planned_at"),
        ("provider_id",),
        ("recipient", "channel", "sent_at"),
        ("recipient", "channel", "due_at"),
    ),
    "receipts": (("at",),),
    "outbox": (("due_at",),),
    "dead_letters": (("received_at",),),
    "threads": (),
    "nonces": (),
    "heartbeats": (),
    "evaluations": (),
    "evidence": (),
    "impacts": (),
    "impact_statements": (),
    "diagnoses": (),
    "changes": (("at",), ("service", "at")),
    "amendments": (),
    "bulletins": (),
    "answered": (),
    "spending": (),
    "game_days": (("at",),),
    "audits": (),
    "duty_changes": (("rotation", "seq"),),
    "silences": (("end",),),
    "drafts": (("incident", "created_at"), ("is_open", "created_at")),
    "procedures": (("next_at",), ("incident", "started_at"), ("is_open", "started_at")),
    "checks": (),
    "status": (),
    "status_posts": (("opened_at",),),
    "status_mails": (),
    "subscriptions": (("handle",), ("state", "confirmed_at")),
    "subscription_asks": (),
    "tasks": (("incident", "created_at"), ("is_open", "due_at"), ("remind_at",)),
    "continuity_reviews": (("at",),),
    "health": (),
    "job_locks": (),
    "job_runs": (("job", "started_at"), ("job", "is_due", "started_at")),
    "reports": (("is_open", "at"), ("report", "at"), ("at",)),
    "windows": (("end",), ("is_open", "end"), ("owes", "end")),
    "audited": (("seq",),),
    "chains": (),
    "post_mortems": (("remind_at",), ("is_open", "due_at")),
    "post_mortem_revisions": (),
    "breaches": (("due_at",), ("declared_at",), ("code", "declared_at")),
    "sealed": (),
    "tallies": (),
    "sealed_lines": (("incident", "at"),),
    "security_signals": (("incident", "at"), ("at",)),
    "containments": (("breach", "asked_at"), ("look_at",)),
}


def fields_of(query: Query) -> tuple[str, ...]:
    """The index a query needs; raises LookupError for a query that has none."""
    needed = (*query.equal, query.order_by) if query.order_by else tuple(query.equal)
    if needed and needed not in INDEXES[query.collection]:
        raise LookupError(f"no index on {query.collection} for {needed}")
    return needed
