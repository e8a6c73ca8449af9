"""A device belongs to one person, who has five at most; nobody else's request touches it."""

from datetime import timedelta

import pytest

from shared.domain.amendments import MOST_DEVICES
from shared.errors import RefusedError
from shared.usecases.devices import keep
from shared.usecases.present import amendments_of, present


@pytest.fixture
def wish(world):
    def wished(token, email="omar@souk.example", *, forget=False):
        world.clock.advance(timedelta(seconds=1))
        return keep(token, forget=forget, email=email, config=world.config, store=world.store, clock=world.clock)

    return wished


@pytest.fixture
def devices(world):
    def of(person):
        return present(world.config, store=world.store, now=world.clock.now()).directory.people[person].devices

    return of


def test_a_device_is_kept_for_whoever_signed_in_whatever_the_case_of_their_address(wish, devices):
    assert wish("one", "Omar@Souk.Example") == 1
    assert wish("one") == 1
    assert devices("omar") == ("one",)


def test_the_sixth_device_replaces_the_oldest(wish, devices, world):
    counts = [wish(f"d{n}") for n in range(MOST_DEVICES + 2)]
    assert counts == [1, 2, 3, 4, 5, 5, 5]
    assert devices("omar") == ("d2", "d3", "d4", "d5", "d6")
    assert len(amendments_of(world.store)) == MOST_DEVICES


def test_a_device_that_is_registered_again_is_not_the_oldest_any_more(wish, devices):
    for n in (0, 1, 2, 3, 4, 0, 5):
        wish(f"d{n}")
    assert devices("omar") == ("d2", "d3", "d4", "d0", "d5")


def test_a_telephone_that_changed_hands_leaves_the_other_person(wish, devices):
    wish("one")
    wish("one", "mona@souk.example")
    assert (devices("omar"), devices("mona")) == ((), ("one",))


def test_who_forgets_a_device_forgets_only_their_own(wish, devices):
    wish("one")
    assert wish("one", "mona@souk.example", forget=True) == 0
    assert devices("omar") == ("one",)
    assert wish("one", forget=True) == 0
    assert devices("omar") == ()


@pytest.mark.parametrize("email", ["stranger@souk.example", "", "omar@souk.example "])
def test_an_address_that_is_nobody_s_is_refused_and_leaves_nothing(wish, world, email):
    with pytest.raises(RefusedError) as refused:
        wish("one", email)
    assert (refused.value.status, amendments_of(world.store)) == (403, [])
