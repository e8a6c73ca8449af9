"""Egypt's governorates in both languages, however Google Analytics spells them."""

import re

from shared.rendering.escaping import isolated, one_line

REGIONS = {
    "abroad": ("Abroad", "خارج مصر"),
    "unknown": ("Unknown", "غير معروف"),
    "alexandria": ("Alexandria", "الإسكندرية"),
    "aswan": ("Aswan", "أسوان"),
    "asyut": ("Asyut", "أسيوط"),
    "beheira": ("Beheira", "البحيرة"),
    "beni suef": ("Beni Suef", "بني سويف"),
    "cairo": ("Cairo", "القاهرة"),
    "dakahlia": ("Dakahlia", "الدقهلية"),
    "damietta": ("Damietta", "دمياط"),
    "faiyum": ("Faiyum", "الفيوم"),
    "gharbia": ("Gharbia", "الغربية"),
    "giza": ("Giza", "الجيزة"),
    "ismailia": ("Ismailia", "الإسماعيلية"),
    "kafr el sheikh": ("Kafr El Sheikh", "كفر الشيخ"),
    "luxor": ("Luxor", "الأقصر"),
    "matrouh": ("Matrouh", "مطروح"),
    "minya": ("Minya", "المنيا"),
    "monufia": ("Monufia", "المنوفية"),
    "new valley": ("New Valley", "الوادي الجديد"),
    "north sinai": ("North Sinai", "شمال سيناء"),
    "port said": ("Port Said", "بورسعيد"),
    "qalyubia": ("Qalyubia", "القليوبية"),
    "qena": ("Qena", "قنا"),
    "red sea": ("Red Sea", "البحر الأحمر"),
    "sharqia": ("Sharqia", "الشرقية"),
    "sohag": ("Sohag", "سوهاج"),
    "south sinai": ("South Sinai", "جنوب سيناء"),
    "suez": ("Suez", "السويس"),
}
SPELLINGS = {
    "assiut": "asyut", "behera": "beheira", "beni sweif": "beni suef", "bani suef": "beni suef",
    "daqahliya": "dakahlia",
    "dumyat": "damietta", "fayoum": "faiyum", "gharbiya": "gharbia", "kafr ash sheikh": "kafr el sheikh",
    "matruh": "matrouh", "marsa matrouh": "matrouh", "menia": "minya", "meniya": "minya", "menofia": "monufia",
    "menoufia": "monufia", "monofia": "monufia", "wadi al gadid": "new valley", "wadi el gedid": "new valley",
    "qaliubiya": "qalyubia", "qalyubiyya": "qalyubia", "sharkia": "sharqia", "sharqiya": "sharqia", "suhaj": "sohag",
}  # fmt: skip
_ARTICLE = re.compile(r"^(?:al|el|ad|as|ash|an) ")


def region_name(name: str, locale: str = "en") -> str:
    """A region for its reader; one that we do not know reads as its source writes it."""
    plain = one_line(name)
    key = _ARTICLE.sub("", plain.lower().replace("-", " ").removesuffix(" governorate"))
    english, arabic = REGIONS.get(SPELLINGS.get(key, key), (plain, isolated(plain)))
    return arabic if locale == "ar" else english
