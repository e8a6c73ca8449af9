"""The page of a post-mortem: looked at by who may read, written section by section and completed by who may act."""

from shared.domain.permissions import Permission, is_shown
from shared.domain.post_mortems import Edited, Section
from shared.errors import RefusedError
from shared.rendering.catalogue import recorded
from shared.rendering.post_mortem import post_mortem_page
from shared.rendering.post_mortem_markdown import post_mortem_markdown
from shared.usecases.incident_pages import SAID_FOR, missing
from shared.usecases.page_site import Answer, Cookie, Visit, page, redirect
from shared.usecases.post_mortems import (
    Desk,
    PostMortemAnswer,
    complete_post_mortem,
    read_post_mortem,
    story_of,
    write_post_mortem,
)
from shared.usecases.records import read_incident
from shared.usecases.sessions import SAID, packed_words

MARKDOWN = "text/markdown; charset=utf-8"


def show_post_mortem(visit: Visit) -> Answer:
    """As a page, or with ?form=markdown as the file that people edit."""
    story = story_of(_name(visit), config=visit.site.config, store=visit.site.store, now=visit.now)
    if story is None:
        raise missing()
    if visit.asked.query.get("form") == "markdown":
        return page(post_mortem_markdown(story, visit.locale), kind=MARKDOWN)
    may_write = Permission.ACT in visit.permissions
    return page(post_mortem_page(story, visit.frame, may_write=may_write, locale=visit.locale))


def change_post_mortem(visit: Visit) -> Answer:
    """Keep a section or complete it, and lead back to the page, which says what came of it."""
    name = _name(visit)
    desk = Desk(visit.site.config, visit.site.store, visit.site.clock, visit.person.id)
    if visit.asked.form.get("action") == "complete":
        answer = complete_post_mortem(name, desk, no_action=visit.asked.form.get("no_action", ""))
    else:
        answer = _written(name, visit, desk)
    said = packed_words(recorded(answer.outcome, visit.locale), keys=visit.site.keys)
    return redirect(f"/incidents/{name}/post-mortem", Cookie(SAID, said, SAID_FOR).header(visit.asked))


def _written(name: str, visit: Visit, desk: Desk) -> PostMortemAnswer:
    """The other sections stay as they are in the revision that the form was shown with."""
    form, kept = visit.asked.form, read_post_mortem(desk.store, name)
    section, base = form.get("section", ""), form.get("base", "")
    if section not in set(Section) or not (base.isascii() and base.isdigit() and len(base) <= 9):  # noqa: PLR2004
        raise RefusedError("not a section of a post-mortem", status=400)
    before = {Section(one): text for one, text in kept.sections.items()} if kept else {}
    sections = {**before, Section(section): form.get("text", "").replace("\r\n", "\n")}
    return write_post_mortem(Edited(name, int(base), sections), desk)


def _name(visit: Visit) -> str:
    """The incident's id, when this reader may know of it."""
    found = read_incident(visit.site.store, visit.arguments["incident"])
    if found is None or not is_shown(found[0].labels, visit.permissions):
        raise missing()
    return found[0].id
