"""Rules with an objective: judged by how fast their budget of errors burns."""

from datetime import timedelta

from shared.domain.burn_rates import PAGE, TICKET, Burned, goal_of, judged
from shared.domain.counts import upper_tail
from shared.domain.detection import ALPHA_PER_MINUTE, LEAST_ERRORS
from shared.domain.judgements import Judgement, Level, Outcome, Situation
from shared.domain.rules import MetricRule
from shared.domain.series import MINUTE, Reading, Side

LEAST_BURNED = 10
SURELY_ABOVE = 0.5  # of the factor


def burning(rule: MetricRule, around: Situation) -> Judgement:
    """Fast burns (pages) are the rule's severity, slow ones (tickets) one below; the exact test guards both."""
    goal = goal_of(rule.objective or 0.0)
    counts = around.series.counts(Reading(Side.BAD))

    def bad_and_total(window: timedelta) -> tuple[int, int]:
        total, bad = counts.between(max(around.end - window.total_seconds(), 0.0), around.end)
        return bad, total

    page, ticket = (judged(pairs, bad_and_total, goal=goal, least=LEAST_BURNED) for pairs in (PAGE, TICKET))
    for burned, level in ((page, Level.LIMIT), (ticket, Level.CHANGE)):
        if burned.breached and (judgement := _burned(around, burned, level, goal=goal)):
            return judgement
    bad, total = bad_and_total(PAGE[0].long)
    known = page.breached is not None
    value = None if not total else 100.0 * bad / total
    return Judgement(
        Outcome.FINE if known else Outcome.TOO_FEW,
        breached=False if known else None,
        value=value,
        samples=total,
        failures=bad,
        window=PAGE[0].long.total_seconds(),
    )


def _burned(around: Situation, burned: Burned, level: Level, *, goal: float) -> Judgement | None:
    """The pair's judgement if the true burn is surely above half the factor; a handful of errors proves nothing."""
    window = burned.pair.long.total_seconds()
    total, bad = around.series.counts(Reading(Side.BAD)).between(around.end - window, around.end)
    share = min(burned.pair.factor * (1 - goal), 1.0)
    chance = upper_tail(bad, total, share * SURELY_ABOVE)
    if bad < LEAST_ERRORS or chance > ALPHA_PER_MINUTE * window / MINUTE:
        return None
    return Judgement(
        Outcome.BURNING,
        breached=True,
        level=level,
        value=100.0 * bad / total,
        bound=100.0 * share,
        samples=total,
        failures=bad,
        window=window,
        chance=chance,
    )
