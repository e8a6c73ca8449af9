"""Every word of ours that people read, in English and Arabic."""

from shared.domain.reasons import Notify
from shared.domain.severities import Severity

EN = {
    "critical": "CRITICAL", "high": "HIGH", "medium": "MEDIUM", "low": "LOW",
    "triggered": "Triggered", "acknowledged": "Acknowledged", "resolved": "Resolved",
    "what": "What", "since": "Since", "affected": "Service", "events": "Events", "state": "State", "severity": "Severity",
    "do": "What to do", "told": "Told so far", "owner": "Owner", "acknowledge": "Acknowledge", "open": "Open the incident",
    "snooze": "Snooze 30 min", "escalate": "Escalate", "resolve": "Resolve", "not_useful": "Not useful",
    "confirm_resolve": "Resolve this incident? Everybody who was told will hear that it is over.",
    "yes": "Yes", "no": "No", "note": "Note", "links": "Links",
    "ack_title": "Acknowledge this incident?",
    "ack_explain": "You take it over: nobody further is paged until you resolve it or the acknowledgement expires.",
    "ack_done": "You own this incident now.", "ack_refused": "Nothing was changed.", "owned_by": "owned by",
    "inbox": "Inbox", "all": "All", "no_messages": "No message has been sent yet.", "timeline": "Time line",
    "notifications": "Notifications", "when": "When", "event": "Event", "reason": "Reason", "who": "Who", "to": "To",
    "channel": "Channel", "next_step": "Next escalation", "none": "none", "runbook": "Runbook", "segments": "segment(s)",
    "footer": "You get this because you are on the escalation list of Souk El-Sayarat.",
    "sms_ack": "Ack", "just_now": "just now", "min": "min", "h": "h", "d": "d", "values": "Details", "press_as": "Press as",
    Notify.FIRST: "New incident", Notify.SEVERITY_RAISED: "It got worse", Notify.REMINDER: "Still going on",
    Notify.REOPENED: "It is back", Notify.ESCALATED: "Not acknowledged in time", Notify.REPEATED: "Still not acknowledged",
    Notify.LAST_RESORT: "Nobody owns this incident", Notify.ACK_EXPIRED: "The acknowledgement expired",
    Notify.RESOLVED: "Resolved", Notify.ACKNOWLEDGED: "Acknowledged", Notify.UPDATED: "Update",
    Notify.FALLBACK: "Sent here because another channel failed", Notify.REPLY: "Answer",
}  # fmt: skip

AR = {
    "critical": "حرج", "high": "مرتفع", "medium": "متوسط", "low": "منخفض",
    "triggered": "مفتوح", "acknowledged": "تم الاستلام", "resolved": "تم الحل",
    "what": "ماذا حدث", "since": "منذ", "affected": "الخدمة", "events": "عدد الأحداث", "state": "الحالة", "severity": "الخطورة",
    "do": "ما العمل", "told": "تم إبلاغ", "owner": "المسؤول", "acknowledge": "استلام البلاغ", "open": "فتح البلاغ",
    "snooze": "تأجيل ٣٠ دقيقة", "escalate": "تصعيد", "resolve": "تم الحل", "not_useful": "غير مفيد",
    "confirm_resolve": "هل تم حل هذا البلاغ؟ سيُبلَّغ كل من أُخطر به بأنه انتهى.",
    "yes": "نعم", "no": "لا", "note": "ملاحظة", "links": "روابط",
    "ack_title": "هل تستلم هذا البلاغ؟",
    "ack_explain": "باستلامك للبلاغ يتوقف إخطار الآخرين حتى تحلّه أو تنتهي مدة الاستلام.",
    "ack_done": "أصبحت مسؤولاً عن هذا البلاغ.", "ack_refused": "لم يتغير شيء.", "owned_by": "المسؤول",
    "inbox": "صندوق الرسائل", "all": "الكل", "no_messages": "لم تُرسل أي رسالة بعد.", "timeline": "سجل الأحداث",
    "notifications": "الإخطارات", "when": "الوقت", "event": "الحدث", "reason": "السبب", "who": "من", "to": "إلى",
    "channel": "القناة", "next_step": "التصعيد التالي", "none": "لا يوجد", "runbook": "دليل التعامل", "segments": "جزء",
    "footer": "تصلك هذه الرسالة لأنك ضمن قائمة التصعيد في سوق السيارات.",
    "sms_ack": "استلام", "just_now": "الآن", "min": "دقيقة", "h": "ساعة", "d": "يوم", "values": "التفاصيل", "press_as": "اضغط باسم",
    Notify.FIRST: "بلاغ جديد", Notify.SEVERITY_RAISED: "ازدادت الخطورة", Notify.REMINDER: "لا يزال مستمراً",
    Notify.REOPENED: "عاد من جديد", Notify.ESCALATED: "لم يُستلم في الوقت المحدد", Notify.REPEATED: "لم يُستلم حتى الآن",
    Notify.LAST_RESORT: "بلاغ بلا مسؤول", Notify.ACK_EXPIRED: "انتهت مدة الاستلام",
    Notify.RESOLVED: "تم الحل", Notify.ACKNOWLEDGED: "تم الاستلام", Notify.UPDATED: "تحديث",
    Notify.FALLBACK: "أُرسلت هنا لتعذر قناة أخرى", Notify.REPLY: "رد",
}  # fmt: skip

# The values of an incident that readers are shown, in this order: name -> English, Arabic.
FACTS = {
    "crash_count": ("crashes", "عدد الأعطال"),
    "crash_percentage": ("% of sessions", "٪ من الجلسات"),
    "violation": ("measured", "القيمة المقاسة"),
    "threshold": ("limit", "الحد"),
    "observed": ("observed", "القيمة المرصودة"),
    "status": ("status", "رمز الحالة"),
    "path": ("path", "المسار"),
    "latency": ("latency", "زمن الاستجابة"),
    "app_version": ("app version", "إصدار التطبيق"),
    "first_version": ("first version", "أول إصدار"),
    "samples": ("samples", "عدد العينات"),
    "browser": ("browser", "المتصفح"),
    "principal": ("by", "بواسطة"),
    "caller_ip": ("from address", "عنوان المصدر"),
    "cost": ("cost", "التكلفة"),
    "budget_amount": ("budget", "الميزانية"),
    "currency": ("currency", "العملة"),
    "commit": ("commit", "الإصدار البرمجي"),
    "job": ("job", "المهمة"),
    "clock_skew": ("clock skew", "فرق الساعة"),
}

COLOURS = {Severity.CRITICAL: "#b3261e", Severity.HIGH: "#b45309", Severity.MEDIUM: "#8a6d00", Severity.LOW: "#2f5d8a"}
MARKS = {Severity.CRITICAL: "🔴", Severity.HIGH: "🟠", Severity.MEDIUM: "🟡", Severity.LOW: "🔵"}


def fact_name(name: str, locale: str) -> str:
    """What a value is called; names of no special meaning read as they are."""
    english, arabic = FACTS.get(name, (name.replace("_", " "),) * 2)
    return arabic if locale == "ar" else english


def words(locale: str) -> dict[str, str]:
    """The catalogue of a locale; anything but "ar" reads English."""
    return AR if locale == "ar" else EN
