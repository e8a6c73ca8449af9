"""The words for duties and the weekly notice, in English and Arabic."""

from shared.domain.duties import DutyOutcome

_EN = {
    "comma": ", ",
    "semicolon": "; ",
    "nobody": "nobody ({name} is told)",
    "from_until": "{who}: {start} to {end}",
    "until": "{who}: until {end}",
    "changed": "On call in {rotation}: a change",
    "relieved": "Relieved: {names}",
    "asked_by": "Asked for by {name}",
    "week": "On call from {start} to {end}",
    "gap": "Attention, nobody is on call: {start} to {end}. {name} is told instead; fill the gap.",
    "more": "and {count} more",
    "shared": "Hours on call in the last four weeks, and in the next four",
    "load": "{who}: {before}; {after}",
    "hours": "{total} ({nights} at night, {weekends} on Friday and Saturday)",
    "to_change": "To swap a turn: /incident take in Slack, or soukmon oncall take.",
    "calendar": "On call",
    "on_call": "On call: {rotation}",
    "on_call_who": "{rotation}: {who}",
}
_AR = {
    "comma": "، ",
    "semicolon": "؛ ",
    "nobody": "لا أحد (يُبلَّغ {name} بدلاً منه)",
    "from_until": "{who}: من {start} إلى {end}",
    "until": "{who}: حتى {end}",
    "changed": "تغيير في مناوبة {rotation}",
    "relieved": "انتهت مناوبة: {names}",
    "asked_by": "بطلب من {name}",
    "week": "المناوبة من {start} إلى {end}",
    "gap": "تنبيه، لا يوجد مناوب: من {start} إلى {end}. يُبلَّغ {name} بدلاً منه؛ يُرجى سد الفراغ.",
    "more": "و{count} غيرها",
    "shared": "ساعات المناوبة في الأسابيع الأربعة الماضية، ثم القادمة",
    "load": "{who}: {before}؛ {after}",
    "hours": "{total} (منها {nights} ليلاً و{weekends} يومي الجمعة والسبت)",
    "to_change": "لتبديل مناوبة: الأمر /incident take في Slack، أو soukmon oncall take.",
    "calendar": "المناوبات",
    "on_call": "مناوبة: {rotation}",
    "on_call_who": "{rotation}: {who}",
}

# What became of a wish: English, Arabic.
OUTCOMES = {
    DutyOutcome.TAKEN: ("Taken over in {rotation}.", "تم تسلّم مناوبة {rotation}."),
    DutyOutcome.SWAPPED: ("Swapped in {rotation}.", "تم تبديل مناوبة {rotation}."),
    DutyOutcome.CANCELLED: ("Given back in {rotation}.", "عادت مناوبة {rotation} إلى ما كانت عليه."),
    DutyOutcome.UNKNOWN_ROTATION: (
        "There is no rotation {rotation}; there are: {rotations}.",
        "لا توجد مناوبة باسم {rotation}؛ المتاح: {rotations}.",
    ),
    DutyOutcome.UNKNOWN_PERSON: (
        "There is nobody of that name in oncall.yaml.",
        "لا يوجد شخص بهذا الاسم في oncall.yaml.",
    ),
    DutyOutcome.NOT_ENTITLED: (
        "Observers are told but are never on call; nothing was changed.",
        "المراقبون يُبلَّغون فقط ولا يناوبون؛ لم يتغير شيء.",
    ),
    DutyOutcome.UNREACHABLE: (
        "No channel reaches this person at present; nothing was changed.",
        "لا توجد وسيلة تصل إلى هذا الشخص حالياً؛ لم يتغير شيء.",
    ),
    DutyOutcome.BACKWARDS: ("The end has to come after the start.", "يجب أن تكون النهاية بعد البداية."),
    DutyOutcome.OVER: ("That time is over already.", "هذا الوقت قد مضى."),
    DutyOutcome.TOO_LONG: (
        "That is longer than 14 days; change the rotation in oncall.yaml instead.",
        "المدة تتجاوز 14 يوماً؛ يُرجى تعديل المناوبة في oncall.yaml بدلاً من ذلك.",
    ),
    DutyOutcome.ALREADY_THEIRS: (
        "The same person has it then already; nothing was changed.",
        "المناوبة في هذا الوقت للشخص نفسه بالفعل؛ لم يتغير شيء.",
    ),
    DutyOutcome.NOBODY_THERE: (
        "Nobody is on call then; take the duty over instead.",
        "لا يوجد مناوب في هذا الوقت؛ يمكن تسلّم المناوبة بدلاً من التبديل.",
    ),
    DutyOutcome.NOTHING_TAKEN: (
        "Nothing was taken over for that time; what stands in oncall.yaml is changed there.",
        "لم تُسلَّم أي مناوبة لهذا الوقت؛ ما هو مكتوب في oncall.yaml يُعدَّل هناك.",
    ),
}


def duty_words(locale: str) -> dict[str, str]:
    """The words of a locale; anything but "ar" reads English."""
    return _AR if locale == "ar" else _EN
