"""The words for an incident's further life: states, roles, tasks, merges, severities by hand; English and Arabic."""

import re

from shared.domain.incidents import Acked, Role
from shared.domain.lifecycle import Life
from shared.domain.merging import Merging
from shared.domain.promises import Promise
from shared.domain.raising import Weighed
from shared.domain.reasons import Notify, Suppressed
from shared.domain.roles import Given
from shared.domain.tasks import TaskOutcome

EN = {
    "mitigated": "Mitigated", "closed": "Closed", "merged": "Merged", "merged_into": "Merged into", "took_in": "Merged in",
    "mitigate": "Mitigated", "reopen": "Reopen", "confirm_reopen": "Is it not over? Whoever is on call is paged again.", "roles": "Roles", "tasks": "Tasks", "actions": "Action items",
    "resolve_by": "Resolution promised by", "acknowledge_by": "Answer promised by", "mitigated_at": "Mitigated", "due": "Due", "overdue": "overdue", "still_to_do": "to do", "done_by": "Done by",
    Role.COMMANDER: "Commander", Role.COMMUNICATIONS: "Communications", Role.SCRIBE: "Scribe",
    Notify.REOPENED_BY_HAND: "Reopened by a colleague", Notify.MITIGATED: "Mitigated: nobody is paged, the promised resolution still counts", Notify.MERGED: "Merged", Notify.SEVERITY_LOWERED: "Severity lowered",
    Notify.PROMISE_AT_RISK: "A promised time is running out", Notify.ROLE_GIVEN: "Role given",
}  # fmt: skip

AR = {
    "mitigated": "تم احتواء الأثر", "closed": "مغلق", "merged": "مدموج", "merged_into": "دُمج في", "took_in": "دُمجت فيه",
    "mitigate": "تم احتواء الأثر", "reopen": "إعادة الفتح", "confirm_reopen": "ألم ينته بعد؟ سيُستدعى المناوب من جديد.", "roles": "الأدوار", "tasks": "المهام", "actions": "إجراءات المتابعة",
    "resolve_by": "موعد الحل المتعهد به", "acknowledge_by": "موعد الاستلام المتعهد به", "mitigated_at": "احتُوي الأثر", "due": "الموعد", "overdue": "فات موعدها", "still_to_do": "لم تُنجز بعد", "done_by": "أنجزها",
    Role.COMMANDER: "قائد الاستجابة", Role.COMMUNICATIONS: "مسؤول التواصل", Role.SCRIBE: "مدوّن الأحداث",
    Notify.REOPENED_BY_HAND: "أعاد زميل فتحه", Notify.MITIGATED: "تم احتواء الأثر: لا يُستدعى أحد، ومهلة الحل مستمرة", Notify.MERGED: "دُمج", Notify.SEVERITY_LOWERED: "خُفضت الخطورة",
    Notify.PROMISE_AT_RISK: "المهلة المتعهد بها توشك أن تنقضي", Notify.ROLE_GIVEN: "أُسند دور",
}  # fmt: skip

