from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.rules import Comparison, Limit, NoData, Unit
from shared.domain.steady import Phase, Steady, SteadyState, Why

START = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ABOVE_1 = Limit(Comparison.ABOVE, 1.0, Unit.PERCENT)
BELOW_95 = Limit(Comparison.BELOW, 95.0, Unit.PERCENT)
READINGS = {"B": True, ".": False, "?": None}


def minute(n):
    return START + n * MINUTE


def run(rule, story, state=None, begin=0):
    """One letter a minute: B breached, . not, ? no data, space no evaluation at all."""
    state, transitions = state or SteadyState(), []
    for n, letter in enumerate(story, begin):
        if letter != " ":
            state, transition = rule.step(state, breached=READINGS[letter], at=minute(n))
            transitions.append(transition)
    return state, transitions


def whys(rule, story):
    return [transition.why for transition in run(rule, story)[1]]


def news(rule, story):
    return [(round((t.at - START) / MINUTE), t.why) for t in run(rule, story)[1] if t.why.is_news]


def observed(rule, values, limit):
    state, whys = SteadyState(), []
    for n, value in enumerate(values):
        state, transition = rule.observe(state, value, limit=limit, at=minute(n))
        whys.append((transition.why, state.phase))
    return whys


FIVE = Steady(for_=timedelta(minutes=5))


def test_without_for_the_first_breach_fires_and_the_first_clear_window_resolves():
    assert whys(Steady(), ".BB..") == [Why.QUIET, Why.FIRED, Why.STILL_FIRING, Why.RESOLVED, Why.QUIET]


def test_E23_four_bad_one_good_four_bad_do_not_fire():
    state, transitions = run(FIVE, "BBBB.BBBB")
    assert not any(transition.why.is_news for transition in transitions)
    assert transitions[4].why is Why.WITHDRAWN
    assert (state.phase, state.since) == (Phase.PENDING, minute(5))


def test_E23_breached_for_the_whole_span_fires_at_its_end_and_not_before():
    assert news(FIVE, "BBBBBB") == [(5, Why.FIRED)]
    assert news(FIVE, "BBBBB") == []


@pytest.mark.parametrize(
    ("no_data", "told"),
    [
        (NoData.HOLD, [(5, Why.FIRED)]),
        (NoData.OK, []),
        (NoData.ALERT, [(5, Why.FIRED)]),
    ],
)
def test_E23_a_window_without_data_inside_follows_the_policy(no_data, told):
    assert news(Steady(for_=timedelta(minutes=5), no_data=no_data), "BB?BBBB") == told


def test_E23_an_evaluation_that_never_took_place_keeps_the_timer():
    assert news(FIVE, "BB BBB") == [(5, Why.FIRED)]


def test_no_data_alone_fires_only_where_it_counts_as_a_fault():
    for policy, told in ((NoData.HOLD, []), (NoData.OK, []), (NoData.ALERT, [(2, Why.FIRED_WITHOUT_DATA)])):
        assert news(Steady(for_=timedelta(minutes=2), no_data=policy), "???") == told


def test_no_data_while_firing_never_resolves_unless_it_means_ok():
    for policy, told in ((NoData.HOLD, []), (NoData.ALERT, []), (NoData.OK, [(1, Why.RESOLVED)])):
        assert news(Steady(no_data=policy), "B???")[1:] == told


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_a_window_without_a_value_does_not_resolve(nothing):
    assert observed(Steady(), [1.2, nothing], ABOVE_1)[1:] == [(Why.HELD, Phase.FIRING)]


def test_held_windows_neither_end_nor_count_in_a_row_of_clear_ones():
    assert news(Steady(clear_windows=2), "B.?.")[1:] == [(3, Why.RESOLVED)]
    assert news(Steady(clear_windows=2), "B.??")[1:] == []


def test_no_data_that_is_still_to_be_inherited_is_refused():
    with pytest.raises(ValueError, match="inherit"):
        Steady(no_data=NoData.INHERIT)


@pytest.mark.parametrize("fault", [{"clear_windows": 0}, {"flapping_changes": 0}])
def test_counts_below_one_are_refused(fault):
    with pytest.raises(ValueError, match="at least 1"):
        Steady(**fault)


