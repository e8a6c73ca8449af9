"""The words for emergency procedures and for drafts that await approval; English and Arabic."""

import re

from shared.domain.drafts import DraftChannel, Drafted
from shared.domain.incidents import Role
from shared.domain.procedure_runs import Stepped
from shared.domain.reasons import Notify

EN = {
    "took": "took", "promised_time": "promised", "settle_step": "Done, or left out",
    "step_evidence": "What shows it, or why not",
    "step_finish": "Done", "step_skip": "Leave out", "drafts": "Messages to people outside", "decide_draft": "Decide",
    Notify.STEP: "Procedure", Notify.STEP_DUE: "Due soon", Notify.STEP_LATE: "A promised step is late",
    Notify.DRAFT: "Draft awaiting approval", "approve_draft": "Approve and send", "reject_draft": "Reject",
    "confirm_approve": "Send it in your name? It cannot be taken back.",
    "confirm_reject": "Reject it? Nothing is sent.",
    "needs_two": "Two members of the response team have to approve the same text. Only this channel sees it before.",
    "approved_so_far": "Approved by", "two_approve": "Two members of the response team have to approve it.",
    "seconds": "s", "announced": "You get this message because you asked Souk El-Sayarat for its announcements.",
}  # fmt: skip

AR = {
    "took": "استغرقت", "promised_time": "المتعهد به", "settle_step": "تمت أو تُترك",
    "step_evidence": "ما يثبتها أو سبب تركها",
    "step_finish": "تمت", "step_skip": "تُترك", "drafts": "رسائل إلى الخارج", "decide_draft": "القرار",
    Notify.STEP: "إجراءات الطوارئ", Notify.STEP_DUE: "يحين موعدها قريباً",
    Notify.STEP_LATE: "خطوة تجاوزت موعدها المتعهد به",
    Notify.DRAFT: "مسودة تنتظر الموافقة", "approve_draft": "موافقة وإرسال", "reject_draft": "رفض",
    "confirm_approve": "هل تُرسل باسمك؟ لا يمكن التراجع.", "confirm_reject": "هل تُرفض؟ لن يُرسل شيء.",
    "needs_two": "يجب أن يوافق عضوان من فريق الاستجابة على النص نفسه، ولا يراه قبل ذلك إلا هذه القناة.",
    "approved_so_far": "وافق عليها", "two_approve": "يجب أن يوافق عليها عضوان من فريق الاستجابة.",
    "seconds": "ث", "announced": "تصلك هذه الرسالة لأنك طلبت إعلانات سوق السيارات.",
}  # fmt: skip

