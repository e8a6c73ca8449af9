"""What reports, sections, tables, columns, sources and states are called, in English and Arabic."""

from collections.abc import Mapping

from shared.domain.changes import ChangeKind
from shared.domain.figures import Gap, Standing, Trend
from shared.domain.incidents import State
from shared.domain.reports import Edition
from shared.domain.severities import Severity
from shared.rendering.escaping import isolated, one_line

Names = Mapping[str, tuple[str, str]]

TITLES: Names = {
    "performance_report": ("Performance report", "تقرير الأداء"),
    "business_report": ("Business report", "تقرير الأعمال"),
    "technical_review": ("Technical review", "المراجعة التقنية"),
    "business_intelligence": ("Business intelligence", "ذكاء الأعمال"),
    "executive_summary": ("Executive summary", "الملخص التنفيذي"),
}

SECTIONS: Names = {
    "overview": ("Overview", "نظرة عامة"),
    "speed": ("Speed", "السرعة"),
    "errors": ("Errors", "الأخطاء"),
    "satisfaction": ("User satisfaction", "رضا المستخدمين"),
    "budgets": ("Error budgets", "أرصدة الأخطاء"),
    "sales": ("Sales", "المبيعات"),
    "people": ("People", "المستخدمون"),
    "market": ("Market by region", "السوق حسب المنطقة"),
    "disturbances": ("Disturbances", "الأعطال"),
    "security": ("Security", "الأمان"),
    "infrastructure": ("Infrastructure", "البنية التحتية"),
    "releases": ("Releases", "الإصدارات البرمجية"),
    "maintenance": ("Maintenance", "الصيانة"),
    "response": ("How we respond", "كيف نستجيب"),
    "behaviour": ("What people do", "سلوك المستخدمين"),
    "competition": ("Competition", "المنافسة"),
    "growth": ("Growth", "النمو"),
    "business": ("Business performance", "أداء الأعمال"),
    "health": ("Technical health", "الحالة التقنية"),
    "roadmap": ("Roadmap", "خارطة الطريق"),
}

TABLES: Names = {
    "movers": ("What changed most", "أكبر التغيرات"),
    "incidents": ("Incidents", "البلاغات"),
    "security": ("Security incidents", "البلاغات الأمنية"),
    "success": ("How well we respond", "مدى جودة استجابتنا"),
    "success_by_severity": ("How soon we answer", "سرعة استجابتنا حسب الخطورة"),
    "alerts": ("How useful each rule's alerts were", "مدى فائدة تنبيهات كل قاعدة"),
    "slos": ("Error budgets", "أرصدة الأخطاء"),
    "budgets": ("Error budgets", "أرصدة الأخطاء"),
    "releases": ("Releases", "الإصدارات البرمجية"),
    "maintenance": ("What each job last found", "آخر نتيجة لكل مهمة صيانة"),
    "system_audit": ("The last system audit", "آخر مراجعة للنظام"),
    "open_findings": ("What is open", "ما لم يُعالج بعد"),
    "forecast": ("Forecast", "التوقعات"),
    "regions": ("By region", "حسب المنطقة"),
}

COLUMNS: Names = {
    "achieved": ("Achieved", "المحقق"),
    "acknowledged": ("Acknowledged", "تم الاستلام"),
    "affected": ("People hit", "المتأثرون"),
    "alerts": ("Alerts", "التنبيهات"),
    "at": ("When", "الوقت"),
    "bad": ("Bad", "الفاشلة"),
    "before": ("Before", "سابقًا"),
    "by": ("By", "بواسطة"),
    "change": ("Change", "التغير"),
    "count": ("Number", "العدد"),
    "day": ("Day", "اليوم"),
    "duration": ("Lasted", "المدة"),
    "ended": ("Ended", "انتهى"),
    "events": ("Events", "الأحداث"),
    "failed": ("Failures", "حالات الفشل"),
    "false_positive_rate": ("False positives", "الإنذارات الكاذبة"),
    "forecast": ("Forecast", "التوقع"),
    "gap": ("Note", "ملاحظة"),
    "high": ("At most", "الأعلى"),
    "impact": ("Impact", "الأثر"),
    "job": ("Job", "المهمة"),
    "kind": ("Kind", "النوع"),
    "late": ("Answered late", "استُلمت متأخرة"),
    "left": ("Budget left", "المتبقي من الرصيد"),
    "low": ("At least", "الأدنى"),
    "measure": ("Measure", "المقياس"),
    "measured": ("Rests on", "عدد القياسات"),
    "metric": ("Figure", "المؤشر"),
    "name": ("Name", "الاسم"),
    "not_useful": ("Not useful", "غير المفيدة"),
    "objective": ("Objective", "الهدف"),
    "opened": ("Opened", "فُتح"),
    "orders": ("Orders lost", "الطلبات المفقودة"),
    "percent": ("Promised", "المتعهد به"),
    "promised": ("Promised", "المتعهد به"),
    "proposal": ("To try", "للتجربة"),
    "reason": ("Why", "السبب"),
    "region": ("Region", "المنطقة"),
    "resolved": ("Resolved", "تم الحل"),
    "revenue": ("Revenue lost", "الإيراد المفقود"),
    "rule": ("Rule", "القاعدة"),
    "service": ("Service", "الخدمة"),
    "severity": ("Severity", "الخطورة"),
    "share": ("Share", "النسبة"),
    "slept_through": ("Slept through", "فاتت ليلًا"),
    "slo": ("Objective", "الهدف"),
    "source": ("Source", "المصدر"),
    "spent": ("Budget spent", "المستهلك من الرصيد"),
    "spent_at": ("Used up", "موعد نفاد الرصيد"),
    "standing": ("State", "الحالة"),
    "started": ("Began", "بدأ"),
    "state": ("State", "الحالة"),
    "step": ("Step", "الخطوة"),
    "target": ("Target", "المستهدف"),
    "time_to_acknowledge": ("Time to acknowledge", "زمن الاستلام"),
    "time_to_resolve": ("Time to resolve", "زمن الحل"),
    "title": ("What happened", "ماذا حدث"),
    "told": ("Told", "المُبلَّغ عنها"),
    "trend": ("Trend", "الاتجاه"),
    "until": ("Until", "حتى"),
    "useful": ("Useful", "المفيدة"),
    "users": ("People hit", "المتأثرون"),
    "value": ("Value", "القيمة"),
    "verdict": ("Result", "النتيجة"),
    "version": ("Version", "الإصدار"),
    "warned": ("Warnings", "التنبيهات"),
    "what": ("What", "ماذا"),
    "when": ("When", "الوقت"),
    "window": ("Over", "خلال"),
}

