"""A report as a presentation (PPTX): native tables and charts, one title to each slide, its sources in the notes."""

from collections.abc import Iterator, Sequence

from shared.rendering.chart_words import say
from shared.rendering.report_cells import TableView
from shared.rendering.report_view import ChartView, ReportView, SectionView
from shared.rendering.report_written import WrittenView
from shared.rendering.slide_captions import marks_line, source_line
from shared.rendering.slide_charts import add_chart
from shared.rendering.slide_deck import Deck, Ground, deck
from shared.rendering.slide_figures import add_cards, figures_grid
from shared.rendering.slide_pages import Block, Page, add_page, laid_out
from shared.rendering.slide_places import CARD, CONTENT, EDITION, MADE, PUBLISHER
from shared.rendering.slide_tables import grid, size_of
from shared.rendering.slide_template import COVER_SIZE, PERIOD_SIZE, TITLE_LAYOUT
from shared.rendering.slide_text import Said

TEXT, SMALL = 18.0, 13.0
BEFORE = 9.0  # points above a paragraph
APART = 24.0


def slides(shown: ReportView) -> bytes:
    """The presentation, byte for byte the same for the same report."""
    parts = [shown.title, shown.period, *([shown.edition] if shown.is_provisional else [])]
    made = deck(
        shown.locale,
        title=f"{shown.title}{shown.words['comma']}{shown.period}",
        author=shown.words["publisher"],
        footer=" · ".join(parts),
        made=shown.made,
    )
    _cover(made, shown)
    _glance(made, shown)
    for section in shown.sections:
        _section(made, shown, section)
    return made.saved(made_at=shown.made)


def _cover(made: Deck, shown: ReportView) -> None:
    """What it is, about when, and before anything is believed: whether it is provisional."""
    slide = made.blank(TITLE_LAYOUT)
    made.title(slide, Said(shown.title, COVER_SIZE, "paper", is_bold=True))
    made.fill(slide.placeholders[1], [Said(shown.period, PERIOD_SIZE, "paper")])
    made.text(slide, PUBLISHER, [Said(shown.words["publisher"], 16, "grid")], "Publisher")
    if shown.is_provisional:
        made.text(slide, EDITION, [Said(shown.edition, 16, "high", is_bold=True)], "Edition", Ground("paper", 12))
    else:
        made.text(slide, EDITION, [Said(shown.edition, 16, "paper", is_bold=True)], "Edition")
    made.text(slide, MADE, [Said(shown.edition_note, 15, "paper"), Said(shown.made_at, 13, "grid", before=8)], "Made")
    made.notes(slide, [shown.edition, shown.edition_note, shown.made_at])


def _glance(made: Deck, shown: ReportView) -> None:
    """The figures that the report is read for, as large as they matter, and what else stands out."""
    if not shown.headline and not shown.highlights:
        return
    top = CARD.height + APART if shown.headline else 0.0
    lines = [*_bullets(shown.highlights), *([Said(shown.compared, SMALL, "soft", before=14)] if shown.headline else [])]
    sources = [f"{row.name}: {row.source}" for row in shown.headline]
    slide = made.slide(
        shown.words["headline"], notes=_notes(shown, sources, compared=True), text=(CONTENT.below(top), lines)
    )
    if shown.headline:
        add_cards(made, slide, CARD, shown.headline, shown.words)


def _section(made: Deck, shown: ReportView, section: SectionView) -> None:
    """Its figures and findings, with the tables that fit below them; its charts; the other tables."""
    opening, tables = list(_opening(shown, section)), [list(_table(one)) for one in section.tables if one.rows]
    while opening and tables and len(_pages([*opening, *tables[0]])) == len(_pages(opening)):
        opening += tables.pop(0)
    notes = _notes(shown, section.sources, compared=bool(section.figures))
    for number, page in enumerate(_pages(opening)):
        title = shown.words["continued"].format(title=section.heading) if number else section.heading
        add_page(made, page, title=title, notes=notes)
    for chart in section.charts:
        if not chart.gap:
            _chart(made, shown, section, chart)
    notes = _notes(shown, section.sources)
    before = ""
    for page in _pages([block for table in tables for block in table], is_titled=True):
        title = page[0].block.heading or before
        said = shown.words["continued"].format(title=title) if title == before else title
        eyebrow = section.heading if section.heading != title else ""
        add_page(made, page, title=said, eyebrow=eyebrow, notes=notes, is_titled=True)
        before = page[-1].block.heading or before


def _pages(blocks: Sequence[Block], *, is_titled: bool = False) -> list[Page]:
    return laid_out(blocks, width=CONTENT.width, height=CONTENT.height, is_titled=is_titled)


def _opening(shown: ReportView, section: SectionView) -> Iterator[Block]:
    """Figures, findings, what is missing and what the team wrote."""
    if section.figures:
        yield Block(table=figures_grid(section, shown.words, CONTENT.width))
    lines = (
        *([Said(shown.compared, SMALL, "soft")] if section.figures else []),
        *_bullets(section.sentences),
        *(Said(note, TEXT, "high", before=BEFORE) for note in section.notes),
        *(Said(f"{one.title}: {one.gap}", TEXT, "soft", before=BEFORE) for one in section.charts if one.gap),
        *(Said(f"{one.title}: {one.empty}", TEXT, "soft", before=BEFORE) for one in section.tables if not one.rows),
        *(_written(section.written) if section.written else ()),
    )
    if lines:
        yield Block(lines=lines)


def _table(view: TableView) -> Iterator[Block]:
    size = size_of(view.columns)
    rows = [
        tuple((Said(text, size, is_figure=is_figure),) for text, is_figure in zip(row, view.numeric, strict=True))
        for row in view.rows
    ]
    table = grid(view.title, view.columns, rows, numeric=view.numeric, width=CONTENT.width)
    yield Block(view.title, table)
    if view.more:
        yield Block(lines=(Said(view.more, SMALL, "soft"),))


def _chart(made: Deck, shown: ReportView, section: SectionView, view: ChartView) -> None:
    source, marks = source_line(view.chart, shown.locale), marks_line(view.chart, shown.locale)
    caption = [*([Said(marks, SMALL, "ink")] if marks else []), Said(source, SMALL, "soft", before=4)]
    room = sum(line.height(CONTENT.width) for line in caption) + 6
    slide = made.slide(view.title, eyebrow=section.heading, notes=_notes(shown, [view.alt, marks, source]))
    add_chart(made, slide, CONTENT.above(room), view.chart, view.alt, made_at=shown.made)
    made.text(slide, CONTENT.below(CONTENT.height - room + 6), caption, "Caption")


def _bullets(sentences: Sequence[str]) -> Iterator[Said]:
    for sentence in sentences:
        yield Said(sentence, TEXT, is_bullet=True, before=BEFORE)


def _written(view: WrittenView) -> Iterator[Said]:
    """What the team wrote, and who answers for it."""
    yield Said(view.by, SMALL, "soft", before=BEFORE)
    for passage in view.passages:
        for line in passage.lines:
            yield Said(line, TEXT, is_bullet=passage.is_list, before=BEFORE)


def _notes(shown: ReportView, sources: Sequence[str], *, compared: bool = False) -> list[str]:
    """For the speaker: who measured what, over what time, against what, and how fresh it is."""
    told = [one for one in sources if one]
    return [
        *([f"{shown.words['sources']}:", *told] if told else []),
        f"{shown.period} · {say(shown.locale)['zone']}",
        *([shown.compared] if compared else []),
        f"{shown.edition}. {shown.edition_note}",
        shown.made_at,
    ]
