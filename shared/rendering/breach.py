"""What is said about a breach: to the team in its channel with everything, elsewhere with the code name alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from shared.domain.breaches import Breach, Reminded
from shared.domain.bulletins import BulletinText
from shared.domain.restricted import ResponseTeam, public_title, public_title_ar
from shared.domain.signals import Signal
from shared.rendering.view import cairo, span

Texts = Mapping[str, BulletinText]
# What follows from every breach, whatever it was; details belong into the team's own tracker.
DRILL = ("DRILL", "تدريب")
PREVENTION = (
    "Rotate every secret and key that may have been seen",
    "Review who may do what (IAM, Firestore rules, groups) and take away what nobody needs",
    "Patch what let it happen, and prove it by a test",
    "Add a rule that would have seen it earlier",
    "Rehearse this procedure with what was learned",
)


def neutral_title(breach: Breach, locale: str = "en") -> str:
    """The public title in the reader's language; a drill says that it is one."""
    title = public_title_ar(breach.incident) if locale == "ar" else public_title(breach.code)
    return f"{DRILL[locale == 'ar']}: {title}" if breach.is_drill else title


def proposal(incident: str, signal: Signal) -> Texts:
    """For the restricted channel: something may be a breach, and how to say so."""
    return {
        "en": BulletinText(
            f"Is {incident} a data breach?",
            (
                signal.title,
                signal.summary,
                f"Seen at {cairo(signal.occurred_at)}. If it is one, the 72 hours count from there.",
                f"Declare it: /incident breach {incident}",
            ),
        ),
        "ar": BulletinText(
            f"هل {incident} اختراق للبيانات؟",
            (
                signal.title,
                signal.summary,
                f"رُصد في {cairo(signal.occurred_at, 'ar')}. إن كان كذلك فمهلة 72 ساعة تبدأ من هذا الوقت.",
                f"للإعلان: /incident breach {incident}",
            ),
        ),
    }


def reminder_inside(breach: Breach, due: Reminded, team: ResponseTeam, now: datetime) -> Texts:
    """For the restricted channel: what the clock says, and what stops it."""
    stop = f"/incident breach reported {breach.code.lower().replace(' ', '-')}"
    if due.is_overdue:
        return {
            "en": BulletinText(
                f"{neutral_title(breach)}: the report to the regulator is overdue",
                (
                    f"72 hours since detection ended at {cairo(breach.regulator_at)}.",
                    f"To be told: {team.regulator or 'see breach.yaml'}. Say why it is late, and report now.",
                    f"When it is done: {stop}",
                ),
            ),
            "ar": BulletinText(
                f"{neutral_title(breach, 'ar')}: تأخر الإبلاغ إلى الجهة الرقابية",
                (f"انتهت مهلة 72 ساعة في {cairo(breach.regulator_at, 'ar')}.", f"بعد الإبلاغ: {stop}"),
            ),
        }
    left = breach.regulator_at - now
    return {
        "en": BulletinText(
            f"{neutral_title(breach)}: {due.hours} h since detection, {span(left)} left to report",
            (
                f"Detected {cairo(breach.detected_at)}; the report is due {cairo(breach.regulator_at)}.",
                f"To be told: {team.regulator or 'see breach.yaml'}.",
                f"When it is done: {stop}",
            ),
        ),
        "ar": BulletinText(
            f"{neutral_title(breach, 'ar')}: مضت {due.hours} ساعة على الرصد، والمتبقي للإبلاغ {span(left, 'ar')}",
            (f"موعد الإبلاغ {cairo(breach.regulator_at, 'ar')}.", f"بعد الإبلاغ: {stop}"),
        ),
    }


def reminder_outside(breach: Breach, due: Reminded, now: datetime) -> Texts:
    """For the team's own telephones and mail: that they are needed, and not for what."""
    left = max(breach.regulator_at - now, timedelta(0))
    en = "a deadline has passed" if due.is_overdue else f"a deadline is in {span(left)}"
    ar = "انقضى موعد" if due.is_overdue else f"يحل موعد بعد {span(left, 'ar')}"
    return {
        "en": BulletinText(f"{neutral_title(breach)}: {en}", ("Look into the team's channel.",)),
        "ar": BulletinText(f"{neutral_title(breach, 'ar')}: {ar}", ("راجع قناة الفريق.",)),
    }


def told_inside(title: str, lines: Sequence[str]) -> Texts:
    """What the restricted channel is told in passing; it is read in English by everybody who works there."""
    return {"en": BulletinText(title, tuple(lines))}


def notice_outside(breach: Breach) -> Texts:
    """For one person whom the procedure needs, such as legal: the code name and where to look."""
    en, ar = neutral_title(breach), neutral_title(breach, "ar")
    return {
        "en": BulletinText(f"{en}: you are needed in the team's channel", ("Confirm there that you have seen this.",)),
        "ar": BulletinText(f"{ar}: نحتاج إليك في قناة الفريق", ("أكد الاطلاع هناك.",)),
    }
