"""Reports to render: every kind of section, figure, finding, chart and table, with nothing read from anywhere."""

from datetime import UTC, date, datetime, timedelta
from math import sin

from shared.config.loader import load
from shared.domain.chart_data import Chart, ChartKind, Line, Mark, MarkKind, Rank, Role
from shared.domain.figures import Figure, Gap
from shared.domain.periods import PeriodKind, day_of, last_period
from shared.domain.report_plans import Written
from shared.domain.reports import Amount, Edition, Finding, Report, Section, Sentence, Table
from shared.domain.rules import Unit

CONFIG = load()
MADE_AT = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)  # 09:00 in Cairo
DAY = day_of(date(2026, 11, 29))
MONTH = last_period(PeriodKind.MONTH, datetime(2026, 12, 1, 6, 0, tzinfo=UTC))

FACTS = {
    Finding.MOVED: {"metric": "revenue", "value": 1_234_000.0, "before": 1_098_000.0, "change": 12.39, "trend": "better"},
    Finding.MISSED: {"metric": "first_contentful_paint", "value": 1_620.0, "target": 1_500.0},
    Finding.ALL_MET: {"count": 5},
    Finding.NO_INCIDENTS: {},
    Finding.INCIDENTS: {"count": 3, "critical": 1, "high": 2, "longest": 7_500.0},
    Finding.SECURITY: {"count": 2, "critical": 0, "high": 2, "longest": 7_500.0},
    Finding.LOST: {"orders": 12.4, "revenue": 34_000.0, "currency": "EGP"},
    Finding.BUDGET: {"slo": "uptime", "left": 62.0, "spent": 38.0},
    Finding.FORECAST: {"metric": "revenue", "value": 8.4e6, "low": 7.9e6, "high": 9e6, "days": 30, "confidence": 80},
    Finding.NO_FORECAST: {"metric": "revenue", "weeks": 3, "needed": 6},
    Finding.GAP: {"metric": "user_satisfaction", "gap": Gap.NO_DATA},
    Finding.LEADS: {"metric": "order_volume", "name": "Cairo", "share": 41.2},
    Finding.RELEASES: {"count": 4, "services": "orders-api, web"},
    Finding.MAINTENANCE: {"count": 9, "failed": 1, "warned": 2, "skipped": 1, "not_run": 1},
    Finding.BEST_DAY: {"metric": "revenue", "day": datetime(2026, 11, 27, 12, 0, tzinfo=UTC), "value": 1_900_000.0},
    Finding.NONE: {},
}  # fmt: skip


def figure(name, value=None, before=None, *, period=DAY, gap=None, count=5_000, until=None):
    """A figure of a metric that there is, complete unless it has a gap."""
    reached = until or (None if gap in {Gap.NO_SOURCE, Gap.NO_DATA} else period.end)
    return Figure(CONFIG.metrics[name], period.span, value, count, period.before.span, before, reached, gap)


def sentence(finding, **changes):
    return Sentence(finding, {**FACTS[finding], **changes})


def line_chart(name="errors", metric="error_rate", unit=Unit.PERCENT, *, level=0.6, period=DAY, target=1.0):
    """A day in steps of a quarter of an hour with a hole in it; a longer period by the hour."""
    step = timedelta(minutes=15) if period.kind is PeriodKind.DAY else timedelta(hours=6)
    starts = [period.start + n * step for n in range(int((period.end - period.start) / step))]
    values = [None if 30 < n < 36 else level * (1 + 0.4 * sin(n / 9)) for n in range(len(starts))]
    before = tuple((at, level * (1 + 0.3 * sin(n / 8))) for n, at in enumerate(starts))
    marks = (
        Mark(MarkKind.INCIDENT, starts[50], starts[56], "Checkout fails <b>#1</b>", "INC-0001", "critical"),
        Mark(MarkKind.RELEASE, starts[48], text="web 4.2.0"),
    )
    lines = (Line(metric, tuple(zip(starts, values, strict=True))), Line(metric, before, Role.BEFORE))
    seconds = int(step.total_seconds())
    return Chart(name, ChartKind.LINE, unit, period.span, seconds, lines, marks=marks, target=target, source="requests")


def bar_chart(period=DAY):
    starts = [period.start + n * timedelta(hours=1) for n in range(24)]
    points = tuple((at, float(40 + 30 * (n > 9) - n)) for n, at in enumerate(starts))
    return Chart(
        "orders",
        ChartKind.BARS,
        Unit.COUNT,
        period.span,
        3_600,
        (Line("order_volume", points),),
        source="analytics",
    )


