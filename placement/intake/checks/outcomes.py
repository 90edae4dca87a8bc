"""The outcomes' file: where students went, one row an outcome."""

from placement.intake.checks import messages
from placement.intake.checks.affiliation import read_universities
from placement.intake.checks.draft import Checked, Draft, Options
from placement.intake.checks.identity import read_employer_code, read_id
from placement.intake.checks.problems import MISSING, Fault
from placement.intake.checks.students import CONTRADICTION, read_division
from placement.intake.checks.values import (
    code_reader,
    read_date,
    read_name,
    read_number,
    text_reader,
)
from placement.intake.spreadsheets import Table
from placement.reference import destinations, employer_natures, industries, positions

NO_EMPLOYER = "no_employer"
_WITH_EMPLOYER = ("10", "11")


def check_outcomes(table: Table, options: Options) -> Checked:
    """Check an outcomes' file.

    `university` stays None where neither row nor options say it: the student
    number then has to be the only one. `effective_on` is a date or None. Two
    rows for the same student and day are one outcome.
    """
    draft = Draft(table, options)
    read_person(draft)
    draft.read("name", read_name)
    codes = draft.read("code", code_reader(destinations.find), needed=True)
    employers = draft.read("employer", text_reader())
    draft.read("employer_code", read_employer_code)
    draft.read("industry", code_reader(industries.find))
    draft.read("employer_nature", code_reader(employer_natures.find))
    draft.read("employer_division", read_division)
    draft.read("position", code_reader(positions.find))
    draft.read("effective_on", read_date)
    _caution_codes(draft, codes, employers)
    draft.settle_duplicates(
        "effective_on",
        [
            None if person is None else (person, day)
            for person, day in zip(person_keys(draft), draft.columns["effective_on"], strict=True)
        ],
    )
    return draft.finish()


def read_person(draft: Draft) -> None:
    """Read who a row is about: a student number with its university, or an ID number."""
    draft.read("student_number", read_number)
    draft.refuse_numbers("student_number", digits=15)
    draft.refuse_numbers("id_number")
    draft.read("id_number", _read_any_id)
    texts = list(zip(draft.texts("student_number"), draft.texts("id_number"), strict=True))
    for place, (number_text, id_text) in enumerate(texts):
        if not number_text and not id_text:
            draft.fail(place, "student_number", Fault(MISSING, messages.MISSING_PERSON))
    read_universities(draft, needed=False)


def _read_any_id(text: str) -> str | Fault:
    """Read an ID number of whatever paper: with 18 signs it has to be a resident number."""
    found = read_id(text)
    if isinstance(found, Fault) and len(text.strip()) < 15:
        found = read_id(text, "passport")
    return found if isinstance(found, Fault) else found.number


def person_keys(draft: Draft) -> list[tuple[object, ...] | None]:
    """Return what tells the student of each row from others within the file."""
    columns = draft.columns
    keys: list[tuple[object, ...] | None] = []
    for university, number, id_number in zip(
        columns["university"], columns["student_number"], columns["id_number"], strict=True
    ):
        if number is not None:
            keys.append((university, number))
        else:
            keys.append(None if id_number is None else (id_number,))
    return keys


def _caution_codes(draft: Draft, codes: list[str | None], employers: list[str | None]) -> None:
    for code in destinations.CONTRADICTS_GRADUATION:
        places = [place for place, found in enumerate(codes) if found == code]
        if places:
            draft.caution(
                places,
                "code",
                CONTRADICTION,
                messages.CAUTION_STILL_ENROLLED,
                value=code,
                destination=code,
            )
    for code in _WITH_EMPLOYER:
        places = [
            place
            for place, found in enumerate(codes)
            if found == code and not employers[place] and not draft.is_bad(place)
        ]
        if places:
            draft.caution(
                places,
                "employer",
                NO_EMPLOYER,
                messages.CAUTION_NO_EMPLOYER,
                value=code,
                destination=code,
            )
