"""Tolerant readers: numbers as strings, three kinds of date, missing keys and wrong types never raise."""

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from shared.domain.redaction import redact
from shared.domain.signals import MAX_TEXT, MAX_TITLE, bounded

_RFC3339 = re.compile(r"^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?\s*([Zz]|[+-]\d\d:?\d\d)?$")
_DAY = re.compile(r"^\d{4}-\d\d-\d\d$")
_WHOLE = re.compile(r"^[+-]?[0-9]{1,19}$")
_INT64 = 2**63
_KEPT_CONTROL = {"\n", "\t"}


def mapping(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - JSON is anything
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: Any) -> list[Any]:  # noqa: ANN401
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str:  # noqa: ANN401
    """A string or number as text; everything else is empty."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def number(value: Any) -> str:  # noqa: ANN401
    """An int64 as string or number, or a double, as plain text ("132", "12.4"); anything else is empty."""
    written = text(value).strip()
    if _WHOLE.match(written):
        return str(int(written))
    try:
        found = float(written)
    except ValueError:
        return ""
    if not math.isfinite(found):
        return ""
    return str(int(found)) if found.is_integer() and abs(found) < _INT64 else repr(found)


def instant(value: Any) -> datetime | None:  # noqa: ANN401
    """RFC 3339 with up to 9 digits, {year, month, day}, {seconds, nanos|nanoseconds} or epoch seconds; UTC."""
    try:
        if isinstance(value, str):
            return _from_text(value)
        if isinstance(value, Mapping):
            return _from_parts(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return None


def title(value: Any) -> str:  # noqa: ANN401
    """A text from outside as a title: one line, scrubbed and bounded."""
    return bounded(redact(" ".join(_printable(text(value)[: 4 * MAX_TITLE]).split())), MAX_TITLE)


def summary(value: Any) -> str:  # noqa: ANN401
    """A longer text from outside, scrubbed and bounded."""
    return bounded(redact(_printable(text(value)[: 2 * MAX_TEXT]).strip()), MAX_TEXT)


def https(value: Any) -> str:  # noqa: ANN401
    """The value when it is an https address without blanks or unprintable characters, else empty."""
    address = text(value).strip()
    is_clean = address.isprintable() and " " not in address and len(address) < MAX_TEXT
    return address if address.startswith("https://") and is_clean else ""


def known(**values: str) -> dict[str, str]:
    """The given values without the empty ones."""
    return {name: value for name, value in values.items() if value}


def _from_text(value: str) -> datetime | None:
    if _DAY.match(value):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    found = _RFC3339.match(value.strip())
    if found is None:
        digits = value.strip()
        return instant(int(digits)) if digits.isdigit() and len(digits) <= 12 else None  # noqa: PLR2004 - epoch seconds
    day, clock, fraction, zone = found.groups()
    offset = "+00:00" if zone is None or zone in "Zz" else zone
    return datetime.fromisoformat(f"{day}T{clock}.{(fraction or '0')[:6].ljust(6, '0')}{offset}").astimezone(UTC)


def _from_parts(value: Mapping[str, Any]) -> datetime | None:
    if "year" in value:
        return datetime(int(value["year"]), int(value.get("month") or 1), int(value.get("day") or 1), tzinfo=UTC)
    if "seconds" in value:
        nanos = int(value.get("nanos") or value.get("nanoseconds") or 0)
        return datetime.fromtimestamp(int(value["seconds"]) + nanos / 1e9, UTC)
    return None


def _printable(value: str) -> str:
    return "".join(c for c in value if c in _KEPT_CONTROL or unicodedata.category(c) not in {"Cc", "Cs"})
