"""What people read when a channel to somebody is turned off or on again, in both languages."""

from collections.abc import Mapping

from shared.domain.amendments import OffReason
from shared.domain.bulletins import BulletinText
from shared.domain.notifications import Channel
from shared.domain.text_messages import Wish
from shared.rendering.catalogue import recorded

NAMES = {
    Channel.SLACK: ("Slack messages", "رسائل Slack"),
    Channel.EMAIL: ("E-mails", "رسائل البريد الإلكتروني"),
    Channel.SMS: ("Text messages", "الرسائل النصية"),
    Channel.VOICE: ("Calls", "المكالمات"),
    Channel.PUSH: ("Push messages", "الإشعارات"),
}
HOW_BACK = {
    OffReason.STOP: (
        "Send START to our number to get them again, or ask for another number to be entered.",
        "أرسل START إلى رقمنا لتصلك من جديد، أو اطلب تسجيل رقم آخر.",
    ),
    OffReason.REFUSED: (
        "They come again as soon as another address is entered for you.",
        "ستصلك من جديد فور تسجيل عنوان آخر لك.",
    ),
}


ANSWERS = {
    Wish.STOP: (
        "You get no more text messages from Souk El-Sayarat alerts. Send START to get them again.",
        "لن تصلك رسائل نصية من تنبيهات سوق السيارات. أرسل START لتصلك من جديد.",
    ),
    Wish.START: (
        "You get text messages from Souk El-Sayarat alerts again. Send STOP to end them.",
        "ستصلك الرسائل النصية من تنبيهات سوق السيارات من جديد. أرسل STOP لإيقافها.",
    ),
    Wish.UNCLEAR: (
        "This number understands STOP and START. To acknowledge, use the link in the alert.",
        "هذا الرقم يفهم STOP و START فقط. لاستلام البلاغ استخدم الرابط في الرسالة.",
    ),
}


def text_answer(wish: Wish, locale: str) -> str:
    """The text that answers a text message."""
    english, arabic = ANSWERS[wish]
    return arabic if locale == "ar" else english


def told_the_person(channel: Channel, reason: OffReason) -> Mapping[str, BulletinText]:
    """What the person reads, on another channel: alerts no longer reach them there, and how they will again."""
    english, arabic = NAMES[channel]
    return {
        "en": BulletinText(f"{english} no longer reach you", (f"Why: {reason}.", HOW_BACK[reason][0])),
        "ar": BulletinText(f"{arabic} لم تعد تصلك", (f"السبب: {recorded(reason, 'ar')}.", HOW_BACK[reason][1])),
    }


def told_the_lead(name: str, channel: Channel, reason: OffReason, *, others: int) -> Mapping[str, BulletinText]:
    """What the lead reads: whom alerts no longer reach how, and in how many other ways they still do."""
    english, arabic = NAMES[channel]
    return {
        "en": BulletinText(
            f"{english} no longer reach {name}",
            (f"Why: {reason}.", f"Other ways to reach them: {others}. Check who covers their duty."),
        ),
        "ar": BulletinText(
            f"{arabic} لم تعد تصل إلى {name}",
            (f"السبب: {recorded(reason, 'ar')}.", f"طرق أخرى للوصول إليه: {others}. تأكد ممن يغطي مناوبته."),
        ),
    }
