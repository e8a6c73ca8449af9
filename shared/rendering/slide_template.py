"""The slides' master and layouts: python-pptx's own made 16:9, in our colours; outlines and readers work."""

from typing import TYPE_CHECKING

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from shared.rendering.slide_places import (
    CONTENT,
    COVER_PERIOD,
    COVER_TITLE,
    FOOTER,
    HEIGHT,
    NUMBER,
    STRIP,
    TITLE,
    WIDTH,
    Box,
)
from shared.rendering.slide_text import COLOURS, FONT, colour

if TYPE_CHECKING:
    from lxml.etree import _Element
    from pptx.presentation import Presentation as Slides
    from pptx.shapes.base import BaseShape
    from pptx.slide import SlideLayout

TITLE_LAYOUT, TEXT_LAYOUT, PLAIN_LAYOUT = "Title Slide", "Title and Content", "Title Only"
KEPT = frozenset({TITLE_LAYOUT, TEXT_LAYOUT, PLAIN_LAYOUT})
TITLE_SIZE, COVER_SIZE, PERIOD_SIZE, BODY_SIZE, FOOT_SIZE = 28, 44, 24, 18, 11
_PLACES = {
    PP_PLACEHOLDER.TITLE: TITLE,
    PP_PLACEHOLDER.BODY: CONTENT,
    PP_PLACEHOLDER.OBJECT: CONTENT,
    PP_PLACEHOLDER.FOOTER: FOOTER,
    PP_PLACEHOLDER.SLIDE_NUMBER: NUMBER,
    PP_PLACEHOLDER.CENTER_TITLE: COVER_TITLE,
    PP_PLACEHOLDER.SUBTITLE: COVER_PERIOD,
}
# What the theme of the default template says, and what ours says: who edits the slides finds our colours and font.
THEME = {
    b'<a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/>': (
        f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface="{FONT}"/>'.encode()
    ),
    **{
        was: COLOURS[role].removeprefix("#").upper().encode()
        for was, role in (
            (b"4F81BD", "first"),
            (b"C0504D", "second"),
            (b"9BBB59", "third"),
            (b"8064A2", "slowest"),
            (b"4BACC6", "typical"),
            (b"F79646", "before"),
        )
    },
}


def template(locale: str) -> "Slides":
    """A presentation without a slide, in the direction of the language."""
    made = Presentation()
    made.slide_width, made.slide_height = Pt(WIDTH), Pt(HEIGHT)
    _without_thumbnail(made)
    if locale == "ar":
        made.part._element.set("rtl", "1")  # noqa: SLF001 - python-pptx knows no directions
    for layout in list(made.slide_layouts):
        if layout.name not in KEPT:
            made.slide_layouts.remove(layout)
    _master(made, locale)
    for layout in made.slide_layouts:
        _layout(layout, locale)
    return made


def place(shape: "BaseShape", box: Box) -> None:
    """Put a shape there."""
    shape.left, shape.top, shape.width, shape.height = (Pt(n) for n in (box.left, box.top, box.width, box.height))


def _without_thumbnail(made: "Slides") -> None:
    """The template's picture of itself would stand for our slides in every folder."""
    package = made.part.package
    thumbnail = package.part_related_by(RELATIONSHIP_TYPE.THUMBNAIL)
    package.drop_rel(package.relate_to(thumbnail, RELATIONSHIP_TYPE.THUMBNAIL))


def _master(made: "Slides", locale: str) -> None:
    master = made.slide_master
    for shape in list(master.placeholders):
        _put(shape, locale)
    styles = master.element.find(qn("p:txStyles"))
    for style, size in (("p:titleStyle", TITLE_SIZE), ("p:bodyStyle", BODY_SIZE)):
        for level in styles.find(qn(style)):
            _level(level, locale)
            properties = level.find(qn("a:defRPr"))
            properties.set("sz", str(size * 100))
            properties.set("b", "1" if style == "p:titleStyle" else "0")
    master.shapes.element.insert(2, _strip(STRIP.mirrored(locale)))


def _layout(layout: "SlideLayout", locale: str) -> None:
    for shape in list(layout.placeholders):
        _put(shape, locale)
    if layout.name != TITLE_LAYOUT:
        return
    layout.background.fill.solid()
    layout.background.fill.fore_color.rgb = colour("slowest")
    for shape, size in zip(layout.placeholders, (COVER_SIZE, PERIOD_SIZE), strict=False):
        styles = shape.element.find(f".//{qn('a:lstStyle')}")
        for old in list(styles):
            styles.remove(old)
        side = 'algn="r" rtl="1"' if locale == "ar" else 'algn="l"'
        white = '<a:solidFill><a:schemeClr val="bg1"/></a:solidFill>'
        level = f'<a:lvl1pPr {nsdecls("a")} marL="0" indent="0" {side}><a:buNone/><a:defRPr sz="{size * 100}">{white}</a:defRPr></a:lvl1pPr>'  # fmt: skip  # noqa: E501
        styles.append(parse_xml(level))


def _put(shape: "BaseShape", locale: str) -> None:
    """In its place, its text at the side where reading begins; dates are not ours to say twice."""
    kind = shape.placeholder_format.type
    if kind == PP_PLACEHOLDER.DATE:
        shape.element.getparent().remove(shape.element)
        return
    place(shape, _PLACES[kind].mirrored(locale))
    frame = shape.element.find(f".//{qn('a:bodyPr')}")
    for side in ("lIns", "rIns", "tIns", "bIns"):
        frame.set(side, "0")
    frame.set("anchor", {PP_PLACEHOLDER.CENTER_TITLE: "b", PP_PLACEHOLDER.TITLE: "ctr"}.get(kind, "t"))
    for level in shape.element.iterfind(f".//{qn('a:lvl1pPr')}"):
        _level(level, locale, at_end=kind == PP_PLACEHOLDER.SLIDE_NUMBER)


def _level(level: "_Element", locale: str, *, at_end: bool = False) -> None:
    is_arabic = locale == "ar"
    level.set("algn", "r" if at_end is not is_arabic else "l")
    level.set("rtl", "1" if is_arabic else "0")


def _strip(box: Box) -> "_Element":
    """The one accent of every slide: a band at the edge where reading begins."""
    return parse_xml(
        f"<p:sp {nsdecls('p', 'a')}>"
        '<p:nvSpPr><p:cNvPr id="99" name="Accent"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{Pt(box.left)}" y="{Pt(box.top)}"/>'
        f'<a:ext cx="{Pt(box.width)}" cy="{Pt(box.height)}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        '<a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
    )