RECORDED_AR = {
    "mitigated": "تم احتواء الأثر", "closed": "أُغلق", "merged": "دُمج", "lowered": "خُفضت الخطورة", "task": "مهمة", "role": "دور",
    "promise at risk": "موعد يوشك أن يفوت", "ended in part": "انتهى جزء منه",
    Role.COMMANDER: "قائد الاستجابة", Role.COMMUNICATIONS: "مسؤول التواصل", Role.SCRIBE: "مدوّن الأحداث",
    Life.MITIGATED: "تم احتواء الأثر", Life.REOPENED: "أُعيد فتحه", Life.CLOSED: "أُغلق", Life.ALREADY_MITIGATED: "أثره محتوى بالفعل",
    Life.STILL_OPEN: "لا يزال مفتوحاً", Life.TOO_LONG_OVER: "انتهى منذ مدة طويلة؛ افتح بلاغاً جديداً",
    Life.NEWER: "للمشكلة نفسها بلاغ أحدث", Life.NOT_RESOLVED: "لا يُغلق إلا بلاغ تم حله", Life.TASKS_LEFT: "بقيت مهام لم تُنجز",
    Merging.ITSELF: "لا يُدمج البلاغ في نفسه", Merging.ALREADY: "دُمج من قبل", Merging.CLOSED: "البلاغ المغلق يبقى كما هو",
    Merging.CHAIN: "دُمجت فيه بلاغات أخرى؛ ادمج الباقي فيه", Merging.INTO_MERGED: "البلاغ الآخر مدموج؛ ادمج في البلاغ الذي يشير إليه",
    Merging.INTO_OVER: "البلاغ الآخر منتهٍ", Merging.INTO_LESS_SEVERE: "البلاغ الآخر أقل خطورة؛ اعكس الدمج أو ارفع خطورته أولاً",
    Merging.RESTRICTED: "البلاغ المقيّد لا يُدمج",
    Merging.REHEARSAL: "التجربة لا تُدمج", Merging.UNKNOWN: "لا يوجد بلاغ بهذا الرقم لدمجه فيه",
    Weighed.LOWERED: "خُفضت الخطورة", Weighed.NO_REASON: "اذكر السبب", Weighed.THE_SAME: "هذه خطورته بالفعل",
    Given.GIVEN: "أُسند الدور", Given.TAKEN: "تولّى الدور", Given.ALREADY_THEIRS: "الدور له بالفعل", Given.CANNOT_HAVE: "لا أحد بهذا الاسم يمكنه تولي دور",
    Given.NO_SUCH_ROLE: "لا يوجد دور بهذا الاسم",
    Promise.ANSWER_SOON: "موعد الاستلام يقترب", Promise.RESOLUTION_SOON: "موعد الحل يقترب",
    Notify.MITIGATED: "تم احتواء الأثر", Notify.SEVERITY_LOWERED: "خُفضت الخطورة",
    Notify.REOPENED_BY_HAND: "أُعيد فتحه يدوياً", Notify.MERGED: "دُمج في بلاغ آخر", Notify.PROMISE_AT_RISK: "موعد يوشك أن يفوت", Notify.ROLE_GIVEN: "أُسند دور",
    Suppressed.OTHERS_FIRING: "ما دُمج فيه لا يزال مستمراً", Suppressed.NO_LONGER_PROMISED: "خُفضت الخطورة قبل الإرسال",
    Acked.CLOSED: "البلاغ مغلق", Acked.MERGED: "دُمج البلاغ في بلاغ آخر",
    TaskOutcome.OPENED: "فُتحت المهمة", TaskOutcome.DONE: "أُنجزت المهمة", TaskOutcome.REASSIGNED: "نُقلت المهمة", TaskOutcome.DUE_MOVED: "تغيّر موعد المهمة",
    TaskOutcome.NO_TEXT: "المهمة تحتاج نصاً", TaskOutcome.NO_SUCH_TASK: "لا توجد مهمة بهذا الرقم", TaskOutcome.NO_SUCH_DUE: "موعد المهمة خلال 180 يوماً",
    TaskOutcome.ALREADY_DONE: "المهمة منجزة بالفعل", TaskOutcome.ALREADY_THEIRS: "المهمة له بالفعل", TaskOutcome.CANNOT_OWN: "لا أحد بهذا الاسم يمكنه تولي مهمة",
    TaskOutcome.CLOSED: "البلاغ المغلق لا يقبل إلا إجراءات المتابعة", TaskOutcome.MERGED: "دُمج البلاغ؛ مهامه في البلاغ الذي دُمج فيه",
}  # fmt: skip

# Notes with something of their own inside: a role and its holder.
NOTES_AR = ((re.compile(r"(commander|communications|scribe): (.+)"), "{}: {}"),)
