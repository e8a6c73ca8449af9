"""The JSON schema of what receive_measurement takes: `python -m infra.local.ci.measurement_schema` writes it anew."""

from pathlib import Path

import msgspec

from shared.inbound.measurements import BodyWire

FILE = Path(__file__).resolve().parents[3] / "functions" / "receive_measurement" / "measurement.schema.json"


def text() -> str:
    """The schema as it is written to its file."""
    (top,), components = msgspec.json.schema_components((BodyWire,), ref_template="#/$defs/{name}")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What receive_measurement takes",
        **top,
        "$defs": components,
    }
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
