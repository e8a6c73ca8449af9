"""A draft of what customers are told after a breach; a person fills the brackets, and two approve it."""

from collections.abc import Mapping

from shared.domain.breaches import Breach
from shared.rendering.view import cairo_day

_EN = """Subject: Notice about your Souk El-Sayarat account

Dear customer,

On {day} we noticed that somebody who is not entitled to it may have seen information that we keep about you.
What it was: [which information, in plain words; leave out what is not certain].
What it was not: [for example payment cards, which we do not keep].

What we have done: [for example ended all sessions, required new passwords, told the authority].

What you should do: choose a new password when you sign in next, and do not use it anywhere else. If somebody writes to
you in our name and asks for your password, it is not us.

Questions: [address and telephone of somebody who answers them]. Reference: {code}.
"""

_AR = """الموضوع: إشعار بشأن حسابك في سوق السيارات

عميلنا العزيز،

لاحظنا في {day} احتمال وصول طرف غير مخوَّل إلى معلومات نحتفظ بها عنك.
المعلومات المعنية: [ما هي بوضوح؛ لا يُذكر ما ليس مؤكداً].
ما لم يتأثر: [مثل بطاقات الدفع التي لا نحتفظ بها].

ما قمنا به: [مثل إنهاء جميع الجلسات وطلب كلمات مرور جديدة وإبلاغ الجهة المختصة].

المطلوب منك: اختر كلمة مرور جديدة عند تسجيل الدخول التالي، ولا تستخدمها في أي مكان آخر. لن نطلب منك كلمة مرورك أبداً.

للاستفسار: [عنوان وهاتف من يجيب]. المرجع: {code}.
"""


def drafts(breach: Breach) -> Mapping[str, str]:
    """The draft in both languages; nothing in it comes from what was seen, so nothing of it can be told too much."""
    day = cairo_day(breach.detected_at)
    return {"en": _EN.format(day=day, code=breach.code), "ar": _AR.format(day=day, code=breach.code_ar)}
