"""The words that every form of a report repeats, in English and Arabic."""

EN = {
    "publisher": "Souk El-Sayarat monitoring", "comma": ", ", "semicolon": "; ",
    "contents": "Contents", "page": "Page {page} of {pages}", "headline": "At a glance",
    "figure": "Figure", "value": "Value", "target": "Target", "state": "State", "change": "Change",
    "source": "Source",
    "measure": "Measure", "compared": "Changes are against {period}.", "before": "before: {value}",
    "made_at": "Made {at}", "cairo": "Cairo time", "to": "{first} to {last}", "and": " and ",
    "at_least": "at least {value}", "at_most": "at most {value}", "no_target": "no target",
    "points": "{number} points",
    "complete": "{source}, complete", "complete_until": "{source}, complete until {at}",
    "not_available": "n/a", "moments": "under 1 min",
    "late_source": "{source}: complete until {at}", "silent_source": "{source}: nothing has arrived yet",
    "provisional": "Provisional, because not everything has arrived. {sources}. {follows}",
    "provisional_plainly": "Provisional, because not everything had arrived when it was made. {follows}",
    "follows": "The final edition follows when it has.",
    "follows_by": "The final edition follows when it has, by {at} at the latest.",
    "final": "Everything had arrived when it was made.", "final_with_gaps": "Made with what had arrived. {sources}.",
    "written_by": "Written by {name}, {day}",
    "not_written": "Nobody has written this yet: add {name} to written.yaml.",
    "section_gap": "A part of this section is missing: {gap}.", "chart_gap": "Nothing is drawn here: {gap}.",
    "no_rows": "None.", "more_rows": "and {count} more", "sources": "Sources",
    "open_pdf": "PDF", "open_html": "Interactive page", "open_pptx": "Presentation",
    "works_until": "The link works until {day}.",
    "links": "The report", "continued": "{title}, continued",
}  # fmt: skip

AR = {
    "publisher": "مراقبة سوق السيارات", "comma": "، ", "semicolon": "؛ ",
    "contents": "المحتويات", "page": "صفحة {page} من {pages}", "headline": "نظرة سريعة",
    "figure": "المؤشر", "value": "القيمة", "target": "المستهدف", "state": "الحالة", "change": "التغير",
    "source": "المصدر",
    "measure": "المقياس", "compared": "التغيرات مقارنة بفترة {period}.", "before": "سابقًا: {value}",
    "made_at": "أُعد {at}", "cairo": "بتوقيت القاهرة", "to": "من {first} إلى {last}", "and": " و",
    "at_least": "{value} على الأقل", "at_most": "{value} على الأكثر", "no_target": "بلا مستهدف",
    "points": "{number} نقطة مئوية",
    "complete": "{source}، مكتملة", "complete_until": "{source}، مكتملة حتى {at}",
    "not_available": "غير متاح", "moments": "أقل من دقيقة",
    "late_source": "{source}: مكتملة حتى {at}", "silent_source": "{source}: لم يصل منها شيء بعد",
    "provisional": "مبدئي لأن البيانات لم تصل كلها بعد. {sources}. {follows}",
    "provisional_plainly": "مبدئي لأن البيانات لم تكن قد وصلت كلها عند إعداده. {follows}",
    "follows": "يصدر الإصدار النهائي عند وصولها.",
    "follows_by": "يصدر الإصدار النهائي عند وصولها، وفي موعد أقصاه {at}.",
    "final": "كانت كل البيانات قد وصلت عند إعداده.", "final_with_gaps": "أُعد بما وصل من البيانات. {sources}.",
    "written_by": "كتبه {name}، {day}",
    "not_written": "لم يكتب أحد هذا بعد: أضف {name} إلى written.yaml.",
    "section_gap": "جزء من هذا القسم ناقص: {gap}.", "chart_gap": "لا يوجد ما يُرسم هنا: {gap}.",
    "no_rows": "لا يوجد.", "more_rows": "و{count} غيرها", "sources": "المصادر",
    "open_pdf": "ملف PDF", "open_html": "الصفحة التفاعلية", "open_pptx": "العرض التقديمي",
    "works_until": "يعمل الرابط حتى {day}.",
    "links": "التقرير", "continued": "{title} (تابع)",
}  # fmt: skip


def report_words(locale: str) -> dict[str, str]:
    """The words of a locale; anything but "ar" reads English."""
    return AR if locale == "ar" else EN
