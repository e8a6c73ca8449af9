"""Every word of the mails to subscribers of the status page, and of the pages of their subscription."""

from collections.abc import Mapping

from shared.domain.subscriptions import Answer

# What a visitor is told: a headline and what it means, in English and Arabic.
ANSWERS: Mapping[Answer, tuple[tuple[str, str], tuple[str, str]]] = {
    Answer.FORM: (
        ("Updates by e-mail", "We send you a link first, and nothing more until you open it and confirm."),
        ("التحديثات بالبريد الإلكتروني", "نرسل إليك رابطًا أولًا، ولا نرسل شيئًا بعده حتى تفتحه وتؤكد."),
    ),
    Answer.SENT: (
        (
            "Look into your mail",
            "If this address is not subscribed yet, a link to confirm is on its way. It works for two days.",
        ),
        ("راجع بريدك", "إن لم يكن هذا العنوان مشتركًا من قبل فقد أرسلنا إليه رابط تأكيد، وهو صالح ليومين."),
    ),
    Answer.NO_ADDRESS: (
        ("That is no e-mail address", "Please go back and look at it again."),
        ("هذا ليس عنوان بريد إلكتروني", "من فضلك عُد وراجعه."),
    ),
    Answer.TOO_MANY: (
        ("Too many requests from here", "Please try again in an hour."),
        ("طلبات كثيرة من هنا", "من فضلك حاول بعد ساعة."),
    ),
    Answer.CONFIRM: (
        ("Send updates to this address?", "You will get a mail when something breaks, and when it works again."),
        ("هل نرسل التحديثات إلى هذا العنوان؟", "ستصلك رسالة عند حدوث عطل، وأخرى عند انتهائه."),
    ),
    Answer.CONFIRMED: (
        ("You are subscribed", "Every mail has a link that ends them."),
        ("تم اشتراكك", "في كل رسالة رابط ينهي الاشتراك."),
    ),
    Answer.GONE: (
        ("This link has run out", "Please ask for a new one."),
        ("انتهت صلاحية هذا الرابط", "من فضلك اطلب رابطًا جديدًا."),
    ),
    Answer.OFF: (
        ("No more of these mails?", "The status page itself can be read at any time."),
        ("هل تريد إيقاف هذه الرسائل؟", "يمكنك قراءة صفحة الحالة في أي وقت."),
    ),
    Answer.ENDED: (
        ("You get no more of these mails", "Your address is deleted."),
        ("لن تصلك هذه الرسائل بعد الآن", "وقد حُذف عنوانك."),
    ),
}
BUTTONS = {
    Answer.CONFIRM: ("Subscribe", "اشترك"),
    Answer.OFF: ("End them", "أوقفها"),
    Answer.FORM: ("Subscribe", "اشترك"),
}
LABELS = {
    "en": {"page": "Status page", "off": "No more of these mails", "address": "Your e-mail address", "language": "Language of the mails"},
    "ar": {"page": "صفحة الحالة", "off": "إيقاف هذه الرسائل", "address": "بريدك الإلكتروني", "language": "لغة الرسائل"},
}  # fmt: skip
CONFIRMING = {
    "en": ("Please confirm: updates by e-mail", "Somebody, probably you, asked for our status updates at this address. If it was not you, do nothing: no further mail will come.", "Confirm"),
    "ar": ("من فضلك أكّد: التحديثات بالبريد الإلكتروني", "طُلبت تحديثات حالة الخدمة على هذا العنوان، وربما كنت أنت من طلبها. إن لم تكن أنت فلا تفعل شيئًا، ولن تصلك رسالة أخرى.", "أكّد"),
}  # fmt: skip
