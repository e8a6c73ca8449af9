"""What customers are told of an outage: our own neutral sentences, in English and Arabic, for a person to approve."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.domain.drafts import DraftText
from shared.domain.oncall import CAIRO


def outage_began(since: datetime) -> Mapping[str, DraftText]:
    """Something does not work; nothing is said of why, or of when it will."""
    at = _clock(since)
    return {
        "en": DraftText(
            "Souk El-Sayarat is not fully available",
            (
                "Some of you cannot use Souk El-Sayarat at the moment.",
                f"We noticed it at {at} (Egypt time) and are working on it.",
                "We will write again as soon as we know more. We are sorry for the trouble.",
            ),
        ),
        "ar": DraftText(
            "سوق السيارات غير متاح بالكامل",
            (
                "يتعذر على بعضكم استخدام سوق السيارات في الوقت الحالي.",
                f"لاحظنا ذلك في الساعة {at} (بتوقيت مصر) ونعمل على حله.",
                "سنكتب إليكم مرة أخرى فور معرفة المزيد. نعتذر عن الإزعاج.",
            ),
        ),
    }


def outage_over(since: datetime, until: datetime, *, support: str) -> Mapping[str, DraftText]:
    """It works again; `support` is the address for whoever still sees trouble ("" for none)."""
    first, last = _clock(since), _clock(until)
    english = [
        f"Souk El-Sayarat has been working again since {last} (Egypt time).",
        f"It was not fully available from {first}. We are sorry for the trouble.",
    ]
    arabic = [
        f"عاد سوق السيارات إلى العمل منذ الساعة {last} (بتوقيت مصر).",
        f"لم يكن متاحاً بالكامل منذ الساعة {first}. نعتذر عن الإزعاج.",
    ]
    if support:
        english.append(f"If something still does not work for you, please write to {support}.")
        arabic.append(f"إذا كان هناك ما لا يعمل لديكم، يُرجى مراسلتنا على {support}.")
    return {
        "en": DraftText("Souk El-Sayarat works again", tuple(english)),
        "ar": DraftText("عاد سوق السيارات إلى العمل", tuple(arabic)),
    }


def _clock(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(CAIRO)):%H:%M}"
