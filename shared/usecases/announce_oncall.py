"""The weekly notice: everybody on a rotation and the incident channel learn who is on call, once a week."""

from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.configuration import Configuration
from shared.domain.notifications import Channel, Recipient
from shared.domain.oncall_week import oncall_week, sunday_of
from shared.ports.platform import Clock, Publisher
from shared.ports.store import StateStore
from shared.rendering.oncall_week import week_text
from shared.usecases.bulletins import by_email, tell
from shared.usecases.duties import SLACK_CHANNEL, prune


def announce_oncall(*, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock) -> int:
    """Tell the week ahead; returns how many messages were planned, 0 when this week was told before."""
    now, directory = clock.now(), config.directory
    prune(config=config, store=store, now=now)
    week = oncall_week(directory, now)
    texts = {locale: week_text(week, directory, locale) for locale in ("en", "ar")}
    bulletin = Bulletin(f"oncall-week-{sunday_of(now)}", BulletinKind.ONCALL_WEEK, now, texts)
    on_duty = [duty.person for duties in week.duties.values() for duty in duties if duty.person]
    everybody = [person for rotation in directory.rotations.values() for person in rotation.people]
    recipients = by_email([*everybody, *on_duty], bulletin, directory)
    if SLACK_CHANNEL in config.slack_channels:
        recipients.append(Recipient(f"slack:{SLACK_CHANNEL}", Channel.SLACK))
    return len(tell(bulletin, recipients, store=store, publisher=publisher))
