"""Reasons, cautions and missing reasons: which are given, in which order, and in what words."""

import dataclasses
import inspect
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from placement.jobs import reasons
from placement.jobs.ranking import statements
from placement.jobs.ranking.batch import recommend_all
from placement.jobs.ranking.explain import explain_all, explain_list
from placement.jobs.ranking.facts import Feedback, SeekerFacts
from placement.jobs.ranking.postings import prepare
from placement.jobs.ranking.results import Options
from placement.jobs.ranking.seekers import prepare_seekers
from placement.jobs.ranking.single import recommend_one
from placement.jobs.ranking.weights import Weights
from tests.jobs.ranking_cast import DAY, LIN_MEI, POSTING, TABLES, wishing

CATALOGUE = Path(reasons.__file__).parent.parent / "translations" / "jobs_reasons.zh_Hans_CN.po"
ACCOUNTANT = dataclasses.replace(
    POSTING, majors=("120203",), description="负责报税，使用用友软件", industry="J66"
)


def explained(posting, seeker=LIN_MEI, rule=Weights()):  # noqa: B008 - frozen, never changed
    prepared = prepare([posting], day=DAY, tables=TABLES)
    found = recommend_one(prepared, seeker, options=Options(rule=rule))
    return explain_list(prepared, seeker, found, 0, rule)[0]


def codes(listed):
    return [statement["code"] for statement in listed]


def test_three_reasons_those_that_move_the_score_most_first():
    seeker = wishing(occupations=("2-06-03-00",))

    item = explained(ACCOUNTANT, seeker)

    assert codes(item.reasons) == ["skills", "major", "occupation"]
    assert item.reasons[0]["values"] == {"skills": ["用友", "报税"]}
    assert item.caution is None
    assert item.reasons_missing == []
    assert item.rank == 1
    assert item.parts["salary"] == 1.0
    assert item.parts["industry"] is None
    assert item.parts["adjustment"] == 0.0


def test_weights_decide_the_order():
    item = explained(ACCOUNTANT, rule=Weights(city=0.9, salary=0.8, text=0.1))

    assert codes(item.reasons) == ["city", "salary", "major"]


def test_part_without_weight_is_neither_reason_nor_caution():
    posting = dataclasses.replace(ACCOUNTANT, majors=("080901",))

    item = explained(posting, rule=Weights(major=0.0, city=0.0))

    assert item.caution is None
    assert codes(item.reasons) == ["skills", "salary"]


def test_good_value_without_a_true_sentence_gives_no_reason():
    # Single ideographs in common make the texts alike, yet no skill is named.
    seeker = wishing(skills="税报，友用")
    posting = dataclasses.replace(ACCOUNTANT, description="友，用，税，报", title="")

    item = explained(posting, seeker)

    assert item.parts["text"] > 0.5
    assert "skills" not in codes(item.reasons)


MAJORS = {
    "from-the-occupation": ({}, {}, "major_occupation", {"occupation": "2-06-03-00"}),
    "same-field": ({"majors": ("120101",)}, {"same_field": 0.6}, "major_field", {}),
}


@pytest.mark.parametrize(("posting", "weights", "code", "more"), MAJORS.values(), ids=MAJORS)
def test_reason_of_the_major_says_how_it_is_known(posting, weights, code, more):
    item = explained(dataclasses.replace(POSTING, **posting), rule=Weights(**weights))

    own = {"major": "会计学", "major_code": "120203"}
    assert {"code": code, "values": own | more} in item.reasons


def test_distance_is_not_spoken_of_where_it_is_not_known():
    # Under this rule a city far from every wish is good enough, yet nothing true can be said.
    seeker = dataclasses.replace(wishing(places=("350700",), anywhere=True), home="")

    item = explained(ACCOUNTANT, seeker, rule=Weights(elsewhere=0.6, city=0.9))

    assert "near_home" not in codes(item.reasons)
    assert item.parts["city"] == 0.6


CAUTIONS = {
    "other_major": ({"majors": ("080901",)}, {}),
    "far": ({"city": "350500"}, {"places": ("350700",)}),
    "other_city": ({"city": "350800"}, {"places": ("350700",), "anywhere": True}),
    "low_pay": ({"salary_min": 1000, "salary_max": 2000}, {}),
    "other_occupation": ({}, {"occupations": ("3-01-02-02",)}),
    "other_industry": ({}, {"industries": ("C",)}),
    "few_skills": ({}, {"skills": "护理、急救"}),
}


@pytest.mark.parametrize("code", CAUTIONS)
def test_caution_where_a_part_is_poor(code):
    posting, wishes = CAUTIONS[code]

    item = explained(dataclasses.replace(ACCOUNTANT, **posting), wishing(**wishes))

    assert item.caution is not None
    assert item.caution["code"] == code


def test_one_caution_that_of_the_greatest_loss():
    posting = dataclasses.replace(ACCOUNTANT, salary_min=None, salary_max=1000)

    item = explained(posting, wishing(occupations=("3-01-02-02",)))

    assert item.caution["code"] == "other_occupation"


def test_city_that_the_student_called_far_is_owned_to():
    seeker = dataclasses.replace(
        wishing(places=("350700",)), feedback=Feedback(cities={"350100": 0.3})
    )

    assert explained(ACCOUNTANT, seeker).caution["code"] == "called_far"


def test_reserved_posting_says_for_whom_it_is_kept():
    posting = dataclasses.replace(
        POSTING, reserved_for=frozenset({"disability", "rural_origin"}), salary_max=None
    )
    seeker = dataclasses.replace(
        LIN_MEI, categories=frozenset({"rural_origin"}), major_code="", major_name=""
    )

    item = explained(posting, seeker)

    assert item.reasons[-1] == {"code": "reserved", "values": {"categories": ["rural_origin"]}}
    assert item.parts["care"] is None


