"""Evidence -> words: what was measured, against what, how sure it is and how far the data reaches."""

import math
from datetime import timedelta

from shared.domain.evidence import Evidence
from shared.domain.incidents import Incident
from shared.domain.rules import Unit
from shared.domain.signals import TEST_SOURCE
from shared.rendering.catalogue import recorded, words
from shared.rendering.escaping import isolated, one_line
from shared.rendering.figures import SCALES, Scale, amount, figure, scale_of
from shared.rendering.plurals import after_a_preposition
from shared.rendering.view import cairo, span

EN = {
    "metric": "Metric", "measured": "Measured", "limit": "Limit", "baseline": "Baseline", "change": "Change",
    "sample": "Sample", "confidence": "Confidence", "complete": "Data complete until", "why": "Why",
    "over": "over", "above": "above", "below": "below", "no_data": "no data", "no_limit": "none, only a change",
    "no_history": "no history yet", "of_them": "of them", "bad": "bad", "not_tested": "compared as it is, not tested",
    "chance": "1 in {0} by chance", "least_chance": "less than 1 in {0} by chance", "usual": "usually",
    "history": "last 6 h, Cairo time", "beyond": "beyond the limit for", "now": "now", "points": "points",
}  # fmt: skip

AR = {
    "metric": "المؤشر", "measured": "القيمة المقاسة", "limit": "الحد", "baseline": "المعتاد", "change": "التغير",
    "sample": "حجم العينة", "confidence": "درجة الثقة", "complete": "البيانات مكتملة حتى", "why": "السبب",
    "over": "خلال", "above": "أكثر من", "below": "أقل من", "no_data": "لا توجد بيانات",
    "no_limit": "لا يوجد، التغير فقط", "no_history": "لا يوجد سجل سابق",
    "of_them": "منها", "bad": "فاشلة", "not_tested": "مقارنة مباشرة دون اختبار",
    "chance": "احتمال المصادفة 1 من {0}", "least_chance": "احتمال المصادفة أقل من 1 من {0}", "usual": "المعتاد",
    "history": "آخر 6 ساعات بتوقيت القاهرة", "beyond": "خارج الحد لمدة", "now": "الآن", "points": "نقطة مئوية",
}  # fmt: skip

METRICS = {
    "error_rate": ("Error rate", "معدل الأخطاء"),
    "order_failure_rate": ("Order failure rate", "معدل فشل الطلبات"),
    "api_response_time": ("API response time", "زمن استجابة الواجهة البرمجية"),
    "first_contentful_paint": ("First contentful paint", "زمن أول ظهور للمحتوى"),
    "largest_contentful_paint": ("Largest contentful paint", "زمن ظهور المحتوى الرئيسي"),
    "page_load_time": ("Page load time", "زمن تحميل الصفحة"),
    "conversion_rate": ("Conversion rate", "معدل التحويل"),
    "session_duration": ("Session duration", "مدة الجلسة"),
    "sessions": ("Sessions", "عدد الجلسات"),
    "new_users": ("New users", "المستخدمون الجدد"),
    "order_volume": ("Order volume", "عدد الطلبات"),
    "revenue": ("Revenue", "الإيرادات"),
    "crash_free_sessions": ("Crash-free sessions", "الجلسات الخالية من الأعطال"),
    "crash_free_users": ("Crash-free users", "المستخدمون دون أعطال"),
    "uptime": ("Uptime", "نسبة التوفر"),
    "bundle_size": ("Bundle size", "حجم الحزمة"),
    "user_satisfaction": ("User satisfaction", "رضا المستخدمين"),
    "daily_active_users": ("Daily active users", "المستخدمون النشطون يوميًا"),
    "leads": ("Leads", "المشترون المهتمون"),
    "api_response_average": ("Average API response", "متوسط زمن استجابة الواجهة البرمجية"),
    "probe_response_time": ("Response to outside checks", "زمن الاستجابة للفحوص الخارجية"),
    "interaction_to_next_paint": ("Interaction to next paint", "زمن الاستجابة للتفاعل"),
    "network_request_time": ("Network request time", "زمن طلبات الشبكة"),
    "database_latency": ("Database latency", "زمن استجابة قاعدة البيانات"),
    "database_connections": ("Database connections", "اتصالات قاعدة البيانات"),
    "memory_usage": ("Memory usage", "استخدام الذاكرة"),
    "cache_hit_rate": ("Cache hit rate", "نسبة الإصابة في الذاكرة المؤقتة"),
    "cdn_hit_rate": ("CDN hit rate", "نسبة الإصابة في شبكة التوزيع"),
    "instances": ("Running instances", "النسخ العاملة"),
    "alert_response_time": ("Alert response time", "زمن الاستجابة للبلاغات"),
    "resolution_time": ("Time to resolution", "زمن حل البلاغات"),
    "recovery_time": ("Longest recovery", "أطول زمن للتعافي"),
    "stakeholders_told_time": ("Time until management knew", "زمن إبلاغ الإدارة"),
    "false_positive_rate": ("False alerts", "نسبة البلاغات الكاذبة"),
    "impact_assessed_rate": ("Incidents with assessed impact", "بلاغات قُيِّم أثرها"),
    "backup_success_rate": ("Verified backups", "النسخ الاحتياطية السليمة"),
    "disaster_recovery_test_age": ("Since the last recovery test", "منذ آخر اختبار للتعافي من الكوارث"),
    "continuity_review_age": ("Since the last continuity review", "منذ آخر مراجعة لخطة الاستمرارية"),
}

