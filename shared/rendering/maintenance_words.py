"""The titles of what is said about maintenance windows, and the names of their facts, in both languages."""

from collections.abc import Mapping

from shared.domain.checklists import Phase
from shared.domain.maintenance_notices import Notice
from shared.domain.rollbacks import RollbackState

# {when}: the window's hours; {until}: its end; {end}: when the post-mortem is due; {n}: how many, {open} of them open;
# {target}, {state}, {because}: of its rollback
TITLES: Mapping[Notice, tuple[str, str]] = {
    Notice.PLANNED: ("Maintenance planned: {when}", "صيانة مخططة: {when}"),
    Notice.EMERGENCY: ("Emergency maintenance until {until}: {reason}", "صيانة طارئة حتى {until}: {reason}"),
    Notice.MOVED: ("Maintenance moved, now: {when}", "تغيّر موعد الصيانة، والموعد الجديد: {when}"),
    Notice.CANCELLED: ("Maintenance cancelled: {when}", "أُلغيت الصيانة: {when}"),
    Notice.DAY: ("Maintenance in 24 hours: {when}", "صيانة بعد 24 ساعة: {when}"),
    Notice.HOUR: ("Maintenance in one hour: {when}", "صيانة بعد ساعة: {when}"),
    Notice.STARTED: ("Maintenance has begun: {when}", "بدأت الصيانة: {when}"),
    Notice.NOT_READY: ("Not ready for maintenance: {n} open line(s)", "الصيانة غير جاهزة، البنود الناقصة: {n}"),
    Notice.HELD: (
        "Begun inside the maintenance: {n} incident(s), {open} open",
        "بدأ أثناء الصيانة: عدد البلاغات {n}، المفتوح منها {open}",
    ),
    Notice.ENDED: ("Maintenance is over: {when}", "انتهت الصيانة: {when}"),
    Notice.TO_DO: ("After the maintenance: {n} line(s) to do", "بعد الصيانة، البنود المتبقية: {n}"),
    Notice.POST_MORTEM: ("Post-mortem due: {end}", "موعد تسليم تقرير ما بعد الحادثة: {end}"),
    Notice.ROLLBACK_ASKED: (
        "Rollback of {target} is being started: {because}",
        "يجري بدء التراجع عن {target}: {because}",
    ),
    Notice.ROLLBACK_DONE: ("Rollback of {target}: {state}", "التراجع عن {target}: {state}"),
    Notice.ROLLBACK_UNREACHABLE: ("The rollback of {target} does not answer", "زناد التراجع عن {target} لا يستجيب"),
}

PHASES: Mapping[Phase, tuple[str, str]] = {
    Phase.BEFORE: ("before", "قبل"),
    Phase.DURING: ("during", "أثناء"),
    Phase.AFTER: ("after", "بعد"),
}

STATES: Mapping[RollbackState, tuple[str, str]] = {
    RollbackState.ARMED: ("armed", "جاهز"),
    RollbackState.ASKED: ("asked for", "مطلوب"),
    RollbackState.RUNNING: ("being started", "يبدأ الآن"),
    RollbackState.STARTED: ("started", "بدأ"),
    RollbackState.FAILED: ("could not be started", "تعذّر بدؤه"),
    RollbackState.UNKNOWN: ("perhaps started, the answer was lost", "ربما بدأ، فقد ضاع الرد"),
}

FACTS: Mapping[str, tuple[str, str]] = {
    "for": ("For", "يشمل"),
    "everything": ("everything", "كل شيء"),
    "reason": ("Reason", "السبب"),
    "work": ("Maintenance", "الصيانة"),
    "author": ("By", "المسؤول"),
    "outside": ("Outside the low-traffic hours because", "خارج ساعات الهدوء لأن"),
    "rollback": ("Rolled back by itself", "يتراجع تلقائياً"),
    "by_itself": ("It ended by itself, nobody had closed it.", "انتهت تلقائياً لأن أحداً لم يغلقها."),
    "closed_by": ("Closed by", "أغلقها"),
    "again": (
        "Alerts are told again, those it held back too.",
        "تُرسل الإخطارات من جديد، بما فيها ما تأجل.",
    ),
    "nothing": ("Nothing began inside it.", "لم يبدأ شيء أثناءها."),
    "mutes": (
        "What begins inside it waits for its end; outages and breaches do not.",
        "ما يبدأ أثناءها ينتظر نهايتها، عدا الانقطاع والاختراق.",
    ),
    "loud": (
        "Until these lines are ticked the window mutes nothing: alerts stay on.",
        "إلى أن تكتمل هذه البنود لا تُكتم أي إخطارات.",
    ),
    "muted_anyway": ("The window mutes alerts all the same.", "تُكتم الإخطارات رغم ذلك."),
    "because": ("Because", "بسبب"),
    "asked_by": ("Asked for by", "بطلب من"),
    "due": ("Post-mortem due", "موعد تقرير ما بعد الحادثة"),
    "tick": ("Tick them", "علّم عليها"),
    "says": ("Its answer", "الرد"),
    "by_hand": ("Go back by hand, or try again", "تراجع يدوياً أو حاول مرة أخرى"),
}
