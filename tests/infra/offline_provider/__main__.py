"""Terraform starts this: `python -m tests.infra.offline_provider SCHEMAS.json`.

OFFLINE_FORESEES=1 makes plans complete; OFFLINE_TAMPERED={"type": {"argument": ...}} is what was changed by hand.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

from tests.infra.offline_provider.server import serve


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


with tempfile.TemporaryDirectory(prefix="google-") as folder:
    tampered = json.loads(os.environ.get("OFFLINE_TAMPERED", "{}"))
    serve(
        Path(sys.argv[1]), Path(folder) / "socket", _say, foresees="OFFLINE_FORESEES" in os.environ, tampered=tampered
    )
