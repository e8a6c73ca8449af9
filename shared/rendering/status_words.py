"""Every word of the public status page, in English and Arabic; what is posted by itself is made of these alone."""

from collections.abc import Iterable, Mapping
from datetime import date

from shared.domain.status import Component, Condition, Post, Sentence, Stage, Update
from shared.rendering.plurals import month

EN = {
    "title": "Status",
    "language": "العربية",
    "now": "What works now",
    "open": "What we are working on",
    "parts": "Parts of the marketplace",
    "map": "What depends on what",
    "needs": "Needs",
    "needs_nothing": "Needs no other part",
    "planned": "Planned maintenance",
    "maintenance": "Planned maintenance",
    "emergency": "Urgent maintenance",
    "all_parts": "all parts",
    "going_on": "Going on now",
    "from": "From",
    "until": "until",
    "none_planned": "No maintenance is planned.",
    "history": "Past incidents",
    "all_history": "All incidents of 90 days",
    "no_incidents": "No incidents.",
    "no_incidents_week": "No incidents in the last seven days.",
    "back": "Current status",
    "follow": "Follow this page",
    "subscribe": "By e-mail",
    "renewed": "Updated",
    "renewing": "It is renewed at least every ten minutes. If it is older, our monitoring itself has trouble.",
    "days_ago_90": "90 days ago",
    "days_ago_30": "30 days ago",
    "today": "today",
    "no_data": "no checks",
    "uptime": "of checks succeeded in 90 days",
    "bars_of": "Checks of the last 90 days",
    "worst": "Days below 100 %",
    "every_day_full": "every check succeeded",
    "unmeasured": "Known from incidents; it has no checks of its own.",
    "began": "Began",
    "ended": "Ended",
    "affected": "Affected",
    "mail_address": "Your e-mail address",
    "mail_language": "Language of the mails",
    "send": "Subscribe",
    "subscribe_title": "Updates by e-mail",
    "subscribe_how": "We send you a link first, and nothing more until you open it and confirm. Every mail has a link"
    " that ends them.",
    "disruption": "Disruption",
    "comma": ", ",
    "by_team": "The team",
    "automatic": "Automatic",
}

AR = {
    "title": "حالة الخدمة",
    "language": "English",
    "now": "ما يعمل الآن",
    "open": "ما نعمل على إصلاحه",
    "parts": "أجزاء السوق",
    "map": "ما يعتمد على ماذا",
    "needs": "يعتمد على",
    "needs_nothing": "لا يعتمد على جزء آخر",
    "planned": "الصيانة المخطط لها",
    "maintenance": "صيانة مخطط لها",
    "emergency": "صيانة عاجلة",
    "all_parts": "جميع الأجزاء",
    "going_on": "جارية الآن",
    "from": "من",
    "until": "حتى",
    "none_planned": "لا توجد صيانة مخطط لها.",
    "history": "الأعطال السابقة",
    "all_history": "جميع أعطال آخر 90 يومًا",
    "no_incidents": "لا توجد أعطال.",
    "no_incidents_week": "لا توجد أعطال في الأيام السبعة الماضية.",
    "back": "الحالة الآن",
    "follow": "تابع هذه الصفحة",
    "subscribe": "بالبريد الإلكتروني",
    "renewed": "آخر تحديث",
    "renewing": "تُجدَّد الصفحة كل عشر دقائق على الأكثر. إن كانت أقدم من ذلك فالعطل في نظام المراقبة نفسه.",
    "days_ago_90": "قبل 90 يومًا",
    "days_ago_30": "قبل 30 يومًا",
    "today": "اليوم",
    "no_data": "بلا فحوص",
    "uptime": "من الفحوص نجحت خلال 90 يومًا",
    "bars_of": "فحوص آخر 90 يومًا",
    "worst": "أيام دون 100 %",
    "every_day_full": "نجحت جميع الفحوص",
    "unmeasured": "تُعرف حالته من الأعطال، وليست له فحوص خاصة به.",
    "began": "بدأ",
    "ended": "انتهى",
    "affected": "المتأثر",
    "mail_address": "بريدك الإلكتروني",
    "mail_language": "لغة الرسائل",
    "send": "اشترك",
    "subscribe_title": "التحديثات بالبريد الإلكتروني",
    "subscribe_how": "نرسل إليك رابطًا أولًا، ولا نرسل شيئًا بعده حتى تفتحه وتؤكد. وفي كل رسالة رابط ينهي الاشتراك.",
    "disruption": "عطل",
    "comma": "، ",
    "by_team": "الفريق",
    "automatic": "تلقائي",
}

