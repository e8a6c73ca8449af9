"""PNG pictures packed tighter: the renderer's own compression is fast and makes them three times as large."""

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
DATA = b"IDAT"
LENGTH, FRAME = 4, 12  # a chunk is its length, its name, its bytes and a checksum
BEST = 9


def packed(picture: bytes) -> bytes:
    """The same pixels, compressed as well as zlib can; raises ValueError for what is no PNG."""
    chunks = list(_chunks(picture))
    pixels = zlib.decompress(b"".join(body for name, body in chunks if name == DATA))
    first = next(index for index, (name, _) in enumerate(chunks) if name == DATA)
    others = [(name, body) for name, body in chunks if name != DATA]
    return SIGNATURE + b"".join(map(_framed, [*others[:first], (DATA, zlib.compress(pixels, BEST)), *others[first:]]))


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not picture.startswith(SIGNATURE):
        raise ValueError("not a PNG")
    at = len(SIGNATURE)
    while at < len(picture):
        (length,) = struct.unpack_from(">I", picture, at)
        start = at + 2 * LENGTH
        yield picture[at + LENGTH : start], picture[start : start + length]
        at += FRAME + length


def _framed(chunk: tuple[bytes, bytes]) -> bytes:
    name, body = chunk
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
