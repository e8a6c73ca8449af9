"""JSON schemas of the YAML files, from the wire shapes: editors check and complete with them."""

from pathlib import Path
from typing import Any

import msgspec

from shared.config.files import FILES

FOLDER = Path(__file__).parent / "schema"


def schemas() -> dict[str, dict[str, Any]]:
    """One schema per file name without ending; the files in schema/ hold exactly these."""
    return {name: _schema(name, shape) for name, shape in FILES.items()}


def text(schema: dict[str, Any]) -> str:
    """The schema as it is written to its file."""
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def _schema(name: str, shape: type[msgspec.Struct]) -> dict[str, Any]:
    (top,), components = msgspec.json.schema_components((shape,), ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{name}.yaml",
        **top,
        "$defs": components,
    }


def write() -> None:
    """Put every schema into its file, for editors."""
    for name, schema in schemas().items():
        (FOLDER / f"{name}.json").write_text(text(schema), encoding="utf-8")


if __name__ == "__main__":
    write()
