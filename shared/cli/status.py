"""The status page from the command line: what it says, posting on it, writing it anew, looking whether it is sound."""

import json

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import STATE, use
from shared.domain.status import Bilingual, Condition, Stage
from shared.rendering.status_words import condition_word, stage_word, title_of
from shared.rendering.view import cairo
from shared.usecases import status_site
from shared.usecases.post_status import PostWish, post_update
from shared.usecases.status_site import Places
from shared.usecases.status_verify import faults


@cli.group(name="status")
def status() -> None:
    """The public status page."""


@status.command(name="show")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@STATE
def show(*, as_json: bool, state: str) -> None:
    """What the page says now; exit 1 while something is not well."""
    use(state)
    view = status_site.view_of(_places(), config=bootstrap.config(), store=bootstrap.state(), now=SystemClock().now())
    if as_json:
        parts = {part.component.id: {"condition": part.condition, "percent": part.share} for part in view.parts}
        click.echo(json.dumps({"status": view.overall, "components": parts, "open": [p.id for p in view.open_posts]}))
    else:
        for part in view.parts:
            share = "" if part.share is None else f"  {part.share:.2f} % of checks in 90 days"
            click.echo(f"{part.component.id:<12} {condition_word(part.condition, 'en')}{share}")
        for post in view.open_posts:
            title = title_of(post, view.page.components, "en")[0]
            click.echo(f"{post.id}  {stage_word(post.stage, 'en')}  since {cairo(post.opened_at)}  {title}")
    if view.overall is not Condition.WORKS:
        raise NotFineError


@status.command(name="post")
@click.option("--en", default="", help="What is to be read, in English.")
@click.option("--ar", default="", help="... and in Arabic; one of the two is needed.")
@click.option("--title", default="", help="A title in English, for a new post.")
@click.option("--title-ar", default="", help="... and in Arabic.")
@click.option("--component", "components", multiple=True, help="What it is about; may be given several times.")
@click.option(
    "--stage",
    type=click.Choice([stage.value for stage in Stage]),
    default=Stage.INVESTIGATING.value,
    show_default=True,
    help="How far the work is; resolved ends the post.",
)
@click.option(
    "--condition",
    type=click.Choice([condition.value for condition in Condition]),
    default=None,
    help="How the components are.",
)
@click.option("--post", "name", default="", help="The post to go on with; the newest open one when left out.")
@click.option("--by", required=True, metavar="PERSON", help="Whose word it is: an id in oncall.yaml.")
@STATE
def post(
    *,
    components: tuple[str, ...],
    stage: str,
    condition: str | None,
    name: str,
    by: str,
    state: str,
    **texts: str,
) -> None:
    """Post on the page. From then on nothing is posted by itself in that post; `--stage resolved` ends it."""
    use(state)
    text, title = Bilingual(texts["en"], texts["ar"]), Bilingual(texts["title"], texts["title_ar"])
    wish = PostWish(by, text, Stage(stage), title, components, condition or "", post=name)
    posted = post_update(
        wish,
        config=bootstrap.config(),
        store=bootstrap.state(),
        publisher=bootstrap.publisher(),
        clock=SystemClock(),
    )
    if posted.post is None:
        click.echo(posted.refused, err=True)
        raise NotFineError
    click.echo(f"{posted.post.id}  {posted.post.stage}")
    _write()


@status.command(name="publish")
@STATE
def publish(*, state: str) -> None:
    """Look at everything and write the page where it changed."""
    use(state)
    _write()


@status.command(name="verify")
@STATE
def verify(*, state: str) -> None:
    """Whether the page lies there whole, and is not old.

    Exit 1 when a file is not as it was written.
    """
    use(state)
    found = faults(store=bootstrap.state(), website=bootstrap.website(), now=SystemClock().now())
    for fault in found:
        click.echo(fault)
    if found:
        raise NotFineError
    click.echo("the status page is as it was written")


def _places() -> Places:
    return Places(bootstrap.status_url(), bootstrap.subscriptions_url())


def _write() -> None:
    published = status_site.publish_status(
        _places(),
        config=bootstrap.config(),
        store=bootstrap.state(),
        website=bootstrap.website(),
        publisher=bootstrap.publisher(),
        clock=SystemClock(),
    )
    click.echo(f"{published.outcome}: {published.files} files")
