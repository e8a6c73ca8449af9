"""Plain values into the wire shapes."""

from typing import Any, TypeVar

import msgspec

from shared import typed
from shared.config.faults import Path

T = TypeVar("T")


def decode(data: Any, shape: type[T], path: Path = ()) -> T:  # noqa: ANN401 - whatever the file holds
    """The value in its shape; raises Fault with the path of what does not fit."""
    try:
        return typed.convert(data, shape)
    except msgspec.ValidationError as error:
        from shared.config.complaints import explained  # noqa: PLC0415 - functions need it only when they fail

        raise explained(str(error), data, shape).under(path) from error
