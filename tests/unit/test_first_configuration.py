"""What `soukmon init` writes: answers that are checked as they come, and files that keep their comments."""

from datetime import date

import click
import pytest
import yaml

from shared.cli import answers
from shared.cli.splicing import replaced, without
from shared.cli.starting import Answers, configuration_of
from shared.config.loader import PACKAGED, load

TEXT = """# head
name: ""  # why
people:
  # about Mona
  mona: {email: a@b.eg}  # hers
  omar:
    email: c@d.eg
# tail
links: {site: "", api: "https://x"}
#
# Examples only.
# Remove them.
demo: true
last: 1
"""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("name",), "سوق: السيارات # 1"),
        (("people",), {"نور": {"email": "n@s.eg", "roles": ["a"]}}),
        (("people",), {"nour": {"email": "n@s.eg"}}),
        (("people", "omar", "email"), "e@f.eg"),
        (("links", "site"), "https://souk.eg/?a=1,b={2}"),
        (("links",), {}),
        (("last",), [{"name": "a", "hours": "24/7"}, {"name": "b", "hours": "09:00-21:00"}]),
        (("last",), ["person:a", "b"]),
        (("last",), {"one": 1}),
    ],
)
def test_only_the_value_changes_and_every_comment_outside_it_stays(path, value):
    new = replaced(TEXT, path, value)
    wanted = yaml.safe_load(TEXT)
    place = wanted
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    assert yaml.safe_load(new) == wanted
    assert [c in new for c in ("# head", "# why", "# tail", "# Examples only.")] == [True] * 4


def test_a_key_goes_with_the_comment_right_above_it():
    new = without(TEXT, ("demo",))
    assert new == TEXT.replace("#\n# Examples only.\n# Remove them.\ndemo: true\n", "")
    assert without(new, ("demo",)) == new


def test_a_key_that_is_not_there_is_named():
    with pytest.raises(LookupError, match=r"there is no people.nobody to write over"):
        replaced(TEXT, ("people", "nobody"), 1)


@pytest.mark.parametrize(
    ("read", "text", "kept"),
    [
        (answers.phone, "0100 123 4567", "+201001234567"),
        (answers.phone, "٠١٠٠١٢٣٤٥٦٧", "+201001234567"),
        (answers.phone, "+44 7400 123456", "+447400123456"),
        (answers.any_phone, "02 27350000", "+20227350000"),
        (answers.name, "  نور   حسن ", "نور حسن"),
        (answers.slack_channel, "https://souk.slack.com/archives/C012AB3CD", "C012AB3CD"),
        (answers.slack_channel, "https://app.slack.com/client/T01AB/G012AB3CD?x=1", "G012AB3CD"),
        (answers.slack_user, "", ""),
        (answers.time_zone, "Asia/Riyadh", "Asia/Riyadh"),
        (answers.project, "", ""),
        (answers.language, " AR ", "ar"),
        (answers.sender, "سوق <alerts@souk.eg>", "سوق <alerts@souk.eg>"),
    ],
)
def test_an_answer_is_kept_as_the_files_write_it(read, text, kept):
    assert read(text) == kept


@pytest.mark.parametrize(
    ("read", "text", "teaches"),
    [
        (answers.phone, "12", "with its country code: +201001234567"),
        (answers.phone, "nonsense", "is not a telephone number that exists"),
        (answers.phone, "+20227350000", "is a landline and gets no texts"),
        (answers.phone, "+201000000001", "is an example and reaches nobody"),
        (answers.e_mail, "nour at souk", "write an address such as nour@souk.eg"),
        (answers.e_mail, "nour@souk.example", "is an example and reaches nobody"),
        (answers.sender, "alerts", "Souk alerts <alerts@example.org>"),
        (answers.name, " ", "or نور حسن"),
        (answers.name, "nour@souk.eg", "without an address"),
        (answers.name, "TBD", "write the real name"),
        (answers.slack_channel, "#incidents", "channel > About > Channel ID"),
        (answers.slack_channel, "incidents", "or its link"),
        (answers.slack_user, "@nour", "Copy member ID"),
        (answers.address, "souk.eg", "write for example https://"),
        (answers.address, "http://souk.eg", "write for example https://"),
        (answers.address, "https://localhost", "write for example https://"),
        (answers.address, "https://souk.example/", "is an example"),
        (answers.time_zone, "Africa/Kairo", "write Africa/Cairo"),
        (answers.project, "Souk Prod", "such as souk-staging"),
        (answers.language, "english", "write en (English) or ar (Arabic)"),
        (answers.person, "Nour, nour@souk.eg", "has 2 of the parts NAME, E-MAIL, PHONE, LANGUAGE"),
    ],
)
def test_a_refused_answer_says_what_to_write_instead(read, text, teaches):
    with pytest.raises(click.BadParameter) as refusal:
        read(text)
    assert teaches in str(refusal.value)


