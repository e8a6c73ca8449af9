"""Every word of ours that people read, in English and Arabic."""

import re

from shared.domain.acting import Outcome
from shared.domain.amendments import OffReason
from shared.domain.audit import Finding
from shared.domain.bulletins import BulletinKind
from shared.domain.impacts import Assessed
from shared.domain.incidents import Acked
from shared.domain.notifications import Channel, LedgerState
from shared.domain.promises import Promise
from shared.domain.reasons import Notify, Suppressed
from shared.domain.severities import Severity
from shared.rendering import life_words, post_mortem_words, procedure_words

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
    "channel": "Channel", "next_step": "Next escalation", "none": "none", "runbook": "Runbook",
    "footer": "You get this because you are on the escalation list of Souk El-Sayarat.",
    "comma": ", ", "sms_ack": "Ack", "test_of": "TEST of {}: nothing is wrong", "just_now": "just now", "site": "Souk El-Sayarat monitoring", "pages": "Pages", "channels": "Channels", "sms": "SMS", "mail": "E-mail",
    "only_for": "only visible to", "updated": "updated", "earlier": "Earlier incident", "other_language": "العربية",
    "ladder": "Escalation", "step": "Step", "after": "After", "at_once": "at once", "done": "told", "next": "next", "later": "later",
    "evidence": "Evidence", "stopped": "stopped", "repeat": "Repeat the last step", "last_resort": "If nobody takes it",
    Notify.FIRST: "New incident", Notify.SEVERITY_RAISED: "It got worse", Notify.REMINDER: "Still going on",
    Notify.REOPENED: "It is back", Notify.ESCALATED: "Not acknowledged in time", Notify.REPEATED: "Still not acknowledged",
    Notify.LAST_RESORT: "Nobody owns this incident", Notify.ACK_EXPIRED: "The acknowledgement expired", Notify.PROMISE_BROKEN: "A promised time has passed",
    Notify.RESOLVED: "Resolved", Notify.ACKNOWLEDGED: "Acknowledged", Notify.UPDATED: "Update",
    Notify.FALLBACK: "Sent here because another channel failed", Notify.REPLY: "Answer", Notify.BULLETIN: "Bulletin",
    "pushes": "Push", "rollbacks": "Rollbacks", "unsubscribe_title": "No more of these mails?", "unsubscribe_button": "No more of these mails",
    "unsubscribed": "You get no more of these mails.", "resubscribed": "You get these mails again.", "resubscribe_button": "Send them again",
    "still_come": "Alerts about incidents still come, and notices about your own duty: they cannot be turned off here.",
    BulletinKind.REPORT: "Reports", BulletinKind.DIGEST: "The digest of what did not need you at once", BulletinKind.ONCALL_WEEK: "The weekly mail about who is on call",
    "calls": "Calls", "say_nothing": "Say nothing", "voicemail": "Voicemail answers",
    "audit_title": "The alerting system itself has failed: check the open incidents now",
    Notify.ASKED: "Escalated by a colleague", Notify.HANDED_OVER: "Handed over", Notify.NOTED: "Note",
    "until": "until", "snoozed": "Snoozed", "offered": "Handed over, not answered yet", "notes": "Notes", "more": "More…",
    "open_page": "Open the page", "unsubscribe": "No more mails of this kind",
    Notify.RELEASED: "Was held back until now", Notify.FLAPPING: "It comes and goes", Notify.STABLE: "Steady again",
    Notify.DIAGNOSED: "Diagnosis",
    "more_open": "+{} more open.", "also_open": "Also open",
} | life_words.EN | procedure_words.EN  # fmt: skip

