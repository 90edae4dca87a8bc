"""The students' file: one row a student of the class year."""

from collections import defaultdict
from collections.abc import Sequence

from placement.intake.checks import messages
from placement.intake.checks.affiliation import read_universities
from placement.intake.checks.draft import Checked, Draft, Options
from placement.intake.checks.identity import Identity
from placement.intake.checks.papers import read_identities
from placement.intake.checks.problems import (
    BAD_FORMAT,
    SEX_CONTRADICTS_ID,
    UNKNOWN_CODE,
    Fault,
)
from placement.intake.checks.values import (
    code_reader,
    read_date,
    read_email,
    read_mobile,
    read_name,
    read_number,
    text_reader,
)
from placement.intake.spreadsheets import Table
from placement.reference import (
    categories,
    divisions,
    ethnic_groups,
    hardship,
    levels,
    origins,
    sexes,
    standings,
)
from placement.reference.folding import fold_code

UNKNOWN_COUNTY = "unknown_county"
IMPLAUSIBLE_AGE = "implausible_age"
NO_MINORITY = "no_minority"
CONTRADICTION = "contradiction"
_AGES = range(15, 61)
_NUMBER_DIGITS = 15
"""A spreadsheet keeps this many digits of a number."""


def check_students(table: Table, options: Options) -> Checked:
    """Check a students' file; derives sex, standing and categories.

    The columns of the answer are those of the contract, with `id_type` filled,
    `standing` an English word, `standing_on` a date or None, and `categories` a
    tuple of English words. A student is one by university and number, and by ID.
    """
    draft = Draft(table, options)
    draft.read("student_number", read_number, needed=True)
    draft.refuse_numbers("student_number", digits=_NUMBER_DIGITS)
    draft.read("examinee_number", read_number)
    draft.read("name", read_name, needed=True)
    identities = read_identities(draft, needed=True)
    _caution_counties(draft, identities)
    _caution_ages(draft, identities)
    _read_sex(draft, identities)
    _read_ethnic_group(draft)
    read_universities(draft, may_add=True)
    for name in ("college", "class_name", "major_code", "major", "counselor"):
        draft.read(name, text_reader())
    _read_level_and_standing(draft)
    _read_origin(draft)
    draft.read("hardship_code", code_reader(hardship.find))
    _read_contacts(draft)
    _derive_categories(draft)
    _settle(draft)
    return draft.finish()


def _caution_counties(draft: Draft, identities: Sequence[Identity | None]) -> None:
    odd: defaultdict[str, list[int]] = defaultdict(list)
    fine: dict[str, bool] = {}
    for place, identity in enumerate(identities):
        if identity is None or identity.county is None:
            continue
        county = identity.county
        if county not in fine:
            fine[county] = _stands(county)
        if not fine[county]:
            odd[county].append(place)
    for county, places in odd.items():
        draft.caution(
            places,
            "id_number",
            UNKNOWN_COUNTY,
            messages.CAUTION_COUNTY,
            value=county,
            county=county,
        )


def _stands(county: str) -> bool:
    division = divisions.get(county)
    permit = county in {"810000", "820000", "830000"}
    return permit or (
        division is not None and division.level == "county" and division.last_year is None
    )


def _caution_ages(draft: Draft, identities: Sequence[Identity | None]) -> None:
    class_year = draft.options.class_year
    if class_year is None:
        return
    odd = [
        place
        for place, identity in enumerate(identities)
        if identity and identity.birth_date and class_year - identity.birth_date.year not in _AGES
    ]
    if odd:
        draft.caution(odd, "id_number", IMPLAUSIBLE_AGE, messages.CAUTION_AGE)


def _read_sex(draft: Draft, identities: Sequence[Identity | None]) -> None:
    given = draft.read("sex", code_reader(sexes.find))
    for place, identity in enumerate(identities):
        if identity is None or identity.sex is None:
            continue
        if given[place] is None:
            given[place] = identity.sex
        elif given[place] != identity.sex:
            draft.fail(
                place,
                "sex",
                Fault(
                    SEX_CONTRADICTS_ID,
                    messages.SEX,
                    {
                        "by_id": sexes.entry(identity.sex),
                        "given": sexes.entry(given[place]),
                    },
                ),
            )


