"""Findings in words: a sentence for each, with the very figures it was made of and nothing that they do not say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.figures import EVEN, Gap
from shared.domain.metrics import Metric
from shared.domain.reports import Fact, Finding, Sentence
from shared.domain.rules import Unit
from shared.rendering.escaping import isolated, one_line
from shared.rendering.evidence import metric_name
from shared.rendering.figures import amount, scale_of
from shared.rendering.regions import region_name
from shared.rendering.report_figures import goal_words, size_words, value_words
from shared.rendering.report_names import GAPS, OBJECTIVES, named
from shared.rendering.report_times import length_words, weekday_words
from shared.rendering.report_words import report_words

EN = {
    "rose": "{name} rose by {size}, from {before} to {value}.",
    "fell": "{name} fell by {size}, from {before} to {value}.",
    "even": "{name} did not change: {value}.",
    "went": "{name} went from {before} to {value}.",
    "at_least": "{name} missed its target: {value}, and at least {target} is promised.",
    "at_most": "{name} missed its target: {value}, and at most {target} is promised.",
    "all_met": "All {count} targets were met.", "one_met": "The one target was met.",
    Finding.NO_INCIDENTS: "There were no incidents.",
    "one_incident": "There was 1 incident{of_them}{longest}.",
    "more_incidents": "There were {count} incidents{of_them}{longest}.",
    "of_them": ", {parts}", "critical": "{number} critical", "high": "{number} high",
    "longest": "; the longest lasted {length}", "one_length": "; it lasted {length}",
    "no_security": "There were no security incidents.",
    "one_security": "There was 1 security incident{of_them}{longest}.",
    "more_security": "There were {count} security incidents{of_them}{longest}.",
    "lost": "Incidents cost an estimated {parts}{unknown}.", "unknown": "; of {count} more it is not known",
    "lost_unknown": "What the incidents cost is not known.",
    "orders": "{number} orders", "order": "1 order",
    "left": "{slo}: {left} of the error budget is left.",
    "overspent": "{slo}: the error budget is used up, and overspent by {over}.",
    Finding.FORECAST: "{name} over the next {days} days: {value} expected, "
    "with a probability of {confidence} between {low} and {high}.",
    Finding.NO_FORECAST: "No forecast of {name} yet: {weeks} whole weeks are known, and it takes {needed}.",
    Finding.GAP: "{name}: {gap}.",
    Finding.LEADS: "{place} leads: {share} of {name}.",
    "no_release": "There were no releases.", "one_release": "There was 1 release{services}.",
    "more_releases": "There were {count} releases{services}.",
    "services": ": {services}",
    Finding.BEST_DAY: "The best day was {day}: {name} {value}.",
    Finding.MAINTENANCE: "Maintenance jobs: {count}; failed: {failed}; with warnings: {warned}; "
    "not looked at: {skipped}; not run yet: {not_run}.",
    "all_passed": "All {count} maintenance jobs passed.",
    Finding.NONE: "There is nothing to report.",
}  # fmt: skip

AR = {
    "rose": "{name}: ارتفاع بمقدار {size}، من {before} إلى {value}.",
    "fell": "{name}: انخفاض بمقدار {size}، من {before} إلى {value}.",
    "even": "{name}: بلا تغير، {value}.",
    "went": "{name}: من {before} إلى {value}.",
    "at_least": "{name}: لم يتحقق المستهدف، القيمة {value} والمتعهد به {target} على الأقل.",
    "at_most": "{name}: لم يتحقق المستهدف، القيمة {value} والمتعهد به {target} على الأكثر.",
    "all_met": "تحققت كل المستهدفات وعددها {count}.", "one_met": "تحقق المستهدف الوحيد.",
    Finding.NO_INCIDENTS: "لم تقع أي بلاغات.",
    "one_incident": "وقع بلاغ واحد{of_them}{longest}.",
    "more_incidents": "عدد البلاغات {count}{of_them}{longest}.",
    "of_them": "، منها {parts}", "critical": "حرج: {number}", "high": "مرتفع: {number}",
    "longest": "؛ مدة أطولها {length}", "one_length": "؛ مدته {length}",
    "no_security": "لم تقع أي بلاغات أمنية.",
    "one_security": "وقع بلاغ أمني واحد{of_them}{longest}.",
    "more_security": "عدد البلاغات الأمنية {count}{of_them}{longest}.",
    "lost": "ما كلفته البلاغات تقديرًا: {parts}{unknown}.", "unknown": "؛ وغير المعروف أثره منها: {count}",
    "lost_unknown": "ما كلفته البلاغات غير معروف.",
    "orders": "طلبات مفقودة {number}", "order": "طلب واحد مفقود",
    "left": "{slo}: المتبقي من رصيد الأخطاء {left}.",
    "overspent": "{slo}: نفد رصيد الأخطاء، والتجاوز {over}.",
    Finding.FORECAST: "{name} خلال الأيام القادمة وعددها {days}: المتوقع {value}، "
    "وباحتمال {confidence} بين {low} و{high}.",
    Finding.NO_FORECAST: "{name}: لا توجد توقعات بعد، فالأسابيع الكاملة المعروفة {weeks} والمطلوب {needed}.",
    Finding.GAP: "{name}: {gap}.",
    Finding.LEADS: "{place} في الصدارة: {share} من {name}.",
    "no_release": "لم تصدر أي إصدارات برمجية.", "one_release": "صدر إصدار برمجي واحد{services}.",
    "more_releases": "عدد الإصدارات البرمجية {count}{services}.",
    "services": ": {services}",
    Finding.BEST_DAY: "أفضل يوم هو {day}: {name} {value}.",
    Finding.MAINTENANCE: "مهام الصيانة: {count}؛ فشلت: {failed}؛ مع تنبيهات: {warned}؛ "
    "لم تُفحص: {skipped}؛ لم تُنفَّذ بعد: {not_run}.",
    "all_passed": "نجحت كل مهام الصيانة وعددها {count}.",
    Finding.NONE: "لا يوجد ما يُذكر.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence's facts, read as what they are; `metrics` are those of the report by name."""

    facts: Mapping[str, Fact]
    metrics: Mapping[str, Metric]
    locale: str

    def text(self, name: str) -> str:
        """A fact as text, on one line."""
        return one_line(str(self.facts.get(name) or ""))

    def number(self, name: str) -> float | None:
        """A fact as a number; None where it is not known."""
        found = self.facts.get(name)
        return float(found) if isinstance(found, int | float) else None

    def count(self, name: str) -> int:
        """A fact that was counted; 0 where it is not there."""
        return int(self.number(name) or 0)

    @property
    def name(self) -> str:
        """What the metric is called."""
        return metric_name(self.text("metric"), self.locale)

    @property
    def metric(self) -> Metric | None:
        """The metric, where a figure of the report is of it."""
        return self.metrics.get(self.text("metric"))

    @property
    def unit(self) -> Unit:
        """The metric's unit, or what the facts themselves say."""
        return self.metric.unit if self.metric else Unit(self.text("unit") or Unit.COUNT)

    def value(self, name: str) -> str:
        """A value of the metric, in words."""
        number = self.number(name)
        if number is None:
            return report_words(self.locale)["not_available"]
        if self.metric is None:
            target = self.number("target")
            apart = () if target is None else (target,)
            return amount(number, scale_of(self.unit, number), self.locale, apart_from=apart)
        before = self.number("before") if name == "value" else None
        return value_words(self.metric, number, self.locale, beside=self.number("value"), apart_from=before)

    def of(self, number: float, unit: Unit) -> str:
        """A value of that unit, in words."""
        return amount(number, scale_of(unit, number), self.locale)