RECORDED_AR = {
    Notify.STEP: "خطوة من إجراءات الطوارئ", Notify.STEP_DUE: "خطوة يحين موعدها قريباً",
    Notify.STEP_LATE: "خطوة لم تُنجز في موعدها المتعهد به",
    "procedure started": "بدأت إجراءات الطوارئ", "procedure step": "خطوة من إجراءات الطوارئ",
    Stepped.DONE: "تمت الخطوة",
    Stepped.PROPOSED: "خطوة مقترحة تحتاج إلى تأكيد شخص آخر", Stepped.CONFIRMED: "تأكدت الخطوة ويجري تنفيذها",
    Stepped.SKIPPED: "تُركت الخطوة",
    Stepped.REMINDED: "يحين موعد الخطوة قريباً", Stepped.OVERDUE: "لم تُنجز الخطوة في موعدها المتعهد به",
    Stepped.REHEARSED: "تمت المحاكاة دون تنفيذ",
    Stepped.FAILED: "تعذر تنفيذ الخطوة آلياً", Stepped.REOPENED: "يجب تنفيذ الخطوة من جديد",
    Stepped.NO_SUCH_STEP: "لا توجد خطوة بهذا الاسم",
    Stepped.NO_SUCH_RUN: "لا توجد إجراءات جارية بهذا الاسم", Stepped.NO_SUCH_PROCEDURE: "لا توجد إجراءات بهذا الاسم",
    Stepped.ALREADY_STARTED: "الإجراءات جارية بالفعل", Stepped.ALREADY_SETTLED: "انتهت هذه الخطوة بالفعل",
    Stepped.NEEDS_EVIDENCE: "تتم الخطوة بملاحظة أو رابط يثبتها", Stepped.NEEDS_LINK: "تتم هذه الخطوة برابط يثبتها",
    Stepped.NEEDS_REASON: "تُترك الخطوة بذكر السبب", Stepped.NEEDS_ANOTHER: "يجب أن يؤكدها شخص آخر",
    Stepped.NOT_REHEARSED: "المحاكاة تسبق التنفيذ",
    Stepped.UNDER_WAY: "يجري تنفيذها", "draft": "مسودة",
    Notify.DRAFT: "مسودة تنتظر الموافقة", Drafted.EDITED: "عُدلت المسودة",
    Drafted.SENT: "تمت الموافقة على المسودة وأُرسلت", Drafted.REJECTED: "رُفضت المسودة",
    Drafted.WITHDRAWN: "سُحبت المسودة لأنها لم تعد صحيحة", Drafted.NO_SUCH_DRAFT: "لا توجد مسودة بهذا الاسم",
    Drafted.ALREADY_SENT: "أُرسلت المسودة من قبل",
    Drafted.ALREADY_OVER: "رُفضت المسودة أو سُحبت من قبل", Drafted.NO_LONGER_TRUE: "لم تعد المسودة صحيحة",
    Drafted.NEEDS_REASON: "تُرفض المسودة بذكر السبب",
    Drafted.NEEDS_BOTH: "للمسودة عنوان ونص بالعربية والإنجليزية",
    Drafted.NO_ADDRESS: "لا يوجد عنوان مُعد لهذا الجمهور",
    Drafted.HALF_APPROVED: "وافق شخص على المسودة وتنتظر موافقة شخص آخر",
    Drafted.NEEDS_ANOTHER: "يجب أن يوافق على المسودة شخص آخر",
    Drafted.NOT_THEIRS: "يجب أن يوافق عليها شخص آخر", "met": "وُفي بالموعد", "missed": "تجاوز الموعد",
    "running": "الوقت جارٍ", "not begun": "لم يبدأ", "left out": "تُركت",
    "automatic": "آلي", Role.COMMANDER: "قائد الاستجابة", Role.COMMUNICATIONS: "مسؤول التواصل",
    Role.SCRIBE: "مدوّن الأحداث", "proposed": "مقترحة", "approved": "تمت الموافقة عليها",
    DraftChannel.MAIL: "بريد إلكتروني", DraftChannel.STATUS: "صفحة الحالة",
    DraftChannel.BOTH: "صفحة الحالة والبريد الإلكتروني",
    Drafted.NOT_POSTED: "لم تُنشر المسودة على صفحة الحالة", "edited": "معدّلة", "rejected": "مرفوضة",
    "withdrawn": "مسحوبة",
    "on the restricted record": "في السجل المقيّد", "customers": "العملاء",
    "the incident was over first": "انتهى البلاغ قبل ذلك", "the incident was resolved": "تم حل البلاغ",
    "customers were not told that it began": "لم يُبلَّغ العملاء ببدايته",
    "no part of the status page speaks for this incident": "لا يخص هذا البلاغ أي جزء من صفحة الحالة",
    "post by hand": "انشر يدوياً",
    "no probes are configured for incidents of this type": "لا توجد فحوص مُعدة لهذا النوع من البلاغات",
    "look by hand": "افحص يدوياً",
    "nobody is named as legal in breach.yaml": "لا أحد مسمى للشؤون القانونية في breach.yaml",
    "the incident was not declared a breach": "لم يُعلن البلاغ اختراقاً",
    "the breach was stood down, customers are told nothing": "كان إنذاراً كاذباً ولا يُبلَّغ العملاء بشيء",
    "a notice to customers awaits the approval of two": "إخطار للعملاء ينتظر موافقة شخصين",
    "waiting": "لم يحن دورها", "due": "جارية", "overdue": "متأخرة", "done": "تمت", "skipped": "تُركت",
}  # fmt: skip

# What the machine says it did or saw, with the figure, the name or the id in it.
NOTES_AR = (
    (re.compile(r"the first message left by (\w+)"), "خرجت الرسالة الأولى عبر: {}"),
    (re.compile(r"(.+) was told by (\w+)"), "تم إبلاغ {} عبر: {}"),
    (re.compile(r"(\d+) probes have answered"), "عدد الفحوص التي أجابت: {}"),
    (re.compile(r"a message to customers awaits approval \((.+)\)"), "رسالة للعملاء تنتظر الموافقة ({})"),
    (re.compile(r"the message to customers was approved by (.+)"), "تمت الموافقة على الرسالة إلى العملاء: {}"),
    (re.compile(r"post (\S+) about (.+)"), "منشور على صفحة الحالة ({}) بشأن: {}"),
    (re.compile(r"revision (\d+) of the post-mortem is complete"), "اكتملت المراجعة بنسختها رقم {}"),
    (re.compile(r"a package of evidence is kept \((\w+)\)"), "حُفظت حزمة أدلة ({})"),
    (re.compile(r"the regulator has the report of (.+)"), "لدى الجهة الرقابية تقرير قدمه {}"),
    (re.compile(r"action items of ([^:]+): (.+)"), "إجراءات متابعة لدى {}: {}"),
    (re.compile(r"nothing here can do (\w+)"), "لا يوجد هنا ما ينفذ: {}"),
    (re.compile(r"by (\d{4}-\d\d-\d\d \d\d:\d\d) UTC"), "الموعد: {} بتوقيت UTC"),
    (re.compile(r"(\S+), (e-mail|status page and e-mail|status page) to (\w+)"), "{}، {}، إلى {}"),
    (re.compile(r"(\S+), (e-mail|status page and e-mail|status page) to (\w+): (.+)"), "{}، {}، إلى {}: {}"),
)
