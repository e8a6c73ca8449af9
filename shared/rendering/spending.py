"""What the lead reads when the month's budget for texts and calls gets short."""

from collections.abc import Mapping

from shared.domain.bulletins import BulletinText
from shared.domain.spending import Stance

TITLES = {
    Stance.SHORT: ("Budget for texts and calls is running short", "ميزانية الرسائل النصية والمكالمات توشك على النفاد"),
    Stance.HELD: ("Budget for texts and calls is spent", "نفدت ميزانية الرسائل النصية والمكالمات"),
}
FOLLOWS = {
    Stance.SHORT: (
        "Until the end of the month texts are as short as possible.",
        "حتى نهاية الشهر تُرسل الرسائل النصية بأقصر صيغة ممكنة.",
    ),
    Stance.HELD: (
        "Until the end of the month only critical pages and the first page of a high incident go by text or call.",
        "حتى نهاية الشهر لا تُرسل بالرسائل النصية أو المكالمات إلا البلاغات الحرجة وأول إخطار للبلاغات المرتفعة.",
    ),
}


def budget_warning(reached: Stance, *, spent: float, usd: float) -> Mapping[str, BulletinText]:
    """The notice in both languages."""
    (title_en, title_ar), (follows_en, follows_ar) = TITLES[reached], FOLLOWS[reached]
    fix_en, fix_ar = "The budget is sms_budget in channels.yaml.", "الميزانية هي sms_budget في channels.yaml."
    return {
        "en": BulletinText(title_en, (f"About {spent:.2f} of {usd:.2f} USD are spent.", follows_en, fix_en)),
        "ar": BulletinText(title_ar, (f"أُنفق نحو {spent:.2f} من {usd:.2f} دولار.", follows_ar, fix_ar)),
    }