def sentence_words(sentence: Sentence, metrics: Mapping[str, Metric], locale: str) -> str:
    """The sentence; `metrics` are those that the report has figures of, by name."""
    told = _Told(sentence.facts, metrics, locale)
    say = AR if locale == "ar" else EN
    return _SAID[sentence.finding](told, say) if sentence.finding in _SAID else say[sentence.finding]


Say = Mapping[str, str]


def _moved(told: _Told, say: Say) -> str:
    change, values = told.number("change"), {"name": told.name, "value": told.value("value")}
    if change is None:
        return say["went"].format(**values, before=told.value("before"))
    if abs(change) < EVEN:
        return say["even"].format(**values)
    size = size_words(change, told.unit, told.locale)
    return say["rose" if change > 0 else "fell"].format(**values, before=told.value("before"), size=size)


def _missed(told: _Told, say: Say) -> str:
    metric = told.metric
    is_least = bool(told.number("at_least")) if metric is None else metric.at_least
    side = "at_least" if is_least else "at_most"
    goal = told.value("target") if metric is None else goal_words(metric, told.number("value"), told.locale)
    return say[side].format(name=told.name, value=told.value("value"), target=goal)


def _all_met(told: _Told, say: Say) -> str:
    count = told.count("count")
    return say["one_met" if count == 1 else "all_met"].format(count=count)


def _incidents(told: _Told, say: Say) -> str:
    return _how_many(told, say, "one_incident", "more_incidents")


