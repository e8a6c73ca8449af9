"""The words of the dashboards, in English and Arabic."""

from shared.domain.boards import Reach
from shared.domain.figures import Gap, Standing, Trend

TITLES = {
    "executive": ("Executive dashboard", "لوحة الإدارة"),
    "technical": ("Technical dashboard", "اللوحة التقنية"),
}
SHORT_TITLES = {"executive": ("Executive", "الإدارة"), "technical": ("Technical", "التقنية")}

REACHES = {
    Reach.HOURS: ("3 hours", "3 ساعات"),
    Reach.DAY: ("24 hours", "24 ساعة"),
    Reach.WEEK: ("7 days", "7 أيام"),
    Reach.MONTH: ("30 days", "30 يومًا"),
}
LAST = {
    Reach.HOURS: ("last 3 hours", "آخر 3 ساعات"),
    Reach.DAY: ("last 24 hours", "آخر 24 ساعة"),
    Reach.WEEK: ("last 7 days", "آخر 7 أيام"),
    Reach.MONTH: ("last 30 days", "آخر 30 يومًا"),
}

ICONS = {Standing.MET: "✓", Standing.MISSED: "✕", Standing.NO_TARGET: "•", Standing.UNKNOWN: "?"}
STANDINGS = {
    Standing.MET: ("on target", "ضمن المستهدف"),
    Standing.MISSED: ("misses its target", "خارج المستهدف"),
    Standing.NO_TARGET: ("no target", "بلا مستهدف"),
    Standing.UNKNOWN: ("unknown", "غير معروف"),
}
TRENDS = {Trend.BETTER: ("better", "أفضل"), Trend.WORSE: ("worse", "أسوأ")}

# What somebody has to do so that there is something to measure, by the source that is silent.
TO_SET = {
    "": ("name its source in metrics.yaml: {metric}", "حدد مصدره في metrics.yaml: {metric}"),
    "measurements": (
        "nobody has posted {metric} to receive_measurement",
        "لم يُرسل {metric} إلى receive_measurement بعد",
    ),
    "analytics": ("link the Google Analytics export to BigQuery", "اربط تصدير Google Analytics بـ BigQuery"),
    "performance": ("link the Firebase Performance export to BigQuery", "اربط تصدير Firebase Performance بـ BigQuery"),
    "crashes": ("link the Crashlytics export to BigQuery", "اربط تصدير Crashlytics بـ BigQuery"),
}
GAPS = {
    Gap.NO_SOURCE: ("no source configured", "لا يوجد مصدر مُعد"),
    Gap.NO_DATA: ("nothing was measured", "لم يُقَس شيء"),
    Gap.LATE: ("not complete yet", "لم تكتمل بعد"),
    Gap.FAILED: (
        "could not be read, it is tried again with the next refresh",
        "تعذرت القراءة، وتُعاد مع التحديث التالي",
    ),
}

EN = {
    "comma": ", ", "target": "Target", "range": "Time range", "compare": "Compare with the week before",
    "compare_month": "Compare with the 30 days before", "alone": "Without the comparison",
    "more": "{size} more than {then}", "less": "{size} less than {then}", "same": "the same as {then}",
    "nothing_before": "nothing to compare with", "week_ago": "a week ago", "month_ago": "in the 30 days before",
    "newest": "newest value", "a_day": "a day, {last}", "complete": "{source}, complete",
    "complete_until": "{source}, complete until {at}", "late": "late", "about": "Incidents about it",
    "live": "Active users now", "live_span": "visits that began from {since} to {until}", "open": "Open incidents",
    "nothing_open": "No incident is open.", "all_open": "All that are open ({count})", "figures": "Figures",
    "charts": "Charts", "happened": "What happened",
    "nothing_happened": "No incident of high or critical severity and no release in this time.",
    "incident": "incident", "release": "release", "window": "maintenance", "until": "until {at}",
    "going_on": "still going on", "table": "Show as a table",
    "thinned": "In steps that fit on a page; every value is in the files.", "updated": "As of {at}, Cairo time",
    "refreshes": "refreshes every minute", "lost": "The connection is lost. What you see is from {at}.",
    "old": "What you see is old: it is from {at}.", "signed_out": "You are not signed in any more. Reload the page.",
    "no_chart": "Nothing is drawn: {gap}.", "earlier": "{count} earlier ones are not shown.",
    "as_json": "This page for programs",
}  # fmt: skip

AR = {
    "comma": "، ", "target": "المستهدف", "range": "المدة", "compare": "مقارنة بالأسبوع السابق",
    "compare_month": "مقارنة بالثلاثين يومًا السابقة", "alone": "دون مقارنة", "more": "أعلى بمقدار {size} عن {then}",
    "less": "أقل بمقدار {size} عن {then}", "same": "كما في {then}", "nothing_before": "لا يوجد ما يُقارن به",
    "week_ago": "الأسبوع السابق", "month_ago": "الثلاثين يومًا السابقة", "newest": "أحدث قيمة",
    "a_day": "يوميًا، {last}", "complete": "{source}، مكتملة", "complete_until": "{source}، مكتملة حتى {at}",
    "late": "متأخرة", "about": "بلاغات عنه", "live": "المستخدمون النشطون الآن",
    "live_span": "زيارات بدأت من {since} إلى {until}", "open": "البلاغات المفتوحة",
    "nothing_open": "لا يوجد بلاغ مفتوح.", "all_open": "كل البلاغات المفتوحة ({count})", "figures": "المؤشرات",
    "charts": "الرسوم البيانية", "happened": "ما حدث",
    "nothing_happened": "لا بلاغات حرجة أو مرتفعة ولا إصدارات في هذه المدة.", "incident": "بلاغ", "release": "إصدار",
    "window": "صيانة", "until": "حتى {at}", "going_on": "ما زال مستمرًا", "table": "عرض كجدول",
    "thinned": "بخطوات تتسع لها الصفحة؛ كل القيم في الملفات.", "updated": "حتى {at} بتوقيت القاهرة",
    "refreshes": "تُحدَّث كل دقيقة", "lost": "انقطع الاتصال. ما تراه يعود إلى {at}.",
    "old": "ما تراه قديم: يعود إلى {at}.", "signed_out": "انتهى تسجيل دخولك. أعد تحميل الصفحة.",
    "no_chart": "لا يوجد ما يُرسم: {gap}.", "earlier": "لا تُعرض {count} من الأقدم.", "as_json": "هذه الصفحة للبرامج",
}  # fmt: skip


def dashboard_words(locale: str) -> dict[str, str]:
    """The vocabulary of a locale; anything but "ar" reads English."""
    return AR if locale == "ar" else EN


def dashboard_title(name: str, locale: str, *, short: bool = False) -> str:
    """What a dashboard is called; one without a title of its own reads as it is named."""
    plain = name.replace("_", " ").capitalize()
    return chosen((SHORT_TITLES if short else TITLES).get(name, (plain, plain)), locale)


def chosen(pair: tuple[str, str], locale: str) -> str:
    """The word of the locale."""
    return pair[1] if locale == "ar" else pair[0]
