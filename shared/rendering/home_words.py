"""The words of the home page, in English and Arabic."""

from shared.rendering.escaping import isolated

EN = {
    "virtual": "virtual clock", "open": "open incidents", "messages": "messages", "letters": "dead letters",
    "functions": "functions", "incidents": "Incidents", "opened": "Opened (UTC)", "programs": "For programs",
    "nothing": "Nothing has happened yet. Send an event with", "or": "or run", "status": "The public status page",
}  # fmt: skip
AR = {
    "virtual": "ساعة افتراضية", "open": "بلاغات مفتوحة", "messages": "رسائل", "letters": "رسائل تعذرت قراءتها",
    "functions": "دوال", "incidents": "البلاغات", "opened": f"وقت الفتح ({isolated('UTC')})", "programs": "للبرامج",
    "nothing": "لم يحدث شيء بعد. أرسل حدثاً بالأمر", "or": "أو شغّل", "status": "صفحة الحالة العامة",
}  # fmt: skip


def home_words(locale: str) -> dict[str, str]:
    """The vocabulary of a locale; anything but "ar" reads English."""
    return AR if locale == "ar" else EN
