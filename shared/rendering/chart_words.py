"""What charts are called and what stands beside them, in English and Arabic."""

from shared.domain.chart_data import Chart, Line, MarkKind, Role
from shared.domain.figures import Gap
from shared.domain.severities import Severity
from shared.rendering.escaping import isolated
from shared.rendering.evidence import metric_name

TITLES = {
    "active_users": ("Active users", "المستخدمون النشطون"),
    "daily_users": ("Users a day", "المستخدمون يوميًا"),
    "revenue": ("Revenue", "الإيرادات"),
    "orders": ("Orders", "الطلبات"),
    "acquisition": ("New users", "المستخدمون الجدد"),
    "leads": ("Buyers who contacted a seller", "مشترون تواصلوا مع بائع"),
    "orders_by_region": ("Orders by region", "الطلبات حسب المحافظة"),
    "revenue_by_region": ("Revenue by region", "الإيرادات حسب المحافظة"),
    "visits_by_region": ("Visits by region", "الزيارات حسب المحافظة"),
    "conversion": ("Conversion rate", "معدل التحويل"),
    "satisfaction": ("User satisfaction", "رضا المستخدمين"),
    "engagement": ("Session duration", "مدة الجلسة"),
    "latency": ("API response time", "زمن استجابة الواجهة البرمجية"),
    "page_speed": ("Page speed", "سرعة الصفحات"),
    "errors": ("Error rate", "معدل الأخطاء"),
    "order_failures": ("Order failure rate", "معدل فشل الطلبات"),
    "availability": ("Uptime", "نسبة التوفر"),
    "database": ("Database latency", "زمن استجابة قاعدة البيانات"),
    "connections": ("Database connections", "اتصالات قاعدة البيانات"),
    "caches": ("Cache and CDN hit rates", "نسب الإصابة في الذاكرة المؤقتة وشبكة التوزيع"),
    "memory": ("Memory in use", "الذاكرة المستخدمة"),
    "instances": ("Running instances", "النسخ العاملة"),
    "network": ("Network requests of the apps", "طلبات الشبكة في التطبيقات"),
    "bundle": ("Bundle size", "حجم الحزمة"),
    "crashes": ("Without a crash", "بلا أعطال"),
    "uptime_budget": ("Error budget left: uptime", "المتبقي من رصيد الأخطاء: التوفر"),
    "errors_budget": ("Error budget left: errors", "المتبقي من رصيد الأخطاء: الأخطاء"),
    "latency_budget": ("Error budget left: response time", "المتبقي من رصيد الأخطاء: زمن الاستجابة"),
    "orders_budget": ("Error budget left: orders", "المتبقي من رصيد الأخطاء: الطلبات"),
}

SOURCES = {
    "requests": ("request logs", "سجلات الطلبات"),
    "analytics": ("Google Analytics", "Google Analytics"),
    "crashes": ("Crashlytics", "Crashlytics"),
    "performance": ("Firebase Performance", "Firebase Performance"),
    "web_errors": ("errors of the web app", "أخطاء تطبيق الويب"),
    "probes": ("our checks from outside", "فحوصنا من الخارج"),
    "measurements": ("measured by the app and the pipelines", "قياسات التطبيق وخطوط النشر"),
    "incidents": ("our incident records", "سجل البلاغات"),
    "jobs": ("our maintenance records", "سجل الصيانة"),
}

GAPS = {
    Gap.NO_SOURCE: ("No source is configured for this", "لا يوجد مصدر مُعد لهذا المؤشر"),
    Gap.NO_DATA: ("Nothing was measured", "لم يُقَس شيء"),
    Gap.LATE: ("Not complete yet", "البيانات لم تكتمل بعد"),
    Gap.FAILED: ("This could not be read", "تعذرت قراءة هذه البيانات"),
}

ROLES = {
    Role.BEFORE: ("period before", "الفترة السابقة"),
    Role.BUDGET: ("left", "المتبقي"),
    Role.FORECAST: ("forecast", "التوقع"),
}

MARKS = {
    (MarkKind.INCIDENT, Severity.CRITICAL): ("critical incident", "بلاغ حرج"),
    (MarkKind.INCIDENT, Severity.HIGH): ("high incident", "بلاغ مرتفع الخطورة"),
    (MarkKind.RELEASE, ""): ("release", "إصدار جديد"),
    (MarkKind.WINDOW, ""): ("maintenance", "صيانة"),
}

EN = {
    "target": "target", "no_data": "no data", "time": "Time (Cairo)", "day": "Day", "zone": "Cairo time",
    "region": "Region", "others": "{} others", "source": "Source", "first": "{} at first", "last": "{} at the end",
    "lowest": "lowest {} ({})",
    "highest": "highest {} ({})", "steady": "{} all the time", "most": "most: {}", "data": "Show as a table",
    "now": "this period", "before": "period before", "point": "point",
}  # fmt: skip

AR = {
    "target": "المستهدف", "no_data": "لا توجد بيانات", "time": "الوقت (القاهرة)", "day": "اليوم",
    "zone": "بتوقيت القاهرة", "region": "المحافظة", "others": "{} غيرها", "source": "المصدر",
    "first": "في البداية {}", "last": "في النهاية {}",
    "lowest": "الأدنى {} ({})", "highest": "الأعلى {} ({})", "steady": "{} طوال الفترة", "most": "الأكثر: {}",
    "data": "عرض كجدول", "now": "هذه الفترة", "before": "الفترة السابقة", "point": "النقطة",
}  # fmt: skip


def say(locale: str) -> dict[str, str]:
    """The words on and beside charts; anything but "ar" reads English."""
    return AR if locale == "ar" else EN


def chart_title(name: str, locale: str = "en") -> str:
    """What the chart is called; one without a title of its own reads as its metric of that name would."""
    return _chosen(TITLES[name], locale) if name in TITLES else metric_name(name, locale)


def line_label(line: Line, locale: str = "en") -> str:
    """What a line is called beside its chart: its percentile or metric, or what it stands for."""
    if line.role is not Role.NOW:
        return _chosen(ROLES[line.role], locale)
    if line.percentile is not None:
        return isolated(f"p{line.percentile:g}") if locale == "ar" else f"p{line.percentile:g}"
    return metric_name(line.metric, locale)


def full_label(line: Line, chart: Chart, locale: str = "en") -> str:
    """What a line is called where it stands alone, as a table's column: "p95, period before"."""
    if line.role in {Role.NOW, Role.BUDGET}:
        return line_label(line, locale)
    told_apart = len({(one.metric, one.percentile) for one in chart.lines}) > 1
    own = line_label(Line(line.metric, (), percentile=line.percentile), locale)
    comma = "، " if locale == "ar" else ", "
    return f"{own}{comma}{line_label(line, locale)}" if told_apart else line_label(line, locale)


def mark_label(kind: MarkKind, severity: str = "", locale: str = "en") -> str:
    """What else happened, for the keys of a chart."""
    return _chosen(MARKS[kind, severity], locale)


def gap_words(gap: Gap, locale: str = "en") -> str:
    """Why there is nothing to see."""
    return _chosen(GAPS[gap], locale)


def source_words(source: str, locale: str = "en") -> str:
    """Who measured, as charts name them: one or several, separated by spaces."""
    comma = "، " if locale == "ar" else ", "
    named = (_chosen(SOURCES.get(one, (one, one)), locale) for one in source.split())
    return comma.join(isolated(name) if locale == "ar" and name.isascii() else name for name in named)


def _chosen(pair: tuple[str, str], locale: str) -> str:
    return pair[1] if locale == "ar" else pair[0]
