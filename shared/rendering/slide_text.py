"""Texts on slides: plain, in the direction of their language, with what every program for slides understands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from shared.rendering.chart_colours import THEMES
from shared.rendering.chart_text import text_width
from shared.rendering.escaping import END_ISOLATE, ISOLATE

if TYPE_CHECKING:
    from lxml.etree import _Element
    from pptx.text.text import TextFrame, _Paragraph, _Run

FONT = "Arial"  # wherever slides are shown, with Arabic in it
LANGUAGES = {"ar": "ar-EG"}
COLOURS = THEMES["light"]
LEADING = 1.2  # a line's height, of the font's size
BULLET = 20.0  # points from a bullet to its text
FROM_THE_RIGHT, END = "\u202b", "\u202c"
LRM, RLM = "\u200e", "\u200f"
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067\ud800-\udfff\ufffe\uffff]")
_ISOLATED = re.compile(f"{ISOLATE}([^{ISOLATE}{END_ISOLATE}]*){END_ISOLATE}")
_RIGHT_TO_LEFT = re.compile("^[^A-Za-z]*[\u0590-\u08ff]")


@dataclass(frozen=True, slots=True)
class Said:
    """A paragraph. `size` and `before` (the room above it) are points, `colour` is a role of the charts' colours."""

    text: str
    size: float = 18.0
    colour: str = "ink"
    is_bold: bool = False
    is_bullet: bool = False
    is_figure: bool = False  # stands at the other end, as figures in columns do
    before: float = 0.0

    def height(self, width: float) -> float:
        """How many points it takes in that width."""
        room = width - BULLET if self.is_bullet else width
        return self.before + lines_of(self.text, self.size, room, is_bold=self.is_bold) * self.size * LEADING


def plain(text: str, locale: str) -> str:
    """The text as slides can hold it: without what XML forbids and without anybody's bidi overrides.

    PowerPoint shows isolating controls as boxes, so that marks do their work: the Latin run keeps its order and is,
    to its surroundings, one thing that stands in Arabic.
    """
    return _ISOLATED.sub(lambda found: _marked(found[1], locale), _FORBIDDEN.sub("", text)).translate(_LOOSE)


def directed(text: str, locale: str) -> str:
    """The text for places that do not know the direction of their language, as the keys of charts."""
    shown = plain(text, locale)
    return f"{FROM_THE_RIGHT}{shown}{END}" if locale == "ar" else shown


def lines_of(text: str, size: float, width: float, *, is_bold: bool = False) -> int:
    """How many lines a text takes in that width (points), rarely fewer than it will."""
    wide = 1.06 if is_bold else 1.0
    lines, used, space = 1, 0.0, text_width(" ", size) * wide
    for word in text.split(" "):
        needed = text_width(word, size) * wide
        if used and used + space + needed > width:
            lines, used = lines + 1, needed
        else:
            used += (space if used else 0.0) + needed
        while used > width:  # a word without an end is broken anywhere
            lines, used = lines + 1, used - width
    return lines


def write(frame: "TextFrame", paragraphs: Iterable[Said], locale: str) -> None:
    """Put the paragraphs into a frame, which holds nothing yet."""
    for number, said in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = plain(said.text, locale)
        _style(run, said, locale)
        _direct(paragraph, said, locale)


def localized(properties: "_Element", locale: str) -> None:
    """Say the language of a run's properties, and the font of Arabic script in it."""
    properties.set("lang", LANGUAGES.get(locale, "en-US"))
    if locale == "ar":
        after = properties.find(qn("a:hlinkClick"))
        font = parse_xml(f'<a:cs {nsdecls("a")} typeface="{FONT}"/>')
        properties.append(font) if after is None else after.addprevious(font)


def colour(role: str) -> RGBColor:
    """A colour of the charts by its role."""
    return RGBColor.from_string(COLOURS[role].removeprefix("#").upper())


def _style(run: "_Run", said: Said, locale: str) -> None:
    run.font.size = Pt(said.size)
    run.font.bold = said.is_bold
    run.font.color.rgb = colour(said.colour)
    localized(run.font._rPr, locale)  # noqa: SLF001 - python-pptx has no language of its own kind


def _direct(paragraph: "_Paragraph", said: Said, locale: str) -> None:
    is_arabic = locale == "ar"
    at_end = said.is_figure is not is_arabic
    paragraph.alignment = PP_ALIGN.RIGHT if at_end else PP_ALIGN.LEFT
    paragraph.space_before = Pt(said.before)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - nor directions, nor bullets
    if is_arabic:
        properties.set("rtl", "1")
    indent = BULLET if said.is_bullet else 0.0
    properties.set("marL", str(Pt(indent)))
    properties.set("indent", str(-Pt(indent)))
    bullet = '<a:buChar {} char="•"/>' if said.is_bullet else "<a:buNone {}/>"
    properties.append(parse_xml(bullet.format(nsdecls("a"))))


def _marked(text: str, locale: str) -> str:
    if locale != "ar":
        return text
    return f"{RLM}{text}{RLM}" if _RIGHT_TO_LEFT.match(text) else f"{RLM}{LRM}{text}{LRM}{RLM}"


_LOOSE = str.maketrans(dict.fromkeys((ISOLATE, END_ISOLATE)))
