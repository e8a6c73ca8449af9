"""A presentation under way: slides with a title, a footer, a number and notes, and in the end the same bytes again."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.util import Pt

from shared.rendering.slide_places import EYEBROW, TITLE, Box
from shared.rendering.slide_template import FOOT_SIZE, PLAIN_LAYOUT, TEXT_LAYOUT, THEME, TITLE_SIZE, place, template
from shared.rendering.slide_text import Said, colour, lines_of, localized, plain, write

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide

Text = tuple[Box, Iterable[Said]]  # where, and what
LONG_TITLE_SIZE = 18.0
FOOTERS = (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a text stands on: a colour's role, and the points from its edges to the text (half of them above)."""

    role: str
    inset: float


@dataclass(frozen=True, slots=True)
class Deck:
    """The presentation in one language; `footer` stands on every slide but the first."""

    made: "Presentation"
    locale: str
    footer: str

    def slide(self, title: str, *, eyebrow: str = "", notes: Iterable[str] = (), text: Text | None = None) -> "Slide":
        """A new slide; `text` goes into the layout's own placeholder, put where it says."""
        slide = self.blank(PLAIN_LAYOUT if text is None else TEXT_LAYOUT)
        fits = lines_of(title, TITLE_SIZE, TITLE.width, is_bold=True) == 1
        self.title(slide, Said(title, TITLE_SIZE if fits else LONG_TITLE_SIZE, is_bold=True))
        if eyebrow:
            self.text(slide, EYEBROW, [Said(eyebrow, 13, "first", is_bold=True)], "Section")
        if text is not None:
            box, paragraphs = text
            place(slide.placeholders[1], box.mirrored(self.locale))
            write(slide.placeholders[1].text_frame, paragraphs, self.locale)
        self.notes(slide, notes)
        return slide

    def blank(self, layout: str) -> "Slide":
        """A slide of a layout, with nothing in it."""
        found = self.made.slide_layouts.get_by_name(layout)
        if found is None:
            raise LookupError(f"the template has no layout {layout!r}")
        return self.made.slides.add_slide(found)

    def title(self, slide: "Slide", said: Said) -> None:
        """The slide's title, which outlines and screen readers go by."""
        shape = slide.shapes.title
        if shape is None:
            raise LookupError("the layout has no title")
        write(shape.text_frame, [said], self.locale)

    def text(
        self, slide: "Slide", box: Box, paragraphs: Iterable[Said], name: str, ground: Ground | None = None
    ) -> None:
        """A text that stands by itself, on the slide's ground or on one of its own."""
        shape = slide.shapes.add_textbox(0, 0, 0, 0)
        shape.name = plain(name, self.locale)
        place(shape, box.mirrored(self.locale))
        frame = shape.text_frame
        frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP
        inset = Pt(ground.inset if ground else 0)
        frame.margin_left = frame.margin_right = inset
        frame.margin_top = frame.margin_bottom = inset // 2
        if ground:
            shape.fill.solid()
            shape.fill.fore_color.rgb = colour(ground.role)
        write(frame, paragraphs, self.locale)

    def fill(self, placeholder: "BaseShape", paragraphs: Iterable[Said]) -> None:
        """Put a text into a placeholder of the layout."""
        write(placeholder.text_frame, paragraphs, self.locale)

    def notes(self, slide: "Slide", lines: Iterable[str]) -> None:
        """What the speaker reads: who measured, over what time, how fresh."""
        frame = slide.notes_slide.notes_text_frame
        if frame is not None:
            write(frame, [Said(line, 12) for line in lines if line], self.locale)

    def saved(self, *, made_at: datetime) -> bytes:
        """The file. What a writer says of the day it wrote on is the report's own, so that one report is one file."""
        for number, slide in enumerate(self.made.slides):
            if number:
                self._footers(slide)
        file = BytesIO()
        self.made.save(file)
        return _packed(file.getvalue(), made_at, THEME)

    def _footers(self, slide: "Slide") -> None:
        """Layouts only say where they stand; the last things that are read."""
        for kind in FOOTERS:
            shape = next(one for one in slide.slide_layout.placeholders if one.placeholder_format.type == kind)
            copy = deepcopy(shape.element)
            slide.shapes.element.append(copy)
            copy.xpath(".//p:cNvPr")[0].set("id", str(len(slide.shapes.element.xpath("//@id")) + 100))
        number, footer = (slide.shapes[-1], slide.shapes[-2])
        write(footer.text_frame, [Said(self.footer, FOOT_SIZE, "soft")], self.locale)
        for properties in number.element.xpath(".//a:rPr | .//a:endParaRPr"):
            localized(properties, self.locale)


def deck(locale: str, *, title: str, author: str, footer: str, made: datetime) -> Deck:
    """A presentation without a slide."""
    slides = template(locale)
    about = slides.core_properties
    about.title, about.author, about.last_modified_by, about.language = plain(title, locale), author, author, locale
    about.created = about.modified = made.astimezone(UTC).replace(tzinfo=None)
    about.revision = 1
    return Deck(slides, locale, footer)


def describe(shape: "BaseShape", name: str, description: str, locale: str) -> None:
    """What the shape shows, for who cannot see it."""
    found = shape.element.xpath(".//p:cNvPr")[0]
    found.set("name", plain(name, "en"))
    found.set("descr", plain(description, locale))


def _packed(file: bytes, made_at: datetime, theme: Mapping[bytes, bytes]) -> bytes:
    """The same package with one date on all of its parts, and our theme in place of the template's."""
    packed = BytesIO()
    date = made_at.astimezone(UTC).timetuple()[:6]
    with ZipFile(BytesIO(file)) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("ppt/theme/"):
                for was, becomes in theme.items():
                    part = part.replace(was, becomes)
            about = ZipInfo(name, date)
            about.compress_type, about.external_attr = ZIP_DEFLATED, 0o600 << 16
            new.writestr(about, part)
    return packed.getvalue()
