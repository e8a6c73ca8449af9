"""The command that looks at a post-mortem: how it stands, what is still to be written, where it is."""

from shared.domain.post_mortems import Section
from shared.rendering.post_mortem_facts import is_to_be_written, standing
from shared.rendering.post_mortem_words import post_mortem_words
from shared.usecases.post_mortems import story_of
from shared.usecases.slack_desk import Desk
from shared.usecases.slack_typed import Typed, incident_named


def post_mortem(typed: Typed, desk: Desk) -> str:
    """How the post-mortem of an incident stands."""
    incident = incident_named(typed.first, typed.who, desk)
    story = story_of(incident, config=desk.config, store=desk.store, now=desk.clock.now())
    if story is None:
        return "There is no such incident."
    say, owner = post_mortem_words("en"), story.name(story.post_mortem.owner)
    missing = [say[section] for section in Section if is_to_be_written(story, section)]
    lines = [f"Post-mortem of {incident}: {standing(story, 'en')}.", say["owner"].format(name=owner)]
    lines += [f"To be written: {', '.join(missing)}."] if missing else []
    return "\n".join([*lines, f"To read and edit it: soukmon post-mortem {incident} --out {incident}.md"])