def _security(told: _Told, say: Say) -> str:
    return _how_many(told, say, "one_security", "more_security") if told.count("count") else say["no_security"]


def _maintenance(told: _Told, say: Say) -> str:
    bad = {name: told.count(name) for name in ("failed", "warned", "skipped", "not_run")}
    return say[Finding.MAINTENANCE if any(bad.values()) else "all_passed"].format(count=told.count("count"), **bad)


def _how_many(told: _Told, say: Say, one_of_them: str, more: str) -> str:
    count, comma = told.count("count"), report_words(told.locale)["comma"]
    severe = comma.join(say[one].format(number=told.count(one)) for one in ("critical", "high") if told.count(one))
    longest, word = told.number("longest"), "one_length" if count == 1 else "longest"
    length = "" if longest is None else length_words(timedelta(seconds=longest), told.locale)
    return say[one_of_them if count == 1 else more].format(
        count=count,
        of_them=say["of_them"].format(parts=severe) if severe else "",
        longest=say[word].format(length=length) if length else "",
    )


def _lost(told: _Told, say: Say) -> str:
    orders, revenue = told.number("orders"), told.number("revenue")
    parts = []
    if orders is not None:
        number = f"{round(orders):,}"
        parts.append(say["order" if number == "1" else "orders"].format(number=number))
    parts += [told.of(revenue, Unit.MONEY)] if revenue is not None else []
    joined = report_words(told.locale)["and"].join(parts)
    unknown = say["unknown"].format(count=told.count("unknown")) if told.count("unknown") else ""
    return say["lost"].format(parts=joined, unknown=unknown) if parts else say["lost_unknown"]


def _budget(told: _Told, say: Say) -> str:
    slo, left = named(told.text("slo"), OBJECTIVES, told.locale), told.number("left") or 0.0
    if left < 0:
        return say["overspent"].format(slo=slo, over=told.of(-left, Unit.PERCENT))
    return say["left"].format(slo=slo, left=told.of(left, Unit.PERCENT))


def _forecast(told: _Told, say: Say) -> str:
    values = {name: told.value(name) for name in ("value", "low", "high")}
    sure = told.of(told.number("confidence") or 0.0, Unit.PERCENT)
    return say[Finding.FORECAST].format(name=told.name, days=told.count("days"), confidence=sure, **values)


def _no_forecast(told: _Told, say: Say) -> str:
    name = _inside(told.name, told.locale)
    return say[Finding.NO_FORECAST].format(name=name, weeks=told.count("weeks"), needed=told.count("needed"))


def _gap(told: _Told, say: Say) -> str:
    return say[Finding.GAP].format(name=told.name, gap=named(told.text("gap") or Gap.NO_DATA, GAPS, told.locale))


def _leads(told: _Told, say: Say) -> str:
    place, share = region_name(told.text("name"), told.locale), told.of(told.number("share") or 0.0, Unit.PERCENT)
    return say[Finding.LEADS].format(place=place, share=share, name=_inside(told.name, told.locale))


def _releases(told: _Told, say: Say) -> str:
    count, services = told.count("count"), told.text("services")
    shown = isolated(services) if told.locale == "ar" and services else services
    word = "no_release" if not count else "one_release" if count == 1 else "more_releases"
    return say[word].format(count=count, services=say["services"].format(services=shown) if shown else "")


def _best_day(told: _Told, say: Say) -> str:
    day = told.facts.get("day")
    when = weekday_words(day, told.locale) if isinstance(day, datetime) else told.text("day")
    name, value = _inside(told.name, told.locale), told.value("value")
    return say[Finding.BEST_DAY].format(day=when, name=name, value=value)


def _inside(name: str, locale: str) -> str:
    """A name within a sentence: without its capital, unless it is an abbreviation."""
    is_word = locale != "ar" and len(name) > 1 and name[1].islower()
    return f"{name[0].lower()}{name[1:]}" if is_word else name


_SAID: Mapping[Finding, Callable[[_Told, Say], str]] = {
    Finding.MOVED: _moved,
    Finding.MISSED: _missed,
    Finding.ALL_MET: _all_met,
    Finding.INCIDENTS: _incidents,
    Finding.SECURITY: _security,
    Finding.LOST: _lost,
    Finding.BUDGET: _budget,
    Finding.FORECAST: _forecast,
    Finding.NO_FORECAST: _no_forecast,
    Finding.GAP: _gap,
    Finding.LEADS: _leads,
    Finding.RELEASES: _releases,
    Finding.MAINTENANCE: _maintenance,
    Finding.BEST_DAY: _best_day,
}
