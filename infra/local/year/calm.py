"""What people arrange in a year: silences, maintenance windows, duties taken over; and providers that fail."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from infra.local.year import facts
from infra.local.year.dice import Dice
from infra.local.year.incidents import SERVICES
from infra.local.year.providers import Fault
from infra.local.year.world import World
from shared.domain.duties import CancelDuty, TakeDuty
from shared.domain.matchers import Matcher, Operator
from shared.domain.notifications import Channel
from shared.domain.oncall import CAIRO, shifts
from shared.usecases.duties import cancel_duty, take_duty
from shared.usecases.silencing import Wish, expire, silence
from shared.usecases.window_notices import Office
from shared.usecases.windows import WindowWish, close_window, open_window

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONE = ZoneInfo(CAIRO)
ABSENT = ("karim", "salma", "youssef")
STANDS_IN = "hana"
AUTHOR = "hana"


@dataclass
class Arrangements:
    """Does what people and providers do beside incidents."""

    world: World
    dice: Dice

    def __post_init__(self) -> None:
        self._number = count()

    def provider_fails(self) -> None:
        """One channel fails for minutes, or takes messages and loses its answers."""
        channel = self.dice.choice((Channel.SLACK, Channel.EMAIL, Channel.SMS, Channel.VOICE))
        fault = Fault(self.world.now, self.world.now + self.dice.uniform(2, 40) * MINUTE, self.dice.happens(0.3))
        self.world.providers[channel].faults.append(fault)
        self.world.tell(
            facts.Failing(at=fault.start, channel=channel, end=fault.end, loses_answers=fault.loses_answers)
        )

    def silenced(self) -> None:
        """A service is silenced, and perhaps heard again before its time."""
        service, lasting = self.dice.choice(SERVICES), self.dice.uniform(20, 30 * 60) * MINUTE
        wish = Wish((_service(service),), lasting, self.dice.choice(ABSENT), f"work number {next(self._number)}")
        made = silence(wish, config=self.world.present, store=self.world.store, clock=self.world.clock).silence
        if made is None:
            raise LookupError("a silence was refused")
        self.world.tell(facts.Silenced(at=made.start, name=made.id, service=service, end=made.end))
        if self.dice.happens(0.3):
            self.world.queue.put(made.start + lasting * self.dice.random(), lambda: self._heard_again(made.id, service))

    def emergency(self) -> None:
        """A window opens at once, for a service or for everything, and is closed by hand or by the clock."""
        service = self.dice.choice((*SERVICES[:3], ""))
        now = self.world.now
        self._open(service, now, now + self.dice.uniform(15, 119) * MINUTE, is_emergency=True)

    def planned_window(self) -> None:
        """A window in the night after next; nobody ticks its list, so it mutes nothing."""
        day = (self.world.now.astimezone(ZONE) + 2 * DAY).date()
        start = datetime.combine(day, time(2, self.dice.randint(0, 30)), ZONE).astimezone(self.world.now.tzinfo)
        self._open(self.dice.choice(SERVICES[:3]), start, start + self.dice.uniform(20, 85) * MINUTE)

    def duty_taken(self) -> None:
        """Somebody is away, and somebody who has no other duty then takes theirs."""
        rotation = self.dice.choice(sorted(self.world.config.directory.rotations))
        start = self.world.now + self.dice.uniform(1, 120) * HOUR
        end = start + self.dice.uniform(8, 160) * HOUR
        directory = self.world.present.directory
        others = [name for name in directory.rotations if name != rotation]
        if any(duty.person == STANDS_IN for name in others for duty in shifts(directory, name, start, end)):
            return
        wish = TakeDuty(rotation, STANDS_IN, start, end, self.dice.choice(ABSENT))
        done = take_duty(wish, config=self.world.config, store=self.world.store, clock=self.world.clock)
        if not done.outcome.happened:
            return
        self.world.tell(facts.TookOver(at=self.world.now, rotation=rotation, person=STANDS_IN, start=start, end=end))
        if self.dice.happens(0.25):
            back = self.world.now + (end - self.world.now) * self.dice.random()
            self.world.queue.put(
                back, lambda: self._give_back(rotation, max(start, back) + (end - max(start, back)) / 2)
            )

    def _give_back(self, rotation: str, around: datetime) -> None:
        wish = CancelDuty(rotation, around, AUTHOR)
        done = cancel_duty(wish, config=self.world.config, store=self.world.store, clock=self.world.clock)
        if done.outcome.happened:
            self.world.tell(facts.GaveBack(at=self.world.now, rotation=rotation, around=around))

    def _heard_again(self, name: str, service: str) -> None:
        done = expire(name, by=AUTHOR, store=self.world.store, clock=self.world.clock)
        if done.silence is not None:
            self.world.tell(facts.Silenced(at=self.world.now, name=name, service=service, end=self.world.now))

    def _open(self, service: str, start: datetime, end: datetime, *, is_emergency: bool = False) -> None:
        matchers = (_service(service),) if service else ()
        wish = WindowWish(start, end, f"work number {next(self._number)}", AUTHOR, matchers, is_emergency)
        made = open_window(wish, office=self._office(), now=self.world.now).window
        if made is None:
            return  # another one is open for the same things then
        self._tell(made.id, service, start, end, mutes=is_emergency)
        self.world.carry()
        if is_emergency and self.dice.happens(0.4):
            at = start + (end - start) * self.dice.random()
            self.world.queue.put(at, lambda: self._close(made.id, service, start, at))

    def _close(self, name: str, service: str, start: datetime, end: datetime) -> None:
        if close_window(name, by=AUTHOR, office=self._office(), now=self.world.now).window is not None:
            self._tell(name, service, start, end, mutes=True)
        self.world.carry()

    def _tell(self, name: str, service: str, start: datetime, end: datetime, *, mutes: bool) -> None:
        self.world.tell(
            facts.Maintained(at=self.world.now, name=name, service=service, start=start, end=end, mutes=mutes)
        )

    def _office(self) -> Office:
        return Office(self.world.present, self.world.store, self.world.bus)


def _service(name: str) -> Matcher:
    return Matcher("service", Operator.EQUAL, name)
