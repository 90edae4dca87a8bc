"""A class year: every column of its students' file, and the counselors who keep it."""

from dataclasses import dataclass

import numpy as np

from placement.demo.province.draws import Flags, Ints, Texts, digits, draw, rank_within, texts
from placement.demo.province.hardship import (
    ETHNIC,
    HARDSHIP,
    RURAL,
    Hardship,
    draw_hardship,
    without_pending_basis,
)
from placement.demo.province.origins import draw_divisions, draw_origins
from placement.demo.province.people import (
    FEMALE,
    MALE,
    Contacts,
    draw_birthdays,
    draw_ethnic_groups,
    draw_names,
    make_contacts,
    make_id_numbers,
)
from placement.demo.province.schools import DEMO_SCHOOL, Places, all_schools, place_students

DEMO_COUNSELOR = "counselor"
"""The user name of the counselor's account of the demo; her caseload is in the current class."""

CASELOAD = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class CounselorAccount:
    """An account that has to exist before the students' file names it (column FDY)."""

    username: str
    display_name: str
    staff_number: str
    university: str
    class_year: int
    caseload: int
    """How many students of the files name it."""
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Columns of a class year, one element a student, by university, college, major and class.

    `registered` says who is in the register once the lists are confirmed; `counselor` counts in
    `counselors`.
    """

    class_year: int
    registered: Flags
    places: Places
    hardship: Hardship
    sex: Ints
    ethnic: Texts
    origin: Texts
    division: Texts
    name: Texts
    id_number: Texts
    student_number: Texts
    examinee_number: Texts
    contacts: Contacts
    counselor: Ints
    counselors: tuple[CounselorAccount, ...]

    def __len__(self) -> int:
        """Count the students of the class year, those in no category too."""
        return len(self.registered)

    @property
    def university(self) -> Texts:
        """The national code of each student's university."""
        return texts([school.code for school in all_schools()])[self.places.school]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortOrder:
    """What a class year is made of: `counts` students a university, `registered` of them all.

    `first_serial` is where its student numbers begin, so that two class years never share one;
    `first_person` how many people of the province were made before. Of a class that
    `is_under_way` one partner list waits for decisions.
    """

    class_year: int
    counts: Ints
    registered: int
    seed: int
    first_serial: int
    first_person: int
    is_under_way: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A class year whose ID numbers are not yet given: they are unique over all classes."""

    order: CohortOrder
    rng: np.random.Generator
    places: Places
    registered: Flags
    hardship: Hardship
    sex: Ints
    ethnic: Texts


def make_cohorts(*orders: CohortOrder) -> tuple[Cohort, ...]:
    """Make class years whose people have ID numbers that no two share, in the order given.

    What a class year is made of depends on its own order alone, and its ID numbers on those
    before it: the history is the same on any day.
    """
    drafts = [_draft(order) for order in orders]
    birthdays = [
        draw_birthdays(draft.rng, draft.places.level, draft.order.class_year) for draft in drafts
    ]
    numbers = make_id_numbers(
        np.concatenate(birthdays), np.concatenate([draft.sex for draft in drafts])
    )
    ends = np.cumsum([len(draft.sex) for draft in drafts])[:-1]
    return tuple(
        _finish(draft, own) for draft, own in zip(drafts, np.split(numbers, ends), strict=True)
    )


def _draft(order: CohortOrder) -> _Draft:
    rng = np.random.default_rng([order.seed, 3, order.class_year])
    places = place_students(order.seed, order.counts, order.class_year)
    size = len(places.school)
    registered = np.zeros(size, dtype=np.bool_)
    registered[_spread(rng, places.school, order.registered)] = True
    hardship = draw_hardship(rng, registered)
    if order.is_under_way:
        hardship = without_pending_basis(hardship)
    return _Draft(
        order=order,
        rng=rng,
        places=places,
        registered=registered,
        hardship=hardship,
        sex=np.where(rng.random(size) < 0.53, FEMALE, MALE).astype(np.int64),
        ethnic=draw_ethnic_groups(rng, hardship.has(ETHNIC)),
    )


def _spread(rng: np.random.Generator, school: Ints, count: int) -> Ints:
    """Choose `count` students so that every university has some while there are enough."""
    order = rng.permutation(len(school))
    order = order[np.argsort(rank_within(school[order]) > 0, kind="stable")]
    if count < len(all_schools()):
        order = rng.permutation(len(school))
    return order[:count]


def _finish(draft: _Draft, id_numbers: Texts) -> Cohort:
    order, rng, places, hardship = draft.order, draft.rng, draft.places, draft.hardship
    size = len(places.school)
    rural = hardship.has(RURAL)
    counselor, counselors = _assign(rng, places, order)
    serial = order.first_serial + 1 + rank_within(places.school)
    person = order.first_person + np.arange(size)
    return Cohort(
        class_year=order.class_year,
        registered=draft.registered,
        places=places,
        hardship=hardship,
        sex=draft.sex,
        ethnic=draft.ethnic,
        origin=draw_origins(rng, rural),
        division=draw_divisions(
            rng,
            rural=rural,
            poor=hardship.has(HARDSHIP),
            ethnic=draft.ethnic,
            year=order.class_year,
        ),
        name=draw_names(rng, draft.ethnic, draft.sex),
        id_number=id_numbers,
        student_number=digits(places.entry_year * 100_000 + serial),
        examinee_number=digits(
            places.entry_year % 100 * 10**12 + 35 * 10**10 + 2_100_000_000 + person
        ),
        contacts=make_contacts(rng, order.first_person, size),
        counselor=counselor,
        counselors=counselors,
    )


def _assign(
    rng: np.random.Generator, places: Places, order: CohortOrder
) -> tuple[Ints, tuple[CounselorAccount, ...]]:
    """Cut each university's students, who stand by college and class, into caseloads."""
    counts = np.bincount(places.school, minlength=len(all_schools()))
    keepers = np.maximum(1, np.round(counts / CASELOAD).astype(np.int64))
    keepers[counts == 0] = 0
    first = np.cumsum(keepers) - keepers
    in_school = rank_within(places.school) * keepers[places.school] // counts[places.school]
    counselor = first[places.school] + in_school
    caseloads = np.bincount(counselor, minlength=int(keepers.sum()))
    schools = np.repeat(np.arange(len(counts)), keepers)
    names = _counselor_names(rng, len(schools))
    accounts = tuple(
        CounselorAccount(
            username=_username(order, school, number),
            display_name=name,
            staff_number=f"{all_schools()[school].code}{order.class_year}{number:02d}",
            university=all_schools()[school].code,
            class_year=order.class_year,
            caseload=caseload,
            phone=f"0591-0000{number:02d}{school:02d}",
        )
        for school, number, name, caseload in zip(
            schools.tolist(),
            (rank_within(schools) + 1).tolist(),
            names.tolist(),
            caseloads.tolist(),
            strict=True,
        )
    )
    return counselor, accounts


def _username(order: CohortOrder, school: int, number: int) -> str:
    code = all_schools()[school].code
    if order.is_under_way and code == DEMO_SCHOOL and number == 1:
        return DEMO_COUNSELOR
    return f"fdy{code}-{order.class_year % 100:02d}{number:02d}"


def _counselor_names(rng: np.random.Generator, size: int) -> Texts:
    sex = draw(rng, [0.4, 0.6], size) + MALE
    return draw_names(rng, texts(["01"] * size), sex)
