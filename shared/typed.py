"""Data -> the types that we declare, from several threads at once.

The first use of a dataclass or Struct makes msgspec build a description of it and keep it with the class before it is
whole; a second thread that meets it then crashes the interpreter (msgspec 0.22, eight threads, within a second). So the
first use of each type is one thread's at a time.
"""

import threading
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_known: set[Any] = set()
_building = threading.Lock()


def convert(data: object, kind: type[T]) -> T:
    """`msgspec.convert`; raises msgspec.ValidationError."""
    _describe(kind)
    return msgspec.convert(data, kind)


def decode_json(text: bytes | str, kind: type[T]) -> T:
    """`msgspec.json.decode` into a type; raises msgspec.DecodeError for all that is no such JSON.

    msgspec itself lets two other errors out: for a text that is no UTF-8, and for one nested thousands deep.
    """
    _describe(kind)
    try:
        return msgspec.json.decode(text, type=kind)
    except UnicodeDecodeError as error:
        raise msgspec.DecodeError(f"not UTF-8: {error}") from error
    except RecursionError:
        raise msgspec.DecodeError("nested too deeply") from None


def _describe(kind: Any) -> None:  # noqa: ANN401 - a type, or something like tuple[Hold, ...]
    if kind not in _known:
        with _building:
            msgspec.json.Decoder(kind)  # describes the type and all that it holds
            _known.add(kind)