def test_E24_fires_above_the_limit_and_clears_only_below_the_clear_limit_for_two_windows():
    rule = Steady(clear=0.8, clear_windows=2)
    story = observed(rule, [0.9, 1.0, 1.01, 0.95, 0.79, 0.95, 0.79, 0.8, 0.79, 0.79], ABOVE_1)
    assert story == [
        (Why.QUIET, Phase.OK),
        (Why.QUIET, Phase.OK),  # exactly the limit never fires
        (Why.FIRED, Phase.FIRING),
        (Why.NOT_CLEAR, Phase.FIRING),
        (Why.RECOVERING, Phase.RECOVERING),
        (Why.NOT_CLEAR, Phase.FIRING),  # the row is broken
        (Why.RECOVERING, Phase.RECOVERING),
        (Why.NOT_CLEAR, Phase.FIRING),  # exactly the clear limit is not clear
        (Why.RECOVERING, Phase.RECOVERING),
        (Why.RESOLVED, Phase.OK),
    ]


def test_E24_a_value_between_the_limits_stays_firing_for_ever():
    assert {phase for _, phase in observed(Steady(clear=0.8), [1.2] + [0.95] * 500, ABOVE_1)} == {Phase.FIRING}


def test_an_alert_has_fired_since_it_fired_whatever_lay_between_the_limits():
    rule, state = Steady(clear=0.8), SteadyState()
    for n, value in enumerate([1.2, 0.95, 1.2, 0.95]):
        state, _ = rule.observe(state, value, limit=ABOVE_1, at=minute(n))
    assert (state.phase, state.since) == (Phase.FIRING, minute(0))


def test_E24_a_rule_that_fires_below_clears_above():
    rule = Steady(clear=97.0)
    story = observed(rule, [94.0, 96.0, 97.0, 97.1], BELOW_95)
    assert [why for why, _ in story] == [Why.FIRED, Why.NOT_CLEAR, Why.NOT_CLEAR, Why.RESOLVED]


def test_between_the_limits_a_pending_alert_is_withdrawn_because_it_is_not_breached():
    rule = Steady(for_=timedelta(minutes=5), clear=0.8)
    assert [why for why, _ in observed(rule, [1.2, 0.95, 1.2], ABOVE_1)] == [Why.PENDING, Why.WITHDRAWN, Why.PENDING]


def test_a_breach_while_recovering_is_no_second_alert():
    assert whys(Steady(clear_windows=3), "B..B...") == [
        Why.FIRED, Why.RECOVERING, Why.RECOVERING, Why.RELAPSED, Why.RECOVERING, Why.RECOVERING, Why.RESOLVED,
    ]  # fmt: skip


def test_keep_firing_for_counts_from_the_first_clear_window():
    rule = Steady(keep_firing_for=timedelta(minutes=3))
    assert news(rule, "B....") == [(0, Why.FIRED), (4, Why.RESOLVED)]
    assert news(rule, "B..B....") == [(0, Why.FIRED), (7, Why.RESOLVED)]


def test_E25_ten_flips_within_an_hour_are_one_notice_then_silence_then_one_stable_notice():
    rule = Steady()
    story = "B." * 10 + "." * 60
    told = news(rule, story)
    assert [why for _, why in told[:9]] == [Why.FIRED, Why.RESOLVED] * 4 + [Why.FIRED]
    assert told[9:] == [(9, Why.BEGAN_FLAPPING), (49, Why.STABLE_OK)]
    state, _ = run(rule, story[:20])
    assert (state.phase, state.beneath) == (Phase.FLAPPING, Phase.OK)
    state, _ = run(rule, story)
    assert (state.phase, state.changes) == (Phase.OK, ())


def test_E25_what_settles_as_firing_is_said_to_fire():
    told = news(Steady(), "B." * 5 + "B" * 60)
    assert told[9:] == [(9, Why.BEGAN_FLAPPING), (40, Why.STABLE_FIRING)]


def test_E25_nine_flips_within_an_hour_or_ten_in_longer_are_none():
    assert Why.BEGAN_FLAPPING not in whys(Steady(), "B." * 4 + "B" * 60)
    slowly = ("B" * 7 + "." * 7) * 20
    assert Why.BEGAN_FLAPPING not in whys(Steady(), slowly)


