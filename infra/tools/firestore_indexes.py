"""Writes firestore_indexes.json, from which Terraform makes the indexes that the code's queries are held against."""

import json
from pathlib import Path

from shared.adapters.indexes import INDEXES

FILE = Path(__file__).resolve().parents[1] / "firestore_indexes.json"


def text() -> str:
    """{collection: [[equal fields..., order field], ...]}."""
    lines = (f"  {json.dumps(name)}: {json.dumps(indexes)}" for name, indexes in INDEXES.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
