"""Devices that take push messages: registered by whoever signed in as one of ours, five each, forgotten at will."""

from shared.domain.amendments import MOST_DEVICES, Device
from shared.domain.configuration import Configuration
from shared.domain.oncall import Directory, Person
from shared.errors import RefusedError
from shared.ports.platform import Clock
from shared.ports.store import Delete, StateStore
from shared.usecases.present import amendment_id, amendment_write, amendments_of
from shared.usecases.records import AMENDMENTS


def keep(token: str, *, forget: bool, email: str, config: Configuration, store: StateStore, clock: Clock) -> int:
    """Add the device to the person with this address, or forget it; returns how many they have now.

    A telephone that changed hands leaves the other person, and a sixth device replaces the oldest. Raises RefusedError
    (403) for an address that is nobody's.
    """
    mine = Device(_who(email, config.directory).id, token, clock.now())
    known = [one for one in amendments_of(store) if isinstance(one, Device)]
    others = sorted((d for d in known if d.person == mine.person and d.token != token), key=lambda one: one.at)
    if forget:
        store.commit([Delete(AMENDMENTS, amendment_id(mine))])
        return len(others)
    surplus = others[: max(0, len(others) - MOST_DEVICES + 1)]
    passed_on = [one for one in known if one.token == token and one.person != mine.person]
    gone = [Delete(AMENDMENTS, amendment_id(one)) for one in (*surplus, *passed_on)]
    store.commit([amendment_write(mine), *gone])
    return len(others) - len(surplus) + 1


def _who(email: str, directory: Directory) -> Person:
    wanted = email.casefold()
    for person in directory.people.values():
        if person.email and person.email.casefold() == wanted:
            return person
    raise RefusedError("this address is nobody's in oncall.yaml", status=403)