def test_E25_after_it_was_stable_flips_are_told_again():
    story = "B." * 5 + "." * 35 + "B."
    assert [why for _, why in news(Steady(), story)[10:]] == [Why.STABLE_OK, Why.FIRED, Why.RESOLVED]


def test_E25_silence_of_the_source_is_not_calm():
    told = news(Steady(), "B." * 5 + "?" * 120 + ".")
    assert told[9:] == [(9, Why.BEGAN_FLAPPING), (130, Why.STABLE_OK)]


def test_E25_what_may_still_change_is_not_called_stable():
    rule = Steady(for_=2 * MINUTE, flapping_changes=2)
    told = news(rule, "BBB." + "." * 28 + "BB." + ".")
    assert told == [(2, Why.FIRED), (3, Why.BEGAN_FLAPPING), (34, Why.STABLE_OK)]


def test_E31_the_same_window_judged_twice_changes_nothing():
    rule = Steady(for_=2 * MINUTE)
    state, _ = run(rule, "BB")
    again, transition = rule.step(state, breached=False, at=minute(1))
    assert again == state
    assert (transition.why, transition.why.is_news) == (Why.DUPLICATE, False)


def test_E31_a_repeated_clear_window_does_not_count_twice():
    rule = Steady(clear_windows=2)
    state, _ = run(rule, "B.")
    for _ in range(3):
        state, _ = rule.step(state, breached=False, at=minute(1))
    assert (state.phase, state.clean) == (Phase.RECOVERING, 1)


def test_an_older_window_is_ignored():
    state, _ = run(Steady(), "BBB")
    again, transition = Steady().step(state, breached=False, at=minute(1))
    assert (again, transition.why) == (state, Why.OLDER)


STORIES = st.text("B.?", min_size=1, max_size=200)
RULES = st.builds(
    Steady,
    for_=st.integers(0, 6).map(lambda n: n * MINUTE),
    clear_windows=st.integers(1, 4),
    keep_firing_for=st.integers(0, 4).map(lambda n: n * MINUTE),
    no_data=st.sampled_from([NoData.HOLD, NoData.ALERT, NoData.OK]),
    flapping_changes=st.integers(2, 10),
)
BEGINS = {Why.FIRED, Why.FIRED_WITHOUT_DATA}
STABLE = {Why.STABLE_OK, Why.STABLE_FIRING}


@given(RULES, STORIES)
def test_what_is_told_always_follows_from_what_was_told_before(rule, story):
    """No end without a beginning, no second beginning, between flapping and stable nothing."""
    known = Phase.OK
    for _, why in news(rule, story):
        assert (why in BEGINS) == (known is Phase.OK and why not in {Why.BEGAN_FLAPPING, *STABLE})
        assert (why in STABLE) == (known is Phase.FLAPPING)
        if why is Why.BEGAN_FLAPPING:
            known = Phase.FLAPPING
        else:
            known = Phase.FIRING if why in BEGINS or why is Why.STABLE_FIRING else Phase.OK


@given(RULES, STORIES)
def test_whoever_was_told_nothing_new_knows_the_truth_unless_it_flaps(rule, story):
    state, transitions = run(rule, story)
    last = next((t.why for t in reversed(transitions) if t.why.is_news), Why.RESOLVED)
    assert state.flapping == (last is Why.BEGAN_FLAPPING)
    if not state.flapping:
        assert state.is_firing == (last in {*BEGINS, Why.STABLE_FIRING})


@given(RULES, STORIES, st.integers(0, 200))
def test_a_state_that_was_stored_and_read_again_goes_on_as_if_it_had_not_been(rule, story, cut):
    before, _ = run(rule, story[:cut])
    stored = msgspec.json.decode(msgspec.json.encode(before), type=SteadyState)
    assert stored == before
    assert run(rule, story[cut:], stored, begin=cut) == run(rule, story[cut:], before, begin=cut)


@given(RULES, STORIES)
def test_what_is_remembered_stays_small(rule, story):
    assert len(run(rule, story)[0].changes) <= rule.flapping_changes
