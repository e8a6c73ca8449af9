"""The weekly performance audit's steps: what visitors download, how fast pages feel, and which queries are slow."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from shared.domain import bundles, slow_queries, web_vitals
from shared.domain.configuration import Configuration
from shared.domain.figures import Figure, Span
from shared.domain.job_alerts import result_of
from shared.domain.jobs import Finding, Run, StepResult, Verdict
from shared.domain.metrics import Kind, Metric
from shared.domain.rules import Unit
from shared.domain.slow_queries import RouteTimes
from shared.errors import ByteCapError, NotMeasuredError, QueryError
from shared.ports.audits import QueryHistory, SiteReader
from shared.ports.store import StateStore
from shared.ports.warehouse import Warehouse
from shared.usecases.figure_reading import Asked, figure, read
from shared.usecases.jobs.assets import measured_assets
from shared.usecases.jobs.earlier import last_numbers
from shared.usecases.jobs.running import Step

log = logging.getLogger(__name__)

A_WEEK, A_DAY = timedelta(days=7), timedelta(days=1)
AN_HOUR_IN_SECONDS = 3_600
SITE = "website"  # the probe of status.yaml that is the site


@dataclass(frozen=True, slots=True)
class Audited:
    """What is looked at."""

    config: Configuration
    site: SiteReader
    store: StateStore
    warehouse: Warehouse
    queries: QueryHistory


def performance_steps(audited: Audited) -> Mapping[str, Step]:
    """The steps but `cdn`; none of them changes anything."""
    steps: Mapping[str, Callable[[Audited, Run], StepResult]] = {
        "bundle": bundle,
        "load_time": load_time,
        "queries": queries,
    }
    return {name: partial(step, audited) for name, step in steps.items()}


def bundle(audited: Audited, run: Run) -> StepResult:
    """The deployed site's own scripts and style sheets against the budget and the last run's.

    Raises SiteError while the page itself is not there.
    """
    probe = audited.config.status.probes.get(SITE)
    if probe is None or not probe.url:
        return _skipped("bundle", f"set probes.{SITE}.url in status.yaml to the address of the site")
    budget = _limit(audited.config, "bundle_size")
    if budget is None:
        return _skipped("bundle", "give bundle_size a rule in rules.yaml, or a target in metrics.yaml")
    assets = measured_assets(audited.site, probe.url)
    if not assets:
        what = f"{probe.url} names no script or style sheet of its own"
        return result_of([Finding(SITE, what, Verdict.WARN, "see that the probe's address is the site's first page")])
    before = last_numbers(audited.store, run, "bundle")
    found = bundles.judged(assets, before, budget=budget)
    change = {"raw_before": before["raw"]} if "raw" in before else {}
    return replace(result_of(found), evidence={**bundles.evidence_of(assets), **change})


def load_time(audited: Audited, run: Run) -> StepResult:
    """The web vitals of the week before the run, and of the week before that."""
    asked = Asked(Span(run.at - A_WEEK, run.at), Span(run.at - 2 * A_WEEK, run.at - A_WEEK), AN_HOUR_IN_SECONDS)
    wanted = {vital: _vital(audited.config, vital) for vital in web_vitals.VITALS}
    found = read(wanted.values(), asked, config=audited.config, warehouse=audited.warehouse, now=run.at)
    if found.failed:
        raise QueryError(f"the warehouse did not answer about {', '.join(sorted(found.failed))}")
    figures = [(vital, figure(metric, found, audited.config)) for vital, metric in wanted.items()]
    if all(one.value is None for _, one in figures):
        return _skipped("load_time", "no web vitals in the week; send FCP, LCP, INP and CLS events to Google Analytics")
    missing = ", ".join(vital.short for vital, one in figures if one.value is None)
    reason = f"not measured: {missing}" if missing else ""
    return replace(result_of(web_vitals.judged(figures), reason=reason), evidence=_numbers(figures))


def queries(audited: Audited, run: Run) -> StepResult:
    """The week's queries of the warehouse, and the API's routes that were slower than api_response_time's limit.

    Only one of the two may be unknown; what it lacks stands in the reason.
    """
    unknown: list[str] = []
    before = last_numbers(audited.store, run, "queries")
    costs = _known(lambda: tuple(audited.queries.costs(run.at - A_WEEK, run.at)), unknown)
    limit = _limit(audited.config, "api_response_time")
    if limit is None:
        unknown.append("routes: give api_response_time a rule in rules.yaml, or a target in metrics.yaml")
    routes = None if limit is None else _known(lambda: _routes(audited, run, limit), unknown)
    if not costs and not routes:
        said = "; ".join(unknown) or "no query and no request in the week"
        return _skipped("queries", said)
    found = [*slow_queries.slow_queries(costs or (), before), *slow_queries.slow_routes(routes or (), limit or 0.0)]
    evidence = {**slow_queries.evidence_of(costs or ()), "routes": len(routes or ())}
    return replace(result_of(found, reason="; ".join(unknown)), evidence=evidence)


def _routes(audited: Audited, run: Run, limit: float) -> tuple[RouteTimes, ...]:
    """The routes of the week; of its last day where a week of requests is more than a query may read."""
    cap = audited.config.limits.query_bytes
    try:
        rows = audited.warehouse.query("slow_routes", _week(run, A_WEEK, limit), maximum_bytes=cap).rows
    except ByteCapError:
        log.info("a week of requests is over the cap; its last day is looked at", extra={"cap": cap})
        rows = audited.warehouse.query("slow_routes", _week(run, A_DAY, limit), maximum_bytes=cap).rows
    return tuple(_route(row) for row in rows)


def _week(run: Run, span: timedelta, limit: float) -> Mapping[str, Any]:
    since = run.at - span
    return {"slower": round(limit), "before_since": since - span, "since": since, "until": run.at}


def _route(row: Mapping[str, Any]) -> RouteTimes:
    count = int(row["count"])
    mean = float(row["total_ms"]) / count if count else 0.0
    return RouteTimes(row["route"], count, int(row["slow"]), mean, int(row["before_count"]), int(row["before_slow"]))


def _known(ask: Callable[[], Any], unknown: list[str]) -> Any:  # noqa: ANN401 - what was asked for
    """The answer; None, and why, where nothing measures it. A warehouse that fails is raised: nothing was looked at."""
    try:
        return ask()
    except NotMeasuredError as error:
        unknown.append(str(error))
        return None


def _limit(config: Configuration, metric: str) -> float | None:
    """What the rule about the metric allows, else what the metric promises."""
    limits = [rule.limit.value for rule in config.metric_rules if rule.metric == metric and rule.limit is not None]
    known = config.metrics.get(metric)
    return min(limits) if limits else (known.target if known else None)


def _vital(config: Configuration, vital: web_vitals.Vital) -> Metric:
    """The configured metric, else one made of what the vital itself says; its points are rolled up in any case."""
    known = config.metrics.get(vital.metric)
    made = Metric(vital.metric, Kind.VALUE, Unit.COUNT, "analytics", points=vital.metric, percentile=75)
    return known or replace(made, target=vital.good, freshness=timedelta(hours=6))


def _numbers(figures: list[tuple[web_vitals.Vital, Figure]]) -> dict[str, float]:
    found = {vital.short: one.value for vital, one in figures if one.value is not None}
    before = {f"{vital.short}_before": one.before for vital, one in figures if one.before is not None}
    return {name: round(value, 3) for name, value in {**found, **before}.items()}


def _skipped(step: str, reason: str) -> StepResult:
    return StepResult(step, Verdict.SKIPPED, reason)