def test_fewer_reasons_say_what_the_student_and_the_posting_left_open():
    stranger = SeekerFacts(id=1, level="31", home="350121", wishes=LIN_MEI.wishes)
    silent = dataclasses.replace(POSTING, salary_min=None, salary_max=None, title="")

    item = explained(silent, dataclasses.replace(stranger, home=""))

    assert codes(item.reasons) == ["city"]
    assert item.reasons_missing == [
        {"code": "unstated", "values": {"fields": ["major", "occupations", "industries"]}},
        {"code": "posting_silent", "values": {"fields": ["skills", "salary"]}},
    ]


def test_fewer_reasons_say_what_fits_only_in_part():
    posting = dataclasses.replace(ACCOUNTANT, majors=("120101",), city="350500")

    item = explained(posting, wishing(places=("350700",), skills=""))

    assert codes(item.reasons) == ["salary"]
    weak = next(m for m in item.reasons_missing if m["code"] == "weak")
    assert weak["values"] == {"fields": ["major", "places"]}


def test_everybody_is_explained_as_alone():
    prepared = prepare([ACCOUNTANT], day=DAY, tables=TABLES)
    students = [LIN_MEI, dataclasses.replace(LIN_MEI, id=2, level="")]
    columns = prepare_seekers(students, weights=prepared.weights, tables=TABLES)

    listed = dict(explain_all(prepared, columns, recommend_all(prepared, columns), Weights()))

    assert listed == {1: [explained(ACCOUNTANT)], 2: []}


SENTENCES = {
    ("major", ("会计学", "120203")): "与你的专业（会计学）对口",
    ("skills", ("用友", "报税")): "提到你填写的技能：用友、报税",
    ("city", ("350500", "350500")): "在你的意向城市泉州市",
    ("city", ("350500", "350000")): "在泉州市（你的意向地：福建省）",
    ("near_home", (32,)): "离家约 32 公里",
    ("near_home", (0,)): "离家不到 10 公里",
    ("far", (180,)): "离家约 180 公里",
    ("salary", ((4500.0, 6000.0), 4200.0)): "月薪 4,500–6,000，达到你期望的 4,200",
    ("salary_near", ((4000.0,), 4200)): "月薪 4,000，接近你期望的 4,200",
    ("care", ("无障碍通道",)): "提供你需要的条件：无障碍通道",
    ("reserved", ("family_hardship", "disability")): "本岗位面向家庭困难、残疾毕业生",
    ("unstated", ("skills", "salary")): "补充以下内容，推荐会更合适：技能、薪资",
}
VALUES = {
    "major": lambda major, major_code: {"major": major, "major_code": major_code},
    "skills": lambda *skills: {"skills": list(skills)},
    "city": lambda city, place: {"city": city, "place": place},
    "near_home": lambda km: {"km": km},
    "far": lambda km: {"km": km},
    "salary": lambda pay, wish: {"pay": list(pay), "wish": wish},
    "salary_near": lambda pay, wish: {"pay": list(pay), "wish": wish},
    "care": lambda *accommodations: {"accommodations": list(accommodations)},
    "reserved": lambda *categories: {"categories": list(categories)},
    "unstated": lambda *fields: {"fields": list(fields)},
}


def catalogue():
    with CATALOGUE.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


def in_chinese(message, /, **variables):
    text = catalogue()[message]
    return text % variables if variables else text


def in_english(message, /, **variables):
    return message % variables if variables else message


@pytest.mark.parametrize(("key", "sentence"), SENTENCES.items())
def test_sentence_in_chinese(key, sentence):
    code, given = key
    statement = {"code": code, "values": VALUES[code](*given)}

    words = reasons.describe(statement, in_chinese, reasons.national_names("zh_Hans_CN"))

    assert words == sentence


EXAMPLE = {
    "major": "",
    "major_code": "120203",
    "occupation": "2-06-03-00",
    "wished": "2-06-07-02",
    "skills": ["用友", "报税"],
    "city": "350500",
    "place": "350000",
    "km": 120,
    "pay": [4500, 6000],
    "wish": 4200,
    "industry": "C13",
    "accommodations": ["电梯"],
    "categories": ["disability"],
    "fields": list(statements.WISH_FIELDS.values()),
}


@pytest.mark.parametrize("code", sorted(reasons.CODES))
@pytest.mark.parametrize("translate", [in_chinese, in_english])
def test_every_code_has_a_whole_sentence_in_both_languages(code, translate):
    locale = "en" if translate is in_english else "zh_Hans_CN"

    words = reasons.describe(
        {"code": code, "values": EXAMPLE}, translate, reasons.national_names(locale)
    )

    assert words
    assert "%" not in words
    assert "None" not in words
    if locale != "en":
        assert re.search("[一-鿿]", words)


def test_every_code_of_the_engine_can_be_put_into_words():
    source = inspect.getsource(statements)
    made = set(re.findall(r'_statement\(\s*"(\w+)"', source)) | {"salary", "salary_near"}

    assert made | {"unstated", "posting_silent", "weak"} == reasons.CODES


def test_catalogue_has_every_sentence_and_no_other():
    source = inspect.getsource(reasons)
    used = set(re.findall(r'\b_\(\s*"([^"]+)"', source))

    assert used == set(catalogue())
    assert all(catalogue().values())


def test_code_of_another_version_is_refused():
    with pytest.raises(KeyError):
        reasons.describe({"code": "horoscope", "values": {}}, in_english, str)
