"""What a diagnosis says, in English and Arabic: a name for each probe, and the sentence for what stands out."""

from shared.domain.diagnoses import Answered, Probe

# Probe -> its name, and its sentence: {now} and {usual} are figures, {name} is the part, {ago} how long before.
PROBES_EN = {
    Probe.CHANGES: ("Changed before it", "{ago} before it began: {name}."),
    Probe.FAILING_ROUTES: ("Failing routes", "{now} of the failed requests are {name}{usual}."),
    Probe.FAILING_SERVICES: ("Failing services", "{now} of the failed requests are those of {name}{usual}."),
    Probe.FAILING_REVISIONS: ("Failing revisions", "{now} of the failed requests came to revision {name}{usual}."),
    Probe.FAILING_LOCATIONS: ("Failing locations", "{now} of the failed requests are in {name}{usual}."),
    Probe.STATUSES: ("Statuses", "{now} of the failed requests were answered {name}{usual}."),
    Probe.SLOW_ROUTES: ("Slow routes", "{now} of the requests slower than 1 s are {name}{usual}."),
    Probe.ERROR_GROUPS: ("Errors of the web app", "{now} of the web app's errors: {name}{usual}."),
    Probe.WEB_VERSIONS: ("Versions of the web app", "{now} of the web app's errors come from version {name}{usual}."),
    Probe.CRASH_GROUPS: ("Crashes of the app", "{now} of the app's crashes: {name}{usual}."),
    Probe.APP_VERSIONS: ("Versions of the app", "{now} of the app's crashes come from version {name}{usual}."),
    Probe.REGIONS: ("Visits by region", "Visits from {name}: {now}{usual}."),
    Probe.TRAFFIC: ("Traffic", "Requests to {name}: {now}{usual}."),
    Probe.UPTIME: ("Checks from outside", "{now} of the checks of {name} fail{usual}."),
    Probe.FUNCTION_HEALTH: ("Functions", "{name}: {now}{usual}."),
    Probe.FIRESTORE_HEALTH: ("Firestore", "{name}: {now}{usual}."),
    Probe.OPEN_INCIDENTS: ("Also open", "Also open: {name}."),
}  # fmt: skip

PROBES_AR = {
    Probe.CHANGES: ("تغييرات سبقته", "قبل بدايته بـ {ago}: {name}."),
    Probe.FAILING_ROUTES: ("المسارات الفاشلة", "{now} من الطلبات الفاشلة على {name}{usual}."),
    Probe.FAILING_SERVICES: ("الخدمات الفاشلة", "{now} من الطلبات الفاشلة تخص {name}{usual}."),
    Probe.FAILING_REVISIONS: ("الإصدارات المنشورة الفاشلة", "{now} من الطلبات الفاشلة على النسخة {name}{usual}."),
    Probe.FAILING_LOCATIONS: ("المواقع الفاشلة", "{now} من الطلبات الفاشلة في {name}{usual}."),
    Probe.STATUSES: ("رموز الحالة", "{now} من الطلبات الفاشلة رُد عليها بالرمز {name}{usual}."),
    Probe.SLOW_ROUTES: ("المسارات البطيئة", "{now} من الطلبات الأبطأ من ثانية على {name}{usual}."),
    Probe.ERROR_GROUPS: ("أخطاء تطبيق الويب", "{now} من أخطاء تطبيق الويب: {name}{usual}."),
    Probe.WEB_VERSIONS: ("إصدارات تطبيق الويب", "{now} من أخطاء تطبيق الويب من الإصدار {name}{usual}."),
    Probe.CRASH_GROUPS: ("أعطال التطبيق", "{now} من أعطال التطبيق: {name}{usual}."),
    Probe.APP_VERSIONS: ("إصدارات التطبيق", "{now} من أعطال التطبيق من الإصدار {name}{usual}."),
    Probe.REGIONS: ("الزيارات حسب المنطقة", "الزيارات من {name}: {now}{usual}."),
    Probe.TRAFFIC: ("حركة الطلبات", "الطلبات إلى {name}: {now}{usual}."),
    Probe.UPTIME: ("الفحوص من الخارج", "{now} من فحوص {name} تفشل{usual}."),
    Probe.FUNCTION_HEALTH: ("الدوال", "{name}: {now}{usual}."),
    Probe.FIRESTORE_HEALTH: ("Firestore", "{name}: {now}{usual}."),
    Probe.OPEN_INCIDENTS: ("مفتوح أيضاً", "مفتوح أيضاً: {name}."),
}  # fmt: skip

EN = {
    "usually": " (usually {})",
    "diagnosis": "Diagnosis",
    "nothing": "Nothing stands out against what is usual.",
    "blind": "Could not say",
    "found_nothing": "Nothing found",
    "none": "No probe could answer: look for yourself, and check the warehouse.",
    "looked_at": "Looked at {} to {}",
    Answered.NO_TIME: "no answer in time",
    Answered.FAILED: "the query failed",
    Answered.BYTE_CAP: "would read more than it may",
    Answered.NOT_HERE: "not measured here",
    "after": "{ago} after {what}",
    "take_back": "Take it back",
    "may_explain": "May explain it",
    "release": "release", "deployment": "deployment", "configuration change": "configuration change", "build": "build",
    "of": "of {}", "by": "by {}",
}  # fmt: skip

AR = {
    "usually": " (المعتاد {})",
    "diagnosis": "التشخيص",
    "nothing": "لا شيء يخرج عن المعتاد.",
    "blind": "تعذر معرفة",
    "found_nothing": "لم يُعثر على شيء",
    "none": "لم يستطع أي فحص الإجابة: ابحث بنفسك، وراجع مستودع البيانات.",
    "looked_at": "الفترة من {} إلى {}",
    Answered.NO_TIME: "لم يصل رد في الوقت المحدد",
    Answered.FAILED: "فشل الاستعلام",
    Answered.BYTE_CAP: "يتجاوز حد القراءة المسموح",
    Answered.NOT_HERE: "لا يُقاس هنا",
    "after": "بعد {ago} من {what}",
    "take_back": "للتراجع عنه",
    "may_explain": "قد يفسره",
    "release": "إصدار", "deployment": "نشر", "configuration change": "تغيير في الإعدادات", "build": "بناء",
    "of": "({})", "by": "بواسطة {}",
}  # fmt: skip


def words(locale: str) -> dict[str, str]:
    """The words of a locale; anything but "ar" reads English."""
    return AR if locale == "ar" else EN


def probe_words(probe: Probe, locale: str) -> tuple[str, str]:
    """What the probe is called, and its sentence with places for its figures."""
    return (PROBES_AR if locale == "ar" else PROBES_EN)[probe]
