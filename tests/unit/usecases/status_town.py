"""A small world with a status page: places that look, a website in a folder, subscribers with a mail box."""

from datetime import timedelta

from shared.adapters.folder import FolderWebsite
from shared.domain.maintenance import Window
from shared.domain.matchers import Matcher, Operator
from shared.domain.notifications import Channel
from shared.domain.status import Bilingual, Component, Probe, StatusPage
from shared.domain.status_checks import Check
from shared.ports.store import Query
from shared.usecases import checks
from shared.usecases.mail_subscribers import Doors, Ports, mail_link, mail_update
from shared.usecases.post_status import PostWish, post_update
from shared.usecases.status_site import Places, publish_status
from shared.usecases.status_state import POSTS, posts
from shared.usecases.subscriptions import SUBSCRIPTIONS, ask, confirm
from shared.usecases.window_records import window_write
from tests.conftest import configuration

CRASHES = ((Matcher("rule", Operator.EQUAL, "crash_velocity"),),)
PAGE = StatusPage(
    Bilingual("Souk", "سوق"),
    {
        "website": Component(
            "website", Bilingual("Website", "الموقع"), needs=("api",), probes=("website",), services=("web",)
        ),
        "apps": Component("apps", Bilingual("Apps", "التطبيقات"), incidents=CRASHES, services=("app",)),
        "api": Component("api", Bilingual("Services", "الخدمات"), probes=("api",), services=("api",)),
    },
    {"website": Probe("website", "https://souk.example/"), "api": Probe("api", "https://api.souk.example/")},
)
PLACES = Places("https://status.souk.example", "https://subscriptions.souk.example")
DOORS = Doors(PLACES.url, PLACES.subscriptions_url)


class Rows:
    """Implements Warehouse as far as checks need it."""

    def __init__(self):
        self.rows, self.fault = [], None

    def append(self, table, rows):
        if self.fault:
            raise self.fault
        self.rows += rows


class Pen(FolderWebsite):
    """A website that remembers what was written."""

    def __init__(self, root):
        super().__init__(root)
        self.written, self.removed, self.fault = [], [], None

    def put(self, name, data, *, content_type):
        if self.fault:
            self.fault()
        super().put(name, data, content_type=content_type)
        self.written.append(name)

    def remove(self, name):
        super().remove(name)
        self.removed.append(name)


class Town:
    """The steps people and machines would take, as methods."""

    def __init__(self, world, folder):
        self.world = world
        world.config = configuration(status=PAGE)
        self.site, self.rows = Pen(folder), Rows()

    def after(self, **wait):
        self.world.clock.advance(timedelta(**wait))
        return self

    @property
    def checking(self):
        world = self.world
        return checks.Ports(world.config, world.store, self.rows, world.bus, world.clock)

    def looks(self, target="website", *, places=("cairo", "paris"), reason="", **changes):
        now = self.world.clock.now()
        checks.take([Check(target, place, now, reason, **changes) for place in places], ports=self.checking)

    def all_is_well(self):
        self.looks("website")
        self.looks("api")

    def publish(self):
        return publish_status(
            PLACES,
            config=self.world.config,
            store=self.world.store,
            website=self.site,
            publisher=self.world.bus,
            clock=self.world.clock,
        )

    def minutes(self, count, *, reason="", target="website"):
        """So many minutes pass, with checks and a look in each."""
        for _ in range(count):
            self.after(minutes=1)
            self.looks("website", reason=reason if target == "website" else "")
            self.looks("api", reason=reason if target == "api" else "")
            self.publish()

    def plans(self, start, end, *matchers, reason="upgrade", **changes):
        window = Window("w-1", start, end, reason, "mona", matchers, **changes)
        self.world.store.commit([window_write(window, None)])

    def write(self, text="We are on it.", **changes):
        wish = PostWish(**{"author": "mona", "text": Bilingual(text), "components": ("website",), **changes})
        return post_update(wish, **self.world.ports)

    @property
    def posts(self):
        return posts(self.world.store, since=self.world.clock.now() - timedelta(days=90))

    @property
    def stored_posts(self):
        return self.world.store.find(Query(POSTS, order_by="opened_at"))

    def page(self, name="index.html"):
        return self.site.read(name).decode()

    def published(self, topic):
        return [data for name, data in self.world.bus.messages if name == topic]

    @property
    def mails(self):
        return self.world.notifiers[Channel.EMAIL]

    @property
    def mailing(self):
        world = self.world
        return Ports(world.config, world.store, self.mails, world.bus, world.clock)

    def asks(self, email="nour@souk.example", locale="en", origin="192.0.2.1"):
        return ask(
            email, locale, origin=origin, store=self.world.store, publisher=self.world.bus, clock=self.world.clock
        )

    def subscriptions(self):
        return [row.body for row in self.world.store.find(Query(SUBSCRIPTIONS))]

    def handle_in_mail(self):
        """The handle in the link of the last mail, after what waits was written."""
        for data in self.published("status-mails"):
            if "confirm" in data:
                mail_link(data["confirm"], doors=DOORS, ports=self.mailing)
        self.world.bus.messages.clear()
        text = self.mails.sent[-1].body.text
        return text.split("/confirm/")[1].split("?")[0]

    def subscribed(self, email="nour@souk.example", locale="en"):
        """Somebody who asked and confirmed; returns the handle of the links in their mails."""
        self.asks(email, locale, origin=email)
        handle = self.handle_in_mail()
        confirm(handle, posted=True, store=self.world.store, clock=self.world.clock)
        self.mails.sent.clear()
        return handle

    def mail_last_update(self):
        post = self.posts[0]
        return mail_update(post.id, len(post.updates) - 1, "", doors=DOORS, ports=self.mailing)