def ranked_chart(period=DAY):
    names = (("Cairo", 512), ("Giza", 240), ("Alexandria", 131), ("Dakahlia", 64), ("Aswan", 12))
    ranks = tuple(Rank(name, float(value), value * 0.9) for name, value in names)
    return Chart("orders_by_region", ChartKind.RANKED, Unit.COUNT, period.span, 86_400, ranks=ranks, source="analytics")


def empty_chart(period=DAY, gap=Gap.NO_SOURCE):
    return Chart("satisfaction", ChartKind.LINE, Unit.PERCENT, period.span, 3_600, source="measurements", gap=gap)


def incidents_table(rows=3):
    columns = ("title", "severity", "service", "opened", "duration", "state", "affected", "orders", "revenue")
    opened = DAY.start + timedelta(hours=9)
    return Table(
        "incidents",
        columns,
        tuple(
            (
                f"Checkout fails for people who pay with a card <script>alert(1)</script> #let $x$ *b* _i_ (INC-{n:04})",
                "critical" if n % 3 == 0 else "high",
                "orders-api",
                opened + n * timedelta(minutes=7),
                timedelta(minutes=5 * n),
                "resolved",
                None,
                12 if n else None,
                Amount(34_000.0 if n else None, Unit.MONEY),
            )
            for n in range(rows)
        ),
    )


def success_table():
    columns = ("measure", "value", "target", "standing")
    rows = (
        ("alert_response_time", Amount(412.0, Unit.SECONDS), Amount(600.0, Unit.SECONDS), "met"),
        ("false_positive_rate", Amount(6.1, Unit.PERCENT), Amount(5.0, Unit.PERCENT), "missed"),
        ("disaster_recovery_test_age", Amount(None, Unit.SECONDS), Amount(7_948_800.0, Unit.SECONDS), "unknown"),
    )
    return Table("success", columns, rows)


def overview(period=DAY):
    return Section(
        "overview",
        figures=(
            figure("first_contentful_paint", 1_620.0, 1_480.0, period=period),
            figure("api_response_time", 312.0, 312.0, period=period),
            figure("error_rate", 0.42, 0.5, period=period),
            figure("revenue", 1_234_000.0, 1_098_000.0, period=period, gap=Gap.LATE, until=period.end - timedelta(hours=6)),
            figure("user_satisfaction", period=period, gap=Gap.NO_DATA),
            figure("crash_free_sessions", period=period, gap=Gap.NO_SOURCE),
        ),
        sentences=(sentence(Finding.MISSED), sentence(Finding.MOVED), sentence(Finding.GAP)),
    )  # fmt: skip


def written():
    texts = {
        "en": "Two further marketplaces\nopened in Alexandria.\n\n- The first sells used cars only\n- The second <b>rents</b> them",
        "ar": "افتتح موقعان جديدان\nفي الإسكندرية.\n\n- الأول يبيع السيارات المستعملة فقط\n- والثاني يؤجرها",
    }
    return Written("competitive_analysis", "Nour Hassan", datetime(2026, 11, 20, tzinfo=UTC), texts)


def report(edition=Edition.PROVISIONAL, *, period=DAY, name="performance_report", sections=()):
    """A report with everything a report can have."""
    plan = CONFIG.reporting.reports[name]
    made = sections or (
        overview(period),
        Section("errors", figures=(figure("uptime", 99.91, 99.95, period=period),), charts=(line_chart(period=period),), tables=(incidents_table(),), sentences=(sentence(Finding.INCIDENTS), sentence(Finding.LOST))),
        Section("sales", charts=(bar_chart(period), line_chart("latency", "api_response_time", Unit.MILLISECONDS, level=300, period=period, target=1_000))),
        Section("market", charts=(ranked_chart(period),), sentences=(sentence(Finding.LEADS),)),
        Section("satisfaction", charts=(empty_chart(period),)),
        Section("competition", written=written(), is_written=True),
        Section("roadmap", is_written=True),
        Section("response", tables=(success_table(),), sentences=(sentence(Finding.BUDGET), sentence(Finding.FORECAST)), gap=Gap.FAILED),
    )  # fmt: skip
    headline = (
        figure("api_response_time", 312.0, 330.0, period=period),
        figure("error_rate", 0.42, 0.5, period=period),
    )
    return Report(plan, period, edition, MADE_AT, headline, made)
