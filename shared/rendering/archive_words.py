"""The words of the archive of reports, in English and Arabic."""

from shared.domain.report_plans import Form
from shared.rendering.dashboard_words import chosen

LANGUAGES = {"en": "English", "ar": "العربية"}  # each in itself
FORMS = {
    Form.PDF: ("PDF", "PDF"),
    Form.HTML: ("Interactive page", "صفحة تفاعلية"),
    Form.SLIDES: ("Presentation", "عرض تقديمي"),
}

EN = {
    "title": "Reports", "all": "All reports", "about": "Which report", "edition": "Edition", "files": "Files",
    "intro": "Every report that was issued, the newest first. Each is kept as it was sent.",
    "nothing": "No report has been issued yet. Each appears here as soon as it has been made.",
    "nothing_here": "There is no report on this page.",
    "issued": "issued {at}, Cairo time", "follows": "The final edition replaces it here.",
}  # fmt: skip

AR = {
    "title": "التقارير", "all": "كل التقارير", "about": "اختيار التقرير", "edition": "الإصدار", "files": "الملفات",
    "intro": "كل التقارير الصادرة، الأحدث أولًا، كما أُرسلت.",
    "nothing": "لم يصدر أي تقرير بعد. يظهر كل تقرير هنا فور إعداده.",
    "nothing_here": "لا يوجد تقرير في هذه الصفحة.",
    "issued": "صدر {at} بتوقيت القاهرة", "follows": "يحل محله هنا الإصدار النهائي عند صدوره.",
}  # fmt: skip


def archive_words(locale: str) -> dict[str, str]:
    """The vocabulary of a locale; anything but "ar" reads English."""
    return AR if locale == "ar" else EN


def form_name(form: str, locale: str) -> str:
    """What a form is called."""
    return chosen(FORMS[Form(form)], locale)
