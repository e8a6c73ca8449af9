"""One table says who may do what, and nobody who is not in it may anything."""

from dataclasses import replace

import pytest

from shared.domain.oncall import Person
from shared.domain.permissions import BREACH_TEAM, RESTRICTED, Permission, is_shown, may, permissions_of
from tests.conftest import configuration

DIRECTORY = configuration().directory


def test_everybody_may_act_but_those_who_are_only_told():
    assert permissions_of(DIRECTORY.people["mona"], DIRECTORY) == set(Permission) - {Permission.CONTAIN}
    assert permissions_of(DIRECTORY.people["board"], DIRECTORY) == {Permission.READ}


def test_the_narrowest_role_holds():
    both = Person("both", "Both", roles=("engineer", "observer", "devops"))
    there = replace(DIRECTORY, people={**DIRECTORY.people, "both": both})
    assert permissions_of(both, there) == {Permission.READ}


def test_a_restricted_incident_is_shown_to_the_breach_team_alone():
    team = replace(DIRECTORY, teams={**DIRECTORY.teams, BREACH_TEAM: ("mona", "board")})
    assert is_shown({RESTRICTED: "yes"}, permissions_of(team.people["mona"], team))
    assert not is_shown(
        {RESTRICTED: "yes"}, permissions_of(team.people["board"], team)
    )  # who may not act contains nothing
    assert not is_shown({RESTRICTED: "yes"}, permissions_of(DIRECTORY.people["mona"], DIRECTORY))
    assert is_shown({}, permissions_of(team.people["board"], team))


@pytest.mark.parametrize("permission", Permission)
def test_a_stranger_may_nothing(permission):
    assert not may("eve", permission, DIRECTORY)
    assert not may("", permission, DIRECTORY)
    assert permissions_of(None, DIRECTORY) == frozenset()
    assert permissions_of(Person("eve", "Eve"), DIRECTORY) == frozenset()
