"""What is printed is text: nothing that came from outside moves a cursor, renames a window or turns a line around."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from shared.rendering.escaping import printable


class PlainText:
    """A stream that leaves out control characters (but line breaks and tabs) and bidi controls."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what can be seen of the text."""
        return self._stream.write("\t".join(printable(part) for part in text.split("\t")))

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - everything else is the stream's own
        return getattr(self._stream, name)


@contextmanager
def plain_output() -> Iterator[None]:
    """Both streams of this process write plain text meanwhile."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = PlainText(before[0]), PlainText(before[1])
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
