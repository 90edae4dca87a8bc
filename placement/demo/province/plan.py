"""The synthetic province of one day: planned as a whole, made column by column as it is asked for.

Nothing here touches a database: the plan is written as the files that the importers read (`files`
beside this), and what no file carries (accounts, casework, disputes, fairs) is given as plain
values.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from placement import clock
from placement.demo.province.casework import CaseWork, case_work
from placement.demo.province.closures import Closures, close_with_the_year
from placement.demo.province.cohort import (
    DEMO_COUNSELOR,
    Cohort,
    CohortOrder,
    CounselorAccount,
    make_cohorts,
)
from placement.demo.province.draws import Flags, Ints
from placement.demo.province.employers import Employers, make_employers
from placement.demo.province.fairs import FairPlan, make_fairs
from placement.demo.province.gatherings import Guest, draw_guests
from placement.demo.province.hardship import LIST_KINDS
from placement.demo.province.history import Year, live_through
from placement.demo.province.lists import PartnerList, current_lists, history_lists
from placement.demo.province.postings import FEWEST, FULL, Postings, make_postings
from placement.demo.province.progress import (
    CLAIMED,
    LOOKING,
    UNKNOWN,
    DisputePlan,
    Progress,
    draw_disputes,
    progress_until,
    start_of_register,
)
from placement.demo.province.schools import all_schools, school_counts
from placement.demo.province.sizes import HISTORY_YEAR, REGISTERED, Sizes, sizes_for
from placement.demo.province.wishes import Wishes, draw_wishes

DEFAULT_SEED = 2016
_EMPLOYERS = 1_500
_DEMO_CASELOADS = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLogins:
    """Whom the four accounts of the demo are: the student has wishes and is in the caseload."""

    university: str
    university_name: str
    counselor: str
    student_number: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The province on `today`: the class of 2016 as history, the class of this year under way."""

    students: int
    today: dt.date
    seed: int
    sizes: Sizes
    history: Cohort
    current: Cohort

    @property
    def class_year(self) -> int:
        """The class that is under way: that of the year of `today`."""
        return self.today.year

    @property
    def start(self) -> dt.date:
        """The day on which the register of the class under way began."""
        return start_of_register(self.today)

    @property
    def counselors(self) -> tuple[CounselorAccount, ...]:
        """The accounts that have to exist before the students' files are read."""
        return self.history.counselors + self.current.counselors

    @cached_property
    def year(self) -> Year:
        """What became of the class of 2016."""
        return live_through(self.seed, self.history, self.sizes)

    @cached_property
    def history_lists(self) -> tuple[PartnerList, ...]:
        """The partner lists of 2016, in the order in which they came."""
        return history_lists(self.seed, self.history)

    @cached_property
    def current_lists(self) -> tuple[PartnerList, ...]:
        """The partner lists of the class under way; the last one waits for decisions."""
        return current_lists(self.seed, self.current, start=self.start, today=self.today)

    @cached_property
    def employers(self) -> Employers:
        """The made-up employers of outcomes, postings and fairs."""
        return make_employers(self.seed, max(24, self.sizes.scaled(_EMPLOYERS)))

    @cached_property
    def progress(self) -> Progress:
        """Where each student of the class under way stands today."""
        return progress_until(self._rng(8), self.current, self.today)

    @cached_property
    def postings(self) -> Postings:
        """The jobs on offer."""
        count = max(FEWEST, self.sizes.scaled(FULL))
        return make_postings(self._rng(9), self.employers, count, self.today)

    @cached_property
    def wishes(self) -> Wishes:
        """The wishes of those of the class under way who filled in the form."""
        rng = self._rng(10)
        looking = np.isin(self.progress.state.astype(str), [LOOKING, UNKNOWN, CLAIMED])
        filled: Flags = looking & (rng.random(len(looking)) < 0.7)
        filled[self._demo_student] = True
        return draw_wishes(rng, self.current, filled & self.current.registered)

    @cached_property
    def fairs(self) -> tuple[FairPlan, ...]:
        """The fairs of last week and of the coming weeks."""
        return make_fairs(self._rng(11), self.employers, self.postings, self.today)

    @cached_property
    def guests(self) -> tuple[tuple[Guest, ...], ...]:
        """Who signed up for each of the fairs, who came, and what came of it."""
        return draw_guests(
            self._rng(14),
            self.current,
            self.progress,
            self.fairs,
            now=dt.datetime.combine(self.today, dt.time(), tzinfo=clock.ZONE),
            always=self._demo_student,
        )

    @cached_property
    def disputes(self) -> tuple[DisputePlan, ...]:
        """Outcomes of the class under way that their students say are wrong."""
        return draw_disputes(self._rng(12), self.current, self.progress, self.today)

    def casework(self) -> Iterator[CaseWork]:
        """Yield the work of each case of the class under way, by university."""
        return case_work(self._rng(13), self.current, self.progress, self._opened(), self.today)

    @property
    def closures(self) -> Closures:
        """How the cases of the class of 2016 ended."""
        return close_with_the_year(self.history, self.year)

    @cached_property
    def logins(self) -> DemoLogins:
        """Whom the accounts of the demo belong to."""
        row = self._demo_student
        school = all_schools()[self.current.places.school[row]]
        keeper = self.current.counselors[self.current.counselor[row]]
        return DemoLogins(
            university=school.code,
            university_name=school.name,
            counselor=keeper.username,
            student_number=str(self.current.student_number[row]),
        )

    @cached_property
    def _demo_student(self) -> int:
        """Choose who shows the most: in the counselor's caseload, looking, with an address."""
        cohort = self.current
        names = np.asarray([keeper.username for keeper in cohort.counselors])
        points = (
            100 * cohort.registered
            + 40 * (names[cohort.counselor] == DEMO_COUNSELOR)
            + 20 * (self.progress.state == LOOKING)
            + 10 * ((cohort.contacts.email != "") & (cohort.contacts.mobile != ""))
            + 5 * (cohort.hardship.code != 0)
            + 2 * (cohort.hardship.bits > 2)
        )
        return int(np.argmax(points.astype(np.int64)))

    def _opened(self) -> Ints:
        """Return for each student the day from which the register knows them, as an ordinal."""
        cohort = self.current
        opened = np.full(len(cohort), self.start.toordinal(), dtype=np.int64)
        by_list = cohort.registered & (cohort.hardship.code == 0)
        by_list &= (cohort.ethnic == "01") & (cohort.origin != "农村")
        first = np.full(len(cohort), self.today.toordinal(), dtype=np.int64)
        days = {found.kind: found.recorded_on for found in self.current_lists}
        for kind in LIST_KINDS:
            on_list = cohort.hardship.lists[kind]
            first[on_list] = np.minimum(first[on_list], days[kind].toordinal())
        opened[by_list] = first[by_list]
        return opened

    def _rng(self, stream: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, stream, self.students, self.today.toordinal()])


