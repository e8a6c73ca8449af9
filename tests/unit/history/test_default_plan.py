"""What happens in a quarter of a year."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from infra.local.history import GENERATED, NOTE
from infra.local.history.default_plan import SHAPES, default_plan
from infra.local.history.plan import HARMLESS, Kind
from infra.local.history.rates import bundle_bytes_at

END = datetime(2026, 6, 1, tzinfo=UTC)
PLAN = default_plan(END)
LIMIT = 750_000


def test_everything_says_that_it_is_generated():
    assert GENERATED
    assert "Generated" in NOTE


@pytest.mark.parametrize("seed", range(1, 9))
def test_about_five_real_incidents_a_month_and_some_that_are_none(seed):
    plan = default_plan(END, seed=seed)
    real = [incident for incident in plan.incidents if incident.is_real]
    assert 14 <= len(real) <= 15
    assert len(plan.incidents) - len(real) in (8, 9)
    assert {incident.kind for incident in real} == set(Kind) - HARMLESS


@pytest.mark.parametrize("seed", range(1, 9))
def test_incidents_never_overlap_and_lie_within_the_plan_after_a_quiet_start(seed):
    plan = default_plan(END, seed=seed)
    assert all(one.end <= next_.start for one, next_ in pairwise(plan.incidents))
    assert plan.incidents[0].start >= plan.start + timedelta(days=9)
    assert plan.incidents[-1].end <= END


def test_incidents_are_whole_minutes_within_the_bounds_of_their_kind():
    for one in PLAN.incidents:
        shape = SHAPES[one.kind]
        assert one.start.second == one.end.second == 0
        assert one.end - one.start <= shape.longest
        assert shape.weakest <= one.strength <= shape.strongest


def test_the_same_seed_makes_the_same_plan_and_another_seed_another_one():
    assert default_plan(END) == PLAN
    assert default_plan(END, seed=8) != PLAN


@pytest.mark.parametrize("days", [1, 7, 30])
def test_short_plans_work_too(days):
    plan = default_plan(END, days=days)
    assert plan.start == END - timedelta(days=days)
    assert plan.releases[0].at == plan.start
    assert plan.incidents


@pytest.mark.parametrize("seed", range(1, 5))
def test_the_bundle_grows_but_breaks_its_limit_only_in_a_bundle_incident(seed):
    plan = default_plan(END, seed=seed)
    jumps = [one for one in plan.incidents if one.kind is Kind.BUNDLE_JUMP]
    broken = {release.at for release in plan.releases if bundle_bytes_at(plan, release.at) > LIMIT}
    assert broken == {
        release.at for release in plan.releases if any(one.start <= release.at < one.end for one in jumps)
    }
    assert {one.start for one in jumps} <= broken
    sizes = [release.bundle_bytes for release in plan.releases]
    grown = [later / now for now, later in pairwise(sizes) if later > now]
    assert all(1.009 < growth < 1.031 for growth in grown)
    assert len(grown) > 0.7 * len(sizes)


def test_a_version_is_live_from_its_release_to_the_next_one():
    first, second = PLAN.releases[:2]
    assert PLAN.release_at(second.at - timedelta(seconds=1)) == first
    assert PLAN.release_at(second.at) == second
    assert PLAN.release_at(PLAN.start - timedelta(seconds=1)) is None
    assert bundle_bytes_at(PLAN, PLAN.start - timedelta(seconds=1)) == 0