CONDITIONS = {
    Condition.WORKS: ("Works", "يعمل"),
    Condition.UNKNOWN: ("Not checked", "بلا فحوص حديثة"),
    Condition.MAINTENANCE: ("Maintenance", "صيانة"),
    Condition.DEGRADED: ("Affected", "متأثر"),
    Condition.OUTAGE: ("Down", "متعطل"),
}
OVERALL = {
    Condition.WORKS: ("Everything works", "كل شيء يعمل"),
    Condition.UNKNOWN: ("Some parts have no recent checks", "بعض الأجزاء بلا فحوص حديثة"),
    Condition.MAINTENANCE: ("Maintenance is going on", "تجري أعمال صيانة"),
    Condition.DEGRADED: ("Some parts are affected", "بعض الأجزاء متأثرة"),
    Condition.OUTAGE: ("Some parts are down", "بعض الأجزاء متعطلة"),
}
STAGES = {
    Stage.INVESTIGATING: ("Investigating", "قيد البحث"),
    Stage.IDENTIFIED: ("Cause known", "عُرف السبب"),
    Stage.MONITORING: ("Watching", "قيد المراقبة"),
    Stage.RESOLVED: ("Resolved", "انتهى"),
}
SENTENCES = {
    Sentence.BEGAN: (
        "Our checks see a disruption of {parts}. We are looking into it.",
        "ترصد فحوصنا عطلًا في {parts}. نعمل على معرفة السبب.",
    ),
    Sentence.SPREAD: ("This is disrupted as well: {parts}.", "تعطل أيضًا: {parts}."),
    Sentence.WORKS_AGAIN: (
        "It works again. We keep watching before we call it resolved.",
        "عادت الخدمة إلى العمل، ونواصل المراقبة قبل إعلان انتهاء العطل.",
    ),
    Sentence.CAME_BACK: ("The disruption is back: {parts}.", "عاد العطل من جديد: {parts}."),
    Sentence.OVER: ("It has kept working. This incident is over.", "استمرت الخدمة في العمل، وانتهى هذا العطل."),
}


def page_words(locale: str) -> Mapping[str, str]:
    """The page's words in a language."""
    return AR if locale == "ar" else EN


def condition_word(condition: Condition, locale: str) -> str:
    """How a part is, in a word or two."""
    return CONDITIONS[condition][locale == "ar"]


def overall_words(condition: Condition, locale: str) -> str:
    """How everything is, in one line."""
    return OVERALL[condition][locale == "ar"]


def stage_word(stage: Stage, locale: str) -> str:
    """How far the work is."""
    return STAGES[stage][locale == "ar"]


def names(parts: Iterable[str], components: Mapping[str, Component], locale: str) -> str:
    """The names of components; those that are not on the page any more are left out."""
    known = (components[part].name.for_reader(locale)[0] for part in parts if part in components)
    return page_words(locale)["comma"].join(known)


def title_of(post: Post, components: Mapping[str, Component], locale: str) -> tuple[str, str]:
    """A post's title and the language it is in: a person's, else our own."""
    text, language = post.title.for_reader(locale)
    if text:
        return text, language
    parts = names(post.components, components, locale)
    word = page_words(locale)["disruption"]
    return (f"{word}: {parts}" if parts else word), locale


def text_of(update: Update, components: Mapping[str, Component], locale: str) -> tuple[str, str]:
    """What an update says and in which language: a person's words, else a sentence of ours."""
    if update.sentence in SENTENCES:
        parts = names(update.components, components, locale)
        return SENTENCES[Sentence(update.sentence)][locale == "ar"].format(parts=parts), locale
    return update.text.for_reader(locale)


def day_words(day: date, locale: str) -> str:
    """A day of Egypt's calendar: "12 Nov 2026"."""
    return f"{day.day} {month(day.month)} {day.year}" if locale == "ar" else f"{day.day} {day:%b %Y}"


def share_words(share: float | None, locale: str) -> str:
    """A share of checks, rounded down: only what is whole is called 100 %."""
    if share is None:
        return page_words(locale)["no_data"]
    return f"{int(share * 100) / 100:g} %"
