"""What an impact statement says, in English and Arabic."""

from shared.domain.impact_statements import Basis, Confidence, Figure, Unknown

EN = {
    "impact": "Impact", "so_far": "Impact so far", "none_known": "Unknown, because {}.",
    "unknown": "unknown, because {}", "confidence": "{} ({}: {}; {})", "looked_at": "{} to {}",
    Figure.USERS: "People hit", Figure.SESSIONS: "Visits hit", Figure.TRAFFIC: "Share of traffic hit",
    Figure.ORDERS: "Orders lost", Figure.REVENUE: "Revenue lost",
    Confidence.HIGH: "sure", Confidence.MEDIUM: "fairly sure", Confidence.LOW: "a rough estimate",
    "set_source": "set {} in metrics.yaml",
}  # fmt: skip

AR = {
    "impact": "الأثر", "so_far": "الأثر حتى الآن", "none_known": "غير معروف: {}.",
    "unknown": "غير معروف: {}", "confidence": "{} ({}: {}؛ {})", "looked_at": "من {} إلى {}",
    Figure.USERS: "المستخدمون المتأثرون", Figure.SESSIONS: "الزيارات المتأثرة", Figure.TRAFFIC: "نسبة الحركة المتأثرة",
    Figure.ORDERS: "الطلبات المفقودة", Figure.REVENUE: "الإيراد المفقود",
    Confidence.HIGH: "مؤكد", Confidence.MEDIUM: "شبه مؤكد", Confidence.LOW: "تقدير تقريبي",
    "set_source": "حدد مصدر {} في metrics.yaml",
    Basis.COUNTED: "معدود في الأحداث نفسها", Basis.BY_CLIENT: "عملاء فشلت طلباتهم، حسب العنوان وكل ربع ساعة",
    Basis.OF_REQUESTS: "الطلبات الفاشلة من كل الطلبات",
    Basis.STAYED_AWAY: "طلبات لم تصل أو فشلت، مقارنة بالأسابيع الماضية",
    Basis.BY_SHARE: "زيارات ذلك الوقت حسب نسبة الفشل", Basis.SHORTFALL: "أقل من الدقائق نفسها في الأسابيع الماضية",
    Basis.CHANCE: "ليست أقل مما تفسره المصادفة",
    Basis.FAILED_ORDERS: "طلبات شراء فشلت حسب العميل؛ لا يُعرف من أعاد المحاولة",
    Basis.BY_AVERAGE: "طلبات شراء فشلت مضروبة في متوسط قيمة الطلب", Basis.NOTHING_FAILED: "لم يفشل شيء",
    Unknown.NO_SOURCE: "لا يوجد مصدر مُعد له", Unknown.NO_ROWS: "لا يوجد في مصدره شيء عن ذلك الوقت",
    Unknown.LATE: "بيانات مصدره لم تصل بعد", Unknown.FAILED: "لم يستطع مستودع البيانات الإجابة",
    Unknown.NO_HISTORY: "لا يوجد ما يُقارن به بعد", Unknown.OURS: "يخص نظام المراقبة نفسه وليس السوق",
    Unknown.FOLDED: "محسوب مع البلاغ الذي ينتمي إليه", Unknown.NOT_TRACED: "لا يوجد قياس يبين من يمسه مثل هذا الحدث",
    Unknown.NOT_BY_VISITOR: "ما كان بطيئاً أو لم يكتمل لا يُعد حسب الزائر",
}  # fmt: skip


def words(locale: str) -> dict[str, str]:
    """The words of a locale; what English reads as the domain has it stands for itself."""
    return AR if locale == "ar" else {**{str(one): str(one) for one in (*Basis, *Unknown)}, **EN}
