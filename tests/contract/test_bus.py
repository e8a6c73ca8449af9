"""What every bus must do: keep, push, back off, give up into the dead letters."""

import base64
from datetime import timedelta

import msgspec
import pytest

from shared.adapters.sqlite_bus import Retry, SqliteBus


@pytest.fixture(params=["sqlite"])
def bus(request, tmp_path, clock):
    return SqliteBus(tmp_path / "bus.db", clock=clock, retry=Retry(attempts=3))


class TestBus:
    def test_messages_are_pushed_in_the_order_they_were_published(self, bus):
        for n in range(3):
            bus.publish("signals", b"%d" % n)
        seen = []
        while bus.push_one(lambda message: seen.append(message.data) is None):
            pass
        assert (seen, bus.waiting()) == ([b"0", b"1", b"2"], 0)

    def test_a_push_has_the_form_of_pub_sub(self, bus, clock):
        name = bus.publish("signals", "نص".encode(), {"k": "v"})
        bodies = []
        bus.push_one(lambda message: bodies.append(msgspec.json.decode(message.push_body("p"))) is None)
        message = bodies[0]["message"]
        assert base64.b64decode(message["data"]).decode() == "نص"
        assert (message["messageId"], message["attributes"]) == (name, {"k": "v"})
        assert bodies[0]["deliveryAttempt"] == 1

    def test_a_refused_message_backs_off_exponentially_and_holds_nobody_else(self, bus, clock):
        bus.publish("signals", b"bad")
        bus.publish("signals", b"good")
        seen = []

        def push(message):
            seen.append((message.data, message.attempts))
            return message.data == b"good"

        while bus.push_one(push):
            pass
        assert seen == [(b"bad", 1), (b"good", 1)]
        clock.advance(timedelta(seconds=1))
        assert not bus.push_one(push)
        clock.advance(timedelta(seconds=1))
        assert bus.push_one(push)
        clock.advance(timedelta(seconds=3))
        assert not bus.push_one(push)  # 4 s after the second try

    def test_E09_a_poison_message_is_given_up_after_its_attempts(self, bus, clock):
        bus.publish("signals", b"poison")
        dead = []
        for _ in range(10):
            bus.push_one(lambda message: False, give_up=lambda message: dead.append(message.attempts))
            clock.advance(timedelta(minutes=10))
        assert (dead, bus.waiting()) == ([3], 0)

    def test_a_message_in_hand_is_pushed_again_after_its_lease_or_when_its_owner_is_back(self, bus, clock, tmp_path):
        bus.publish("signals", b"x")

        class Died(BaseException):
            pass

        def die(message):
            raise Died

        with pytest.raises(Died):
            bus.push_one(die)
        assert not bus.push_one(lambda message: True)
        again = SqliteBus(tmp_path / "bus.db", clock=clock)
        again.take_back()
        assert again.push_one(lambda message: True)

    def test_what_was_published_survives_the_process(self, bus, clock, tmp_path):
        bus.publish("signals", b"kept")
        seen = []
        SqliteBus(tmp_path / "bus.db", clock=clock).push_one(lambda message: seen.append(message.data) is None)
        assert seen == [b"kept"]