SOURCES: Names = {
    "requests": ("Request logs", "سجلات الطلبات"),
    "analytics": ("Google Analytics", "بيانات \u2068Google Analytics\u2069"),
    "crashes": ("Crash reports of the mobile apps", "تقارير أعطال تطبيقات الهاتف"),
    "performance": ("Firebase Performance", "بيانات \u2068Firebase Performance\u2069"),
    "web_errors": ("Errors of the web app", "أخطاء تطبيق الويب"),
    "probes": ("Checks from outside", "الفحوص من الخارج"),
    "measurements": ("Measurements of pipelines and the app", "قياسات خطوط النشر والتطبيق"),
    "incidents": ("Our own records of incidents", "سجلات البلاغات لدينا"),
    "jobs": ("Our own records of maintenance", "سجلات الصيانة لدينا"),
}

EDITIONS: Names = {
    Edition.PROVISIONAL: ("Provisional edition", "إصدار مبدئي"),
    Edition.FINAL: ("Final edition", "الإصدار النهائي"),
}

STANDINGS: Names = {
    Standing.MET: ("Target met", "تحقق المستهدف"),
    Standing.MISSED: ("Target missed", "لم يتحقق المستهدف"),
    Standing.NO_TARGET: ("No target", "بلا مستهدف"),
    Standing.UNKNOWN: ("Not known", "غير معروف"),
}

TRENDS: Names = {
    Trend.BETTER: ("better", "أفضل"),
    Trend.WORSE: ("worse", "أسوأ"),
    Trend.EVEN: ("no change", "بلا تغير"),
    Trend.UNKNOWN: ("nothing to compare with", "لا يوجد ما يُقارن به"),
}

GAPS: Names = {
    Gap.NO_SOURCE: ("no source configured", "لا يوجد مصدر مُعد"),
    Gap.NO_DATA: ("nothing was measured", "لم يُقس شيء"),
    Gap.LATE: ("not complete yet", "لم تكتمل بعد"),
    Gap.FAILED: ("could not be read", "تعذرت القراءة"),
}

STATES: Names = {
    State.TRIGGERED: ("Open", "مفتوح"),
    State.ACKNOWLEDGED: ("Acknowledged", "تم الاستلام"),
    State.MITIGATED: ("Mitigated", "تم احتواء الأثر"),
    State.RESOLVED: ("Resolved", "تم الحل"),
    State.CLOSED: ("Closed", "مغلق"),
    State.MERGED: ("Merged", "مدموج"),
}

SEVERITIES: Names = {
    Severity.CRITICAL: ("Critical", "حرج"),
    Severity.HIGH: ("High", "مرتفع"),
    Severity.MEDIUM: ("Medium", "متوسط"),
    Severity.LOW: ("Low", "منخفض"),
}

CHANGES: Names = {
    ChangeKind.RELEASE: ("Release", "إصدار"),
    ChangeKind.DEPLOYMENT: ("Deployment", "نشر"),
}

OBJECTIVES: Names = {
    "uptime": ("Uptime", "التوفر"),
    "errors": ("Error-free requests", "الطلبات الخالية من الأخطاء"),
    "latency": ("Fast answers", "سرعة الاستجابة"),
    "orders": ("Orders taken", "الطلبات المقبولة"),
}


def named(name: str, names: Names, locale: str) -> str:
    """What something is called; a name that we have no words for reads as it is written."""
    plain = one_line(name).replace("_", " ").capitalize()
    english, arabic = names.get(name, (plain, isolated(plain)))
    return arabic if locale == "ar" else english


def source_names(sources: str, locale: str) -> str:
    """The names of sources that stand in one text with spaces between; "" for none."""
    return ("، " if locale == "ar" else ", ").join(named(one, SOURCES, locale) for one in sources.split())
