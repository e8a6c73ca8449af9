"""Where visitors are: Egypt's governorates as Google Analytics writes them, and what it says of everybody else."""

ABROAD, UNKNOWN = "abroad", "unknown"

# In percent of all visitors: by how many live there, how many of them own a car, and how many look for one online.
_SHARES = {
    "Cairo Governorate": 28,
    "Giza Governorate": 15,
    "Alexandria Governorate": 11,
    "Dakahlia Governorate": 5,
    "Qalyubia Governorate": 4,
    "Sharqia Governorate": 4,
    "Gharbia Governorate": 3,
    "Beheira Governorate": 3,
    "Monufia Governorate": 3,
    "Port Said Governorate": 1,
    "Damietta Governorate": 1,
    "Ismailia Governorate": 1,
    "Suez Governorate": 1,
    "Kafr El Sheikh Governorate": 1,
    "Faiyum Governorate": 1,
    "Beni Suef Governorate": 1,
    "Minya Governorate": 1,
    "Asyut Governorate": 1,
    "Sohag Governorate": 1,
    "Qena Governorate": 1,
    "Luxor Governorate": 1,
    "Aswan Governorate": 1,
    "Red Sea Governorate": 1,
    "Matrouh Governorate": 1,
    "New Valley Governorate": 1,
    "North Sinai Governorate": 1,
    "South Sinai Governorate": 1,
    ABROAD: 4,
    UNKNOWN: 2,
}
REGIONS = tuple(name for name, share in _SHARES.items() for _ in range(share))  # one of them at random is a visitor's