SUREST = 1_000_000_000  # beyond it neither a test's assumptions nor 1 - p in a double say any more


def facts(evidence: Evidence, locale: str = "en") -> list[tuple[str, str]]:
    """Label and text of everything a reader needs to check the decision, in a fixed order; what is unknown says so."""
    say = vocabulary(locale)
    pairs = [
        ("metric", metric_name(evidence.metric, locale)),
        ("measured", _measured(evidence, locale)),
        ("limit", _limit(evidence, locale)),
        ("baseline", baseline_words(evidence, locale) or say["no_history"]),
        ("change", _change(evidence, locale)),
        ("sample", _sample(evidence, locale)),
        ("confidence", chance_words(evidence.chance, locale)),
        ("complete", cairo(evidence.complete_until, locale)),
        ("why", recorded(one_line(evidence.reason), locale)),
    ]
    return [(say[name], text) for name, text in pairs if text]


def sentence(evidence: Evidence, locale: str = "en") -> str:
    """The chart in one sentence, for who cannot see it."""
    say = vocabulary(locale)
    comma = words(locale)["comma"]
    parts = [f"{value_words(evidence, locale)} {say['now']}"]
    if evidence.limit is not None:
        parts.append(f"{say['limit'].lower()} {limit_words(evidence, locale)}")
    if evidence.baseline is not None:
        parts.append(f"{say['usual']} {baseline_words(evidence, locale)}")
    beyond, missing = evidence.time_beyond, evidence.time_missing
    parts += [f"{say['beyond']} {_for(beyond, locale)}"] if beyond else []
    parts += [f"{say['no_data']} {say['over']} {_for(missing, locale)}"] if missing else []
    return f"{metric_name(evidence.metric, locale)}{comma}{say['history']}: {comma.join(parts)}"


def headline(incident: Incident, evidence: Evidence | None, locale: str = "en") -> str:
    """The incident's title; where we made it ourselves from evidence, in the reader's language."""
    if incident.source == TEST_SOURCE:  # whatever its title says
        return words(locale)["test_of"].format(isolated(incident.rule) if locale == "ar" else incident.rule)
    if evidence is None or locale == "en":
        return incident.title
    name, comma, value = metric_name(evidence.metric, locale), words(locale)["comma"], value_words(evidence, locale)
    against = f"{vocabulary(locale)['limit']} {limit_words(evidence, locale)}" if evidence.limit is not None else ""
    reason = recorded(one_line(evidence.reason), locale)
    return f"{name} {value}{comma}{against or reason}"


def summary(incident: Incident, evidence: Evidence | None, locale: str = "en") -> str:
    """The incident's summary; of our own making in the reader's language."""
    if evidence is None or locale == "en":
        return incident.summary
    return recorded(one_line(evidence.reason), locale)