AR = {
    "critical": "حرج", "high": "مرتفع", "medium": "متوسط", "low": "منخفض",
    "triggered": "مفتوح", "acknowledged": "تم الاستلام", "resolved": "تم الحل",
    "what": "ماذا حدث", "since": "منذ", "affected": "الخدمة", "events": "عدد الأحداث", "state": "الحالة", "severity": "الخطورة",
    "do": "ما العمل", "told": "تم إبلاغ", "owner": "المسؤول", "acknowledge": "استلام البلاغ", "open": "فتح البلاغ",
    "snooze": "تأجيل 30 دقيقة", "escalate": "تصعيد", "resolve": "تم الحل", "not_useful": "غير مفيد",
    "confirm_resolve": "هل تم حل هذا البلاغ؟ سيُبلَّغ كل من أُخطر به بأنه انتهى.",
    "yes": "نعم", "no": "لا", "note": "ملاحظة", "links": "روابط",
    "ack_title": "هل تستلم هذا البلاغ؟",
    "ack_explain": "باستلامك للبلاغ يتوقف إخطار الآخرين حتى تحلّه أو تنتهي مدة الاستلام.",
    "ack_done": "أصبحت مسؤولاً عن هذا البلاغ.", "ack_refused": "لم يتغير شيء.", "owned_by": "المسؤول",
    "inbox": "صندوق الرسائل", "all": "الكل", "no_messages": "لم تُرسل أي رسالة بعد.", "timeline": "سجل الأحداث",
    "notifications": "الإخطارات", "when": "الوقت", "event": "الحدث", "reason": "السبب", "who": "من", "to": "إلى",
    "channel": "القناة", "next_step": "التصعيد التالي", "none": "لا يوجد", "runbook": "دليل التعامل",
    "footer": "تصلك هذه الرسالة لأنك ضمن قائمة التصعيد في سوق السيارات.",
    "comma": "، ", "sms_ack": "استلام", "test_of": "تجربة {}: لا يوجد خلل", "just_now": "الآن", "site": "مراقبة سوق السيارات", "pages": "الصفحات", "channels": "القنوات", "sms": "رسائل نصية", "mail": "بريد إلكتروني",
    "only_for": "تظهر فقط لـ", "updated": "حُدِّثت", "earlier": "بلاغ سابق", "other_language": "English",
    "ladder": "سلّم التصعيد", "step": "الخطوة", "after": "بعد", "at_once": "فوراً", "done": "تم الإبلاغ", "next": "التالية", "later": "لاحقاً",
    "evidence": "أساس القرار", "stopped": "متوقفة", "repeat": "تكرار الخطوة الأخيرة", "last_resort": "إذا لم يستلمه أحد",
    Notify.FIRST: "بلاغ جديد", Notify.SEVERITY_RAISED: "ازدادت الخطورة", Notify.REMINDER: "لا يزال مستمراً",
    Notify.REOPENED: "عاد من جديد", Notify.ESCALATED: "لم يُستلم في الوقت المحدد", Notify.REPEATED: "لم يُستلم حتى الآن",
    Notify.LAST_RESORT: "بلاغ بلا مسؤول", Notify.ACK_EXPIRED: "انتهت مدة الاستلام", Notify.PROMISE_BROKEN: "انقضت المهلة المتعهد بها",
    Notify.RESOLVED: "تم الحل", Notify.ACKNOWLEDGED: "تم الاستلام", Notify.UPDATED: "تحديث",
    Notify.FALLBACK: "أُرسلت هنا لتعذر قناة أخرى", Notify.REPLY: "رد", Notify.BULLETIN: "نشرة",
    "pushes": "إشعارات", "rollbacks": "التراجعات", "unsubscribe_title": "هل تريد إيقاف هذه الرسائل؟", "unsubscribe_button": "إيقاف هذه الرسائل",
    "unsubscribed": "لن تصلك هذه الرسائل بعد الآن.", "resubscribed": "ستصلك هذه الرسائل من جديد.", "resubscribe_button": "استئناف إرسالها",
    "still_come": "ستظل تصلك تنبيهات البلاغات والإشعارات الخاصة بمناوبتك: لا يمكن إيقافها من هنا.",
    BulletinKind.REPORT: "التقارير", BulletinKind.DIGEST: "ملخص ما لم يستدعِ تدخلك فوراً", BulletinKind.ONCALL_WEEK: "الرسالة الأسبوعية عن المناوبين",
    "calls": "المكالمات", "say_nothing": "لا تضغط شيئاً", "voicemail": "يرد البريد الصوتي",
    "audit_title": "نظام التنبيه نفسه به عطل: راجع البلاغات المفتوحة الآن",
    Notify.ASKED: "تصعيد بطلب من زميل", Notify.HANDED_OVER: "نُقلت المسؤولية", Notify.NOTED: "ملاحظة",
    "until": "حتى", "snoozed": "مؤجَّل", "offered": "نُقلت المسؤولية ولم يُستلم بعد", "notes": "الملاحظات", "more": "المزيد…",
    "open_page": "فتح الصفحة", "unsubscribe": "إيقاف هذا النوع من الرسائل",
    Notify.RELEASED: "كان مؤجلاً حتى الآن", Notify.FLAPPING: "يظهر ويختفي تكراراً", Notify.STABLE: "استقر الوضع",
    Notify.DIAGNOSED: "التشخيص",
    "more_open": "وهناك بلاغات أخرى مفتوحة: {}.", "also_open": "مفتوح أيضاً",
} | life_words.AR | procedure_words.AR  # fmt: skip

