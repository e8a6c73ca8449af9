"""Secrets of a local installation: made once, kept beside its state, readable by its owner only."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True, slots=True)
class LocalSecrets:
    """What the sandbox providers and the functions share."""

    link_key: str
    slack_token: str
    slack_signing_secret: str
    twilio_account: str
    twilio_token: str
    fcm_token: str
    probe_key: str
    rollback_key: str
    rollback_token: str
    sign_in_token: str
    google_token: str


def local_secrets(state_dir: Path) -> LocalSecrets:
    """The installation's secrets; the first call makes them, a later one those that an older version did not know."""
    path = state_dir / "secrets.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if kept.keys() >= {field.name for field in fields(LocalSecrets)}:
        return LocalSecrets(**kept)
    made = LocalSecrets(**(asdict(_new()) | kept))
    state_dir.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(made), file)
    draft.rename(path)
    return made


def _new() -> LocalSecrets:
    return LocalSecrets(
        link_key=secrets.token_urlsafe(32),
        slack_token=f"xoxb-sandbox-{secrets.token_hex(12)}",
        slack_signing_secret=secrets.token_hex(16),
        twilio_account=f"AC{secrets.token_hex(16)}",
        twilio_token=secrets.token_hex(16),
        fcm_token=secrets.token_urlsafe(24),
        probe_key=secrets.token_urlsafe(24),
        rollback_key=secrets.token_urlsafe(32),
        rollback_token=secrets.token_urlsafe(24),
        sign_in_token=secrets.token_urlsafe(32),
        google_token=secrets.token_urlsafe(24),
    )
