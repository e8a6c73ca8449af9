"""Just enough of a PDF reader (ISO 32000-1) for what our engine writes: texts in reading order, bookmarks, metadata."""

import re
import zlib
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter

OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
STREAM = re.compile(rb"^(.*?)\nstream\r?\n(.*)\nendstream", re.DOTALL)
MAPPED = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
MAPPED_RANGE = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4})> <([0-9A-F]+)>")
IN_PARENTHESES = rb"(?:\\.|[^\\()]|\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\))*"  # balanced ones stand so
TOKEN = re.compile(
    rb"[-\d.]+ (?P<y>[-\d.]+) cm"
    rb"|/ActualText<FEFF(?P<actual>[0-9A-F]+)>"
    rb"|/ActualText\((?P<plain>" + IN_PARENTHESES + rb")\)"
    rb"|/(?:Alt|Lang)(?:<[0-9A-F]*>|\(" + IN_PARENTHESES + rb"\))"
    rb"|/(?P<font>f\d+) [\d.]+ Tf"
    rb"|(?P<reversed>/ReversedChars BMC)"
    rb"|\((?P<text>" + IN_PARENTHESES + rb")\)"
    rb"|<(?P<digits>[0-9A-F]+)>"
    rb"|(?P<shown>T[Jj])"
    rb"|(?P<end>\nET\n)",
    re.DOTALL,
)
UNSEEN = re.compile("[\u200b\u2060\u2066-\u2069]")  # isolates, where a line may break, where it may not
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True)
class Pdf:
    """A file as its bytes."""

    data: bytes

    @cached_property
    def objects(self):
        return {int(found[1]): found[2] for found in OBJECT.finditer(self.data)}

    @property
    def pages(self):
        """The text of each page, a line of it a line."""
        return [self._text(one) for one in self.objects.values() if b"/Type/Page/" in one]

    @property
    def text(self):
        return "\n".join(self.pages)

    @property
    def bookmarks(self):
        return [_string(one, b"Title") for one in self.objects.values() if b"/Title" in one and b"/Dest" in one]

    @property
    def pictures(self):
        """What is said of each picture to who cannot see it."""
        return [_string(one, b"Alt") for one in self.objects.values() if b"/S/Figure" in one]

    @property
    def catalog(self):
        return next(one for one in self.objects.values() if b"/Type/Catalog" in one).decode("latin-1")

    @property
    def metadata(self):
        """XMP, as text."""
        return next(_stream(one) for one in self.objects.values() if b"/Type/Metadata" in one).decode()

    @property
    def languages(self):
        """The languages of its parts."""
        shown = (_stream(one) if STREAM.match(one) else one for one in self.objects.values())
        return {found.decode() for one in shown for found in re.findall(rb"/Lang\((\w+)\)", one)}

    @property
    def joined(self):
        """The letters that are drawn as one."""
        maps = (_letters(_stream(one)) for one in self.objects.values() if b"/Type/CMap" in one)
        return {letters for one in maps for letters in one.values() if len(letters) > 1}

    def tags(self, name):
        """How many structure elements there are of that type."""
        return sum(f"/S/{name}/".encode() in one for one in self.objects.values())

    def _text(self, page):
        fonts = self._fonts(page)
        runs = _runs(_stream(self.objects[_reference(page, b"Contents")]), fonts)
        lines = groupby(runs, key=itemgetter(0))
        return "\n".join("".join(text for _, text in line) for _, line in lines)

    def _fonts(self, page):
        resources = self.objects[_reference(page, b"Resources")]
        named = re.search(rb"/Font<<(.*?)>>", resources) or re.search(rb"/Font (\d+) 0 R", resources)
        listed = named[1] if b"/" in named[1] else self.objects[int(named[1])]
        found = re.findall(rb"/(f\d+) (\d+) 0 R", listed)
        return {
            name: _letters(_stream(self.objects[_reference(self.objects[int(n)], b"ToUnicode")])) for name, n in found
        }


def _runs(content, fonts):
    """(height, text) of all that is shown, in the order of drawing; what is one piece from right to left is turned."""
    y, letters, actual, is_reversed, glyphs, piece = 0, {}, None, False, [], []
    for token in TOKEN.finditer(content):
        match token.lastgroup:
            case "y":
                y = round(float(token["y"]))
            case "actual":
                actual = _utf16(token["actual"])
            case "plain":
                actual = _unescaped(token["plain"]).decode("latin-1")
            case "font":
                letters = fonts[token["font"]]
            case "reversed":
                is_reversed = True
            case "text" | "digits":
                raw = bytes.fromhex(token["digits"].decode()) if token["digits"] else _unescaped(token["text"])
                glyphs += [letters[raw[n : n + 2]] for n in range(0, len(raw), 2)]
            case "shown":
                piece.append("".join(reversed(glyphs) if is_reversed else glyphs) if actual is None else actual)
                actual, glyphs = None, []
            case "end":
                yield y, UNSEEN.sub("", "".join(reversed(piece) if is_reversed else piece))
                is_reversed, piece = False, []


def _letters(cmap):
    text = cmap.decode("latin-1").encode()
    found = {bytes.fromhex(code.decode()): _utf16(letters) for code, letters in MAPPED.findall(text)}
    for first, last, letters in MAPPED_RANGE.findall(text):
        for n in range(int(last, 16) - int(first, 16) + 1):
            found[(int(first, 16) + n).to_bytes(2, "big")] = chr(int(letters, 16) + n)
    return found


def _utf16(digits):
    return bytes.fromhex(digits.decode()).decode("utf-16-be")


def _unescaped(text):
    return ESCAPE.sub(lambda found: _escaped(found[1]), text)


def _escaped(code):
    return bytes([int(code, 8)]) if code.isdigit() else ESCAPES.get(code, code)


def _string(one, key):
    if found := re.search(rb"/" + key + rb"<FEFF([0-9A-F]*)>", one):
        return _utf16(found[1])
    found = re.search(rb"/" + key + rb"\((" + IN_PARENTHESES + rb")\)", one, re.DOTALL)
    return _unescaped(found[1]).decode("latin-1")


def _reference(one, key):
    return int(re.search(rb"/" + key + rb" (\d+) 0 R", one)[1])


def _stream(one):
    head, body = STREAM.match(one).groups()
    return zlib.decompress(body) if b"/FlateDecode" in head else body