# What stands in records and ledgers, by the word that the domain writes; in English it reads as it is.
RECORDED_AR = {
    "opened": "فُتح البلاغ", "reopened": "فُتح من جديد", "raised": "ارتفعت الخطورة", "reminded": "تذكير", "escalated": "تم التصعيد",
    "also seen": "رُصد أيضاً", "late signal": "إشارة متأخرة", "resolve ignored": "تم تجاهل إشارة الحل", "snoozed": "تم التأجيل",
    "acknowledgement noted": "سُجّل طلب الاستلام", "escalation asked for": "طُلب التصعيد", "judged": "تقييم", "not useful": "غير مفيد",
    Notify.FIRST: "أول إخطار", Notify.SEVERITY_RAISED: "ازدادت الخطورة", Notify.REMINDER: "لا يزال مستمراً بعد مدة التذكير",
    Notify.REOPENED: "عاد خلال مهلة إعادة الفتح", Notify.ESCALATED: "لم يُستلم في الوقت المحدد", Notify.REPEATED: "تكرار الخطوة الأخيرة",
    Notify.LAST_RESORT: "بلاغ بلا مسؤول", Notify.ACK_EXPIRED: "انتهت مدة الاستلام", Notify.RESOLVED: "تم الحل",
    Notify.PROMISE_BROKEN: "لم يُوفَ بالموعد", Promise.ANSWER: "لم يُستلم في الموعد المتعهد به", Promise.RESOLUTION: "لم يُحل في الموعد المتعهد به",
    Notify.ACKNOWLEDGED: "تم الاستلام", Notify.UPDATED: "تحديث الرسالة", Notify.FALLBACK: "تعذرت قناة أخرى", Notify.REPLY: "رد على إجراء", Notify.BULLETIN: "نشرة",
    Suppressed.DUPLICATE_DELIVERY: "وصل الحدث نفسه من قبل", Suppressed.COUNTED: "أضيف إلى البلاغ المفتوح ضمن مدة التذكير",
    Suppressed.ACKNOWLEDGED: "أضيف؛ البلاغ له مسؤول", Suppressed.STALE: "حدث أقدم من الحد المسموح، سُجّل دون إخطار",
    Suppressed.OUT_OF_ORDER: "إشارة الحل أقدم من آخر حدث", Suppressed.BEFORE_RESOLVE: "بدأ قبل حل البلاغ، سُجّل دون إخطار",
    Suppressed.NOTHING_OPEN: "لا يوجد بلاغ مفتوح لحله", Suppressed.RECOVERED_IN_GROUP_WAIT: "تعافى قبل أن يلزم إخطار أحد",
    Suppressed.BY_SILENCE: "أسكته أحد المسؤولين", Suppressed.BY_INHIBITION: "يفسره بلاغ أشد خطورة",
    Suppressed.BY_STORM: "ضُم إلى بلاغ العاصفة", Suppressed.NO_RULE: "لا توجد قاعدة تطلب إخطاراً",
    Finding.TICK_SILENT: "دورة التصعيد متوقفة", Finding.EVALUATION_SILENT: "قواعد القياس لا يجري تقييمها",
    Finding.STEP_NOT_TAKEN: "خطوات تصعيد متأخرة", Finding.STEP_UNTOLD: "خطوة تصعيد لم تصل إلى أحد",
    Finding.MESSAGES_STUCK: "رسائل عالقة بعد موعدها", Finding.OUTBOX_STUCK: "قرارات تنتظر النشر",
    Suppressed.INCIDENT_OVER: "حُل البلاغ قبل الإرسال", Suppressed.INCIDENT_OWNED: "استُلم البلاغ قبل الإرسال",
    Notify.RELEASED: "كان مؤجلاً حتى الآن", Notify.FLAPPING: "يظهر ويختفي؛ يُبلَّغ مرة واحدة حتى يستقر", Notify.STABLE: "استقر الوضع",
    "impact stated": "بيان الأثر", "what is known so far": "ما يُعرف حتى الآن", "what is known of all of it": "ما يُعرف عن الأثر كله",
    Notify.DIAGNOSED: "تشخيص", "diagnosed": "تم التشخيص", "may be explained by": "قد يفسره", "a change shortly before it began": "تغيير قبل بدايته بقليل",
    "held back": "تم التأجيل", "released": "انتهى التأجيل", "steady": "استقر", "told": "تم الإبلاغ",
    Suppressed.BY_MAINTENANCE: "بدأ أثناء نافذة صيانة", Suppressed.BY_QUIET_HOURS: "ينتظر نهاية ساعات الهدوء",
    Suppressed.BY_FLAPPING: "تغيّر آخر لبلاغ يظهر ويختفي", Suppressed.IN_DIGEST: "ورد في ملخص ساعات الهدوء",
    Suppressed.FOLDED: "ضُم إلى رسالة أخرى لكثرة الرسائل المنتظرة", Suppressed.AWAKE: "الشخص مستيقظ؛ أُبلغ عبر Slack والبريد الإلكتروني",
    Suppressed.REPLACED: "حلّت محله رسالة أحدث", Suppressed.BY_RATE_CAP: "أُجّل لتجاوز الحد المسموح من الرسائل",
    Suppressed.BY_BUDGET: "نفدت ميزانية الرسائل والمكالمات لهذا الشهر؛ تم الإبلاغ بطريقة أخرى",
    LedgerState.PLANNED: "مخطط", LedgerState.SENDING: "قيد الإرسال", LedgerState.SENT: "أُرسل", LedgerState.DELIVERED: "سُلّم",
    LedgerState.READ: "قُرئ", LedgerState.FAILED_TEMPORARY: "فشل مؤقت", LedgerState.FAILED_PERMANENT: "فشل نهائي",
    LedgerState.SUPERSEDED: "أُلغي",
    Channel.SLACK: "Slack", Channel.EMAIL: "بريد إلكتروني", Channel.SMS: "رسالة نصية", Channel.VOICE: "مكالمة", Channel.PUSH: "إشعار",
    Outcome.JUDGED: "سُجّل أنه غير مفيد", Outcome.JUDGED_BEFORE: "سجّلت هذا من قبل", Outcome.NOTED: "أُضيفت الملاحظة",
    Outcome.HANDED_OVER: "نُقلت المسؤولية", Outcome.NO_SUCH_SNOOZE: "مدة التأجيل من 5 دقائق إلى 8 ساعات",
    Outcome.ALREADY_THEIRS: "هذا الشخص هو المسؤول بالفعل", Outcome.CANNOT_OWN: "لا أحد بهذا الاسم يمكنه تولي البلاغ",
    Outcome.EMPTY_NOTE: "الملاحظة فارغة", "note": "ملاحظة", "acknowledged": "تم الاستلام", "resolved": "تم الحل",
    "snoozed for 30 minutes": "تم التأجيل 30 دقيقة", "noted as not useful": "سُجّل أنه غير مفيد",
    "possible duplicate": "قد تكون مكررة", "found at the provider after a lost answer": "وُجدت لدى مزود الخدمة بعد فقد الرد", "nothing to send": "لا يوجد ما يُرسل",
    "within its limits": "ضمن الحدود", "beyond the limit": "خارج الحد", "changed against its baseline": "تغير عن المعتاد",
    "more errors than the limit explains": "أخطاء أكثر مما يفسره الحد",
    "far fewer requests than at this hour": "طلبات أقل بكثير من المعتاد في هذه الساعة",
    "burns the error budget too fast": "يستهلك رصيد الأخطاء بسرعة زائدة",
    "far from what is usual at this time": "بعيد عن المعتاد في هذا الوقت",
    "beyond the limit, as it usually is": "خارج الحد كما هو معتاد",
    "within its limit; no baseline yet to compare with": "ضمن الحد، ولا يوجد سجل سابق للمقارنة",
    "no data": "لا توجد بيانات", "nothing measured since": "لا قياس جديد", "too few samples to judge": "عينات أقل من أن تكفي للحكم",
    "the source's data is late": "بيانات المصدر متأخرة", "no source is configured": "لا يوجد مصدر مُعد",
    "the rule could not be evaluated": "تعذر تقييم القاعدة", "the query failed": "فشل الاستعلام", "the query would read more than it may": "الاستعلام يتجاوز حد القراءة المسموح",
    "impact assessed": "تقييم الأثر", Assessed.RAISED: "الأثر يرفع الخطورة", Assessed.KEPT: "الأثر لا يغير الخطورة",
    Acked.ALREADY_OWNED: "البلاغ له مسؤول بالفعل", Acked.ALREADY_OVER: "البلاغ محلول بالفعل",
    OffReason.STOP: "أرسل الشخص كلمة إيقاف", OffReason.REFUSED: "يقول مزود الخدمة إن هذا العنوان لا يمكن الوصول إليه أبداً",
    Acked.NOT_ENTITLED: "ليس لهذا الشخص صلاحية الاستلام", Acked.UNKNOWN_INCIDENT: "لا يوجد بلاغ بهذا الرقم",
} | life_words.RECORDED_AR | post_mortem_words.RECORDED_AR | procedure_words.RECORDED_AR  # fmt: skip

