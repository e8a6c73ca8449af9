"""Code names: two neutral words that stand for a restricted incident wherever people outside its team look."""

from dataclasses import dataclass
from hashlib import blake2b

# A word and its Arabic twin. None of them says anything about computers, people or faults.
_FIRST = (
    ("AMBER", "الكهرماني"), ("AZURE", "اللازوردي"), ("BRONZE", "البرونزي"), ("CALM", "الهادئ"),
    ("CEDAR", "الأرزي"), ("COPPER", "النحاسي"), ("CORAL", "المرجاني"), ("CRIMSON", "القرمزي"),
    ("DISTANT", "البعيد"), ("EARLY", "الباكر"), ("EASTERN", "الشرقي"), ("EMERALD", "الزمردي"),
    ("GENTLE", "اللطيف"), ("GOLDEN", "الذهبي"), ("GRANITE", "الجرانيتي"), ("HIGHLAND", "الجبلي"),
    ("INDIGO", "النيلي"), ("IVORY", "العاجي"), ("LUNAR", "القمري"), ("MARBLE", "الرخامي"),
    ("MELLOW", "الرخيم"), ("NORTHERN", "الشمالي"), ("OLIVE", "الزيتوني"), ("PATIENT", "الصبور"),
    ("PEARL", "اللؤلؤي"), ("SANDY", "الرملي"), ("SILVER", "الفضي"), ("SOUTHERN", "الجنوبي"),
    ("SUNNY", "المشمس"), ("VIOLET", "البنفسجي"), ("WESTERN", "الغربي"), ("WINTRY", "الشتوي"),
)  # fmt: skip
_SECOND = (
    ("BADGER", "الغرير"), ("BEAVER", "القندس"), ("BISON", "البيسون"), ("CRANE", "الكركي"),
    ("CURLEW", "الكروان"), ("DOLPHIN", "الدلفين"), ("EAGLE", "العقاب"), ("FALCON", "الصقر"),
    ("FINCH", "الحسون"), ("FLAMINGO", "النحام"), ("GAZELLE", "الغزال"), ("HARE", "الأرنب"),
    ("HEDGEHOG", "القنفذ"), ("HERON", "البلشون"), ("HOOPOE", "الهدهد"), ("IBEX", "الوعل"),
    ("JACKAL", "ابن آوى"), ("LARK", "القبر"), ("LEOPARD", "الفهد"), ("LYNX", "الوشق"),
    ("MARTEN", "الدلق"), ("ORYX", "المها"), ("OTTER", "القضاعي"), ("OWL", "البوم"),
    ("PELICAN", "البجع"), ("PLOVER", "الزقزاق"), ("ROBIN", "أبو الحناء"), ("SPARROW", "العصفور"),
    ("STARLING", "الزرزور"), ("STORK", "اللقلق"), ("SWIFT", "السمام"), ("TORTOISE", "السلحفي"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeName:
    """The name in both languages: "AMBER HERON" and its Arabic twin, the noun first."""

    en: str
    ar: str


def code_name(of: str) -> CodeName:
    """The name that follows from an id; the same id always has the same."""
    first, second = blake2b(of.encode(), digest_size=2).digest()
    adjective, noun = _FIRST[first % len(_FIRST)], _SECOND[second % len(_SECOND)]
    return CodeName(f"{adjective[0]} {noun[0]}", f"{noun[1]} {adjective[1]}")


def as_typed(text: str) -> str:
    """A name as somebody types it ("amber-heron") in the form that is kept."""
    return " ".join(text.replace("-", " ").replace("_", " ").upper().split())