def _read_ethnic_group(draft: Draft) -> None:
    groups = draft.read("ethnic_group", code_reader(ethnic_groups.find), needed=True)
    for code in ("97", "98"):
        places = [place for place, group in enumerate(groups) if group == code]
        if places:
            draft.caution(
                places,
                "ethnic_group",
                NO_MINORITY,
                messages.CAUTION_NOT_MINORITY,
                value=code,
                group=ethnic_groups.entry(code),
            )


def _read_level_and_standing(draft: Draft) -> None:
    found = draft.read("level", _read_level, needed=True)
    given = draft.read("standing", code_reader(standings.find))
    draft.read("standing_on", read_date)
    by_level = [pair[1] if pair else None for pair in found]
    draft.columns["level"] = [pair[0] if pair else None for pair in found]
    draft.columns["standing"] = [
        word if word and word != standings.GRADUATED else implied or word or standings.GRADUATED
        for word, implied in zip(given, by_level, strict=True)
    ]
    odd = [
        place
        for place, (word, implied) in enumerate(zip(given, by_level, strict=True))
        if implied and word == standings.GRADUATED
    ]
    if odd:
        draft.caution(odd, "standing", CONTRADICTION, messages.CAUTION_COMPLETED)


def _read_level(text: str) -> tuple[str, str | None] | Fault:
    found = levels.find(text)
    return Fault(UNKNOWN_CODE, messages.UNKNOWN_CODE) if found is None else found


def _read_origin(draft: Draft) -> None:
    codes = draft.read("origin_division", read_division)
    draft.read("origin", code_reader(origins.find))
    unknown: defaultdict[str, list[int]] = defaultdict(list)
    gone = {code for code in set(codes) if code and divisions.get(code) is None}
    for place, code in enumerate(codes if gone else ()):
        if code in gone:
            unknown[code].append(place)
    for code, places in unknown.items():
        draft.caution(
            places,
            "origin_division",
            UNKNOWN_COUNTY,
            messages.CAUTION_DIVISION,
            value=code,
            division=code,
        )


def read_division(text: str) -> str | Fault:
    """Read a division's code or name; a code without a county is taken if its city is known."""
    code = divisions.find(text)
    if code is not None:
        return code
    digits = fold_code(text)
    if len(digits) == 6 and digits.isdecimal() and divisions.get(divisions.prefecture(digits)):
        return digits
    return Fault(UNKNOWN_CODE, messages.UNKNOWN_CODE)


def _read_contacts(draft: Draft) -> None:
    # A mistyped phone number keeps nobody out of the register; it is left out and shown.
    for name, reader in (("mobile", read_mobile), ("email", read_email)):
        values = draft.read(name, reader)
        texts = draft.texts(name)
        odd = [place for place, text in enumerate(texts) if text and values[place] is None]
        if odd:
            draft.caution(odd, name, BAD_FORMAT, messages.CAUTION_LEFT_OUT)


def _derive_categories(draft: Draft) -> None:
    rows = list(
        zip(
            draft.columns["ethnic_group"],
            draft.columns["origin"],
            draft.columns["hardship_code"],
            strict=True,
        )
    )
    known = {row: derived_categories(*row) for row in set(rows)}
    draft.columns["categories"] = [known[row] for row in rows]


def derived_categories(
    ethnic_group: str | None, origin: str | None, hardship_code: str | None
) -> tuple[str, ...]:
    """Return the categories that the columns put a student in, in the order of the reports."""
    found = set(hardship.categories_of(hardship_code)) if hardship_code else set()
    if ethnic_group and ethnic_groups.is_minority(ethnic_group):
        found.add("ethnic_minority")
    if origin == "rural":
        found.add("rural_origin")
    return tuple(category for category in categories.codes if category in found)


def _settle(draft: Draft) -> None:
    columns = draft.columns
    draft.settle_duplicates(
        "student_number", list(zip(columns["university"], columns["student_number"], strict=True))
    )
    draft.settle_duplicates(
        "id_number", list(zip(columns["id_type"], columns["id_number"], strict=True))
    )