# Notes with something of their own inside.
NOTES_AR = (
    (re.compile(r"(\d+) earlier step\(s\) were overdue and are skipped"), "خطوات فات موعدها وتم تجاوزها: {}"),
    (re.compile(r"(slack|email|sms|voice|push) failed"), "تعذر الإرسال عبر: {}"),
    (re.compile(r"(\d+) of (\d+) probes answered"), "أجاب {} من {} فحصًا"),
    *life_words.NOTES_AR,
    *procedure_words.NOTES_AR,
)

# The values of an incident that readers are shown, in this order: name -> English, Arabic.
FACTS = {
    "crash_count": ("crashes", "عدد الأعطال"),
    "crash_percentage": ("% of sessions", "٪ من الجلسات"),
    "affected_users": ("users hit in the last hour", "مستخدمون متأثرون خلال الساعة الأخيرة"),
    "session_share": ("% of all sessions hit", "٪ من كل الجلسات تأثرت"),
    "crash_free_users": ("% of users without a crash", "٪ من المستخدمين بلا أعطال"),
    "affected_clients": ("clients whose requests failed", "عملاء فشلت طلباتهم"),
    "failed_share": ("% of the service's requests failed", "٪ من طلبات الخدمة فشلت"),
    "slow_share": ("% slower than promised", "٪ أبطأ من المستهدف"),
    "slow_count": ("slower than promised", "أبطأ من المستهدف"),
    "violation": ("measured", "القيمة المقاسة"),
    "threshold": ("limit", "الحد"),
    "observed": ("observed", "القيمة المرصودة"),
    "status": ("status", "رمز الحالة"),
    "path": ("path", "المسار"),
    "latency": ("latency", "زمن الاستجابة"),
    "app_version": ("app version", "إصدار التطبيق"),
    "first_version": ("first version", "أول إصدار"),
    "growth_percent": ("% more than just before", "٪ زيادة عن الفترة السابقة"),
    "affected_sessions": ("sessions hit in the last hour", "جلسات متأثرة خلال الساعة الأخيرة"),
    "crash_free_sessions": ("% of sessions without a crash", "٪ من الجلسات بلا أعطال"),
    "affected_versions": ("versions hit", "الإصدارات المتأثرة"),
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


def recorded(word: str, locale: str) -> str:
    """A word of a record or a ledger for its reader; what has no Arabic reads as it is."""
    return _recorded_ar(word) if locale == "ar" else word.replace("_", " ")


def noted(note: str, locale: str) -> str:
    """The note on a message: ours in the reader's language, anybody else's as it was written."""
    return _recorded_ar(note) if locale == "ar" else note


def _recorded_ar(word: str) -> str:
    if word in RECORDED_AR:
        return RECORDED_AR[word]
    for pattern, arabic in NOTES_AR:
        if found := pattern.fullmatch(word):
            return arabic.format(*(RECORDED_AR.get(part, part) for part in found.groups()))
    return word