def plan_province(*, students: int = REGISTERED, today: dt.date, seed: int = DEFAULT_SEED) -> Plan:
    """Plan the province for a register of 2016 of `students`, as it is on `today`.

    The same arguments give the same province, to the byte of its files; the class of 2016 does
    not depend on the day.

    Raises ValueError for fewer than 20 students, and for a day before 2018, when the class of
    2016 was hardly history.
    """
    if today.year <= HISTORY_YEAR + 1:
        raise ValueError("The demo is set in 2018 or later.")
    sizes = sizes_for(students)
    total = sizes.current + sizes.current_others
    share = max(_DEMO_CASELOADS / (1.2 * REGISTERED / 10), min(0.8, 6 / total))
    history, current = make_cohorts(
        CohortOrder(
            class_year=HISTORY_YEAR,
            counts=school_counts(seed, sizes.registered + sizes.others),
            registered=sizes.registered,
            seed=seed,
            first_serial=0,
            first_person=0,
            is_under_way=False,
        ),
        CohortOrder(
            class_year=today.year,
            counts=school_counts(seed, total, demo_share=share),
            registered=sizes.current,
            seed=seed,
            first_serial=50_000,
            first_person=sizes.registered + sizes.others,
            is_under_way=True,
        ),
    )
    return Plan(
        students=students, today=today, seed=seed, sizes=sizes, history=history, current=current
    )