def vocabulary(locale: str) -> dict[str, str]:
    """The words about evidence; anything but "ar" reads English."""
    return AR if locale == "ar" else EN


def metric_name(metric: str, locale: str = "en") -> str:
    """What a metric is called; one without a name of its own reads as it is written."""
    plain = one_line(metric).replace("_", " ").capitalize()
    english, arabic = METRICS.get(metric, (plain, isolated(plain)))
    return arabic if locale == "ar" else english


def scale_for(evidence: Evidence) -> Scale:
    """One scale for all figures, so that they compare at sight: no "93 s" beside "3 min"."""
    figures = [value for value in (evidence.value, evidence.limit, evidence.baseline) if value is not None]
    shown = figures or [value for _, value in evidence.points if value is not None]
    return scale_of(evidence.unit, max(map(abs, shown), default=0.0))


def value_words(evidence: Evidence, locale: str = "en") -> str:
    """The measured value, with as many digits as tell it from the limit."""
    if evidence.value is None:
        return vocabulary(locale)["no_data"]
    limit = () if evidence.limit is None else (evidence.limit,)
    return amount(evidence.value, scale_for(evidence), locale, apart_from=limit)


def limit_words(evidence: Evidence, locale: str = "en") -> str:
    """The limit's figure, or "" where there is none."""
    return "" if evidence.limit is None else amount(evidence.limit, scale_for(evidence), locale)


def baseline_words(evidence: Evidence, locale: str = "en") -> str:
    """The baseline's figure, or "" where there is none."""
    return "" if evidence.baseline is None else amount(evidence.baseline, scale_for(evidence), locale)


def chance_words(chance: float | None, locale: str = "en") -> str:
    """A p value as "1 in 2,000,000 by chance", rounded to the unsure side; never a certainty."""
    say = vocabulary(locale)
    if chance is None:
        return say["not_tested"]
    if chance * SUREST < 1:
        return say["least_chance"].format(f"{SUREST:,}")
    times = max(1, math.floor(1 / chance))
    step = 10 ** max(0, len(str(times)) - 2)
    return say["chance"].format(f"{times // step * step:,}")


def _measured(evidence: Evidence, locale: str) -> str:
    value = value_words(evidence, locale)
    return f"{value} {vocabulary(locale)['over']} {_for(evidence.window, locale)}" if evidence.window else value


def _for(length: timedelta, locale: str) -> str:
    """A span after "over" and "for"."""
    return after_a_preposition(span(length, locale))


def _limit(evidence: Evidence, locale: str) -> str:
    say = vocabulary(locale)
    if evidence.limit is None:
        return say["no_limit"]
    return f"{say['below' if evidence.comparison == '<' else 'above']} {limit_words(evidence, locale)}"


def _sample(evidence: Evidence, locale: str) -> str:
    say = vocabulary(locale)
    if evidence.failures is None:
        return f"{evidence.samples:,}"
    return f"{evidence.samples:,}{words(locale)['comma']}{say['of_them']} {evidence.failures:,} {say['bad']}"


def _change(evidence: Evidence, locale: str) -> str:
    """The decision's own words for the change, or else the difference."""
    text = one_line(evidence.change) or _difference(evidence)
    if locale != "ar":
        return text
    # Signed figures are isolated: in Arabic a sign would otherwise move to the figure's other side.
    parts = text.replace("\u00a0", " ").replace(" %", "%").split()
    return " ".join(isolated(part) if part[0] in "+-0123456789" else _CHANGE_AR.get(part, part) for part in parts)


def _difference(evidence: Evidence) -> str:
    if evidence.value is None or evidence.baseline is None:
        return ""
    difference = evidence.value - evidence.baseline
    if evidence.unit is Unit.PERCENT:
        return f"{_signed(figure(difference), difference)} {EN['points']}"
    return _signed(amount(difference, scale_for(evidence)), difference)


def _signed(text: str, difference: float) -> str:
    return f"+{text}" if difference > 0 else text


_CHANGE_AR = {scale.english: scale.arabic for scales in SCALES.values() for scale in scales} | {"points": AR["points"]}
