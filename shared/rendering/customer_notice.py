"""The notice to customers after a breach: our own neutral sentences, for two people to approve."""

from collections.abc import Mapping

from shared.domain.breaches import Breach
from shared.domain.drafts import DraftText
from shared.rendering.view import cairo_day


def notice_texts(breach: Breach, *, support: str) -> Mapping[str, DraftText]:
    """What is true of any breach; nothing in it comes from what was seen, so nothing of it can be told too much.

    What is certain is added by people who edit the draft; `support` is where questions are answered ("" for none).
    """
    day = cairo_day(breach.detected_at)
    english = [
        f"On {day} we noticed that somebody without a right to it may have seen information that we keep about you.",
        "We are finding out what exactly happened, and will write again as soon as we know what it means for you.",
        "Please choose a new password, and use it nowhere else. Whoever asks you for your password is not us.",
        "We are sorry for the trouble.",
    ]
    arabic = [
        f"لاحظنا في {day} احتمال وصول طرف غير مخوَّل إلى معلومات نحتفظ بها عنكم.",
        "نعمل على معرفة ما حدث بدقة، وسنكتب إليكم مرة أخرى فور معرفة ما يعنيه ذلك لكم.",
        "يُرجى اختيار كلمة مرور جديدة وعدم استخدامها في أي مكان آخر. لن نطلب منكم كلمة المرور أبداً.",
        "نعتذر عن الإزعاج.",
    ]
    if support:
        english.append(f"If you have a question, please write to {support} and name {breach.code}.")
        arabic.append(f"للاستفسار، يُرجى مراسلتنا على {support} مع ذكر المرجع: {breach.code_ar}.")
    return {
        "en": DraftText("Notice about your Souk El-Sayarat account", tuple(english)),
        "ar": DraftText("إشعار بشأن حسابكم في سوق السيارات", tuple(arabic)),
    }