PEOPLE = ("نور حسن, nour.hassan@souk.eg, 01001234567, ar", "Omar Zaki، omar@souk.eg، +201212345678، en، U012AB3CD")


def told(**changes):
    given = {
        "people": tuple(map(answers.person, PEOPLE)),
        "team": "Souk alerts",
        "slack_channel": "C012AB3CD",
        "breach_channel": "G012AB3CD",
        "support": "help@souk.eg",
        "sender": "alerts@souk.eg",
        "emergency_phone": "",
        "site": "https://souk.eg/",
        "api": "https://api.souk.eg/health",
        "accounts": "",
        "time_zone": "Africa/Cairo",
        "project": "",
        "regulator": "Personal Data Protection Center (Egypt)",
    }
    return Answers(**given | changes)


def loaded(home, **changes):
    texts = configuration_of(told(**changes), today=date(2026, 12, 1))
    for name, text in texts.items():
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    return load(home), texts


def test_the_answers_stand_where_the_examples_stood(tmp_path):
    made, texts = loaded(
        tmp_path, accounts="https://souk.eg/sign-in", emergency_phone="+20227350000", project="my-souk"
    )
    people = made.directory.people
    assert (people["nour_hassan"].name, people["nour_hassan"].locale) == ("نور حسن", "ar")
    assert (people["omar"].phone, people["omar"].slack_user) == ("+201212345678", "U012AB3CD")
    assert made.directory.rotations["secondary"].people == ("omar", "nour_hassan")
    assert made.directory.rotations["primary"].base.first_day == date(2026, 11, 29)
    assert made.email_from == "Souk alerts <alerts@souk.eg>"
    assert [way.address for way in made.support] == ["help@souk.eg", "+20227350000", "in the app"]
    assert [probe.url for probe in made.status.probes.values()] == [
        "https://souk.eg/", "https://api.souk.eg/health", "https://souk.eg/sign-in"]  # fmt: skip
    assert "my-souk:live" in texts["services.yaml"]
    assert not made.demo_contacts


def test_no_example_of_the_packaged_files_is_left(tmp_path):
    _, texts = loaded(tmp_path)
    values = "\n".join(
        line for name, text in texts.items() if name.endswith(".yaml")
        for line in text.splitlines() if not line.lstrip().startswith("#")
    )  # fmt: skip
    names = yaml.safe_load((PACKAGED / "oncall.yaml").read_text(encoding="utf-8"))["people"]
    left = [word for word in ("DEMO", ".example", "souk-el-syarat.com", "+2010000000") if word in values]
    assert left + [name for name in names if f"{name}," in values or f":{name}" in values] == []


def test_without_an_address_for_signing_in_nobody_claims_to_look_at_it(tmp_path):
    made, _ = loaded(tmp_path)
    assert list(made.status.probes) == ["website", "api"]
    assert made.status.components["accounts"].probes == ()


def test_the_comments_of_every_file_are_kept(tmp_path):
    _, texts = loaded(tmp_path)
    packaged = (PACKAGED / "channels.yaml").read_text(encoding="utf-8")
    outside = [line for line in packaged.splitlines() if line.startswith("#")]
    assert [line for line in outside if line not in texts["channels.yaml"]] == []


def test_two_people_with_one_name_before_the_at_get_ids_of_their_own(tmp_path):
    people = ("A, info@a.eg, 01001234567, en", "B, info@b.eg, 01212345678, en", "C, 7@c.eg, 01112345678, en")
    made, _ = loaded(tmp_path, people=tuple(map(answers.person, people)))
    assert set(made.directory.people) >= {"info", "info_2", "person_7"}
