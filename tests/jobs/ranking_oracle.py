"""The rules of the recommendations once more, slowly and plainly, to hold the engine against."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from placement.jobs.ranking.facts import PostingFacts, SeekerFacts, Tables

RANK = {"": 0, "61": 1, "41": 1, "31": 2, "25": 3, "11": 4, "01": 5}
Vector = dict[str, float]


def words(text: str) -> Counter[str]:
    """Ideographs, adjacent pairs of them, and Latin words with at least one letter."""
    text = unicodedata.normalize("NFKC", text).casefold()
    found: Counter[str] = Counter()
    for run in re.findall(r"[㐀-鿿\U00020000-\U0003ffff]+", text):
        found.update(run)
        found.update(run[i : i + 2] for i in range(len(run) - 1))
    found.update(w for w in re.findall(r"[a-z0-9+#]+", text) if re.search("[a-z]", w))
    return found


class Oracle:
    """All pairs of some students and postings, by loops and dictionaries."""

    def __init__(
        self,
        postings: Sequence[PostingFacts],
        day: object,
        tables: Tables,
        weights: Sequence[float],
    ) -> None:
        self.live = [
            p
            for p in postings
            if p.open and p.employer_verified and (p.deadline is None or p.deadline >= day)
        ]
        self.tables, self.weights = tables, weights
        counts = {p.id: words(p.title + " " + p.description) for p in self.live}
        self.texts = len(counts)
        self.frequency = Counter(word for count in counts.values() for word in count)
        self.vectors = {number: self.unit(count) for number, count in counts.items()}

    def unit(self, count: Counter[str]) -> Vector:
        weighed = {
            word: n * (math.log((1 + self.texts) / (1 + self.frequency[word])) + 1)
            for word, n in count.items()
        }
        length = math.sqrt(sum(w * w for w in weighed.values()))
        return {word: w / length for word, w in weighed.items()}

    def allowed(self, s: SeekerFacts, p: PostingFacts) -> bool:
        required = RANK.get(p.level, 9)
        if RANK.get(s.level, 0) < required:
            return False
        if p.majors_strict and any(p.majors) and self.major(s, p) != 1:
            return False
        if p.reserved_for and not p.reserved_for & s.categories:
            return False
        if not s.wishes.needs <= p.accommodations:
            return False
        if p.id in s.excluded or p.employer_id in s.feedback.blocked_employers:
            return False
        return self.place_allowed(s, p)

    def place_allowed(self, s: SeekerFacts, p: PostingFacts) -> bool:
        wishes = s.wishes
        if wishes.anywhere or (not wishes.places and wishes.distance_km is None):
            return True
        if any(self.means(place, p.city) for place in wishes.places[:3]):
            return True
        km = self.km(s, p)
        limit = 150 if wishes.distance_km is None else wishes.distance_km
        return km is not None and km <= limit

    def km(self, s: SeekerFacts, p: PostingFacts) -> float | None:
        return self.tables.distance_km(s.home, p.city) if s.home and p.city else None

    def means(self, place: str, city: str) -> bool:
        if not city:
            return False
        return place[:2] == city[:2] if place.endswith("0000") else place[:4] == city[:4]

    def major(self, s: SeekerFacts, p: PostingFacts) -> float | None:
        named = [m for m in p.majors if m] or sorted(
            self.tables.occupation_majors.get(p.occupation, ())
        )
        if not named or not s.major_code:
            return None
        if any(s.major_code[: min(len(m), 4)] == m[:4] for m in named):
            return 1.0
        return 0.35 if any(s.major_code[:2] == m[:2] for m in named if len(m) > 2) else 0.0

    def text(self, s: SeekerFacts, p: PostingFacts) -> float | None:
        own, theirs = self.unit(words(s.wishes.skills)), self.vectors[p.id]
        if not own or not theirs:
            return None
        return min(1.0, 3 * sum(w * theirs.get(word, 0.0) for word, w in own.items()))

    def occupation(self, s: SeekerFacts, p: PostingFacts) -> float | None:
        if not s.wishes.occupations or not p.occupation:
            return None
        if p.occupation in s.wishes.occupations:
            return 1.0
        return 0.7 if p.occupation[:4] in {o[:4] for o in s.wishes.occupations} else 0.0

    def city(self, s: SeekerFacts, p: PostingFacts) -> float | None:
        wishes, km = s.wishes, self.km(s, p)
        if not p.city:
            return None
        near = None if km is None else max(0.25, 0.7 * (1 - km / 200))
        if wishes.places and self.means(wishes.places[0], p.city):
            value: float | None = 1.0
        elif any(self.means(place, p.city) for place in wishes.places):
            value = 0.85
        elif wishes.places:
            value = 0.25 if near is None else near
        else:
            value = None if wishes.anywhere else near
        return value if value is None else value * s.feedback.cities.get(p.city, 1.0)

    def salary(self, s: SeekerFacts, p: PostingFacts) -> float | None:
        top = max((x for x in (p.salary_min, p.salary_max) if x is not None), default=None)
        if not s.wishes.salary or top is None:
            return None
        return min(1.0, max(0.0, 1 - (s.wishes.salary - top) / (0.33 * s.wishes.salary)))

    def industry(self, s: SeekerFacts, p: PostingFacts) -> float | None:
        if not s.wishes.industries or not p.industry:
            return None
        return float(any(p.industry.startswith(wish) for wish in s.wishes.industries))

    def parts(self, s: SeekerFacts, p: PostingFacts) -> list[float | None]:
        return [
            self.major(s, p),
            self.text(s, p),
            self.occupation(s, p),
            self.city(s, p),
            self.salary(s, p),
            self.industry(s, p),
            1.0 if s.wishes.needs else None,
        ]

    def score(self, s: SeekerFacts, p: PostingFacts) -> int:
        known = [
            (w, f) for w, f in zip(self.weights, self.parts(s, p), strict=True) if f is not None
        ]
        mean = sum(w * f for w, f in known) / sum(w for w, _ in known) if known else 0.0
        added = s.feedback.occupations.get(p.occupation[:4], 0.0)
        return math.floor(min(1.0, max(0.0, mean + added)) * 1_000_000 + 0.5)

    def ranked(self, s: SeekerFacts) -> list[tuple[int, int]]:
        """(posting number, score in millionths) of all that the student may have, best first."""
        pairs = [(p.id, self.score(s, p)) for p in self.live if self.allowed(s, p)]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def visible(self, s: SeekerFacts, pool: int, top: int) -> list[int]:
        """The visible list: two an employer, three an occupation, two related, gaps filled."""
        facts = {p.id: p for p in self.live}
        order = [number for number, _ in self.ranked(s)[:pool]]
        related = {n for n in order if self.occupation(s, facts[n]) == 0.7}
        chosen = self.fill([], order, facts, top)
        if len(related & set(chosen)) < min(2, len(related)):
            first = self.take([], [n for n in order if n in related], facts, 2, (2, 3))
            chosen = self.fill(first, order, facts, top)
        return [number for number in order if number in set(chosen)]

    def fill(
        self, chosen: list[int], order: list[int], facts: dict[int, PostingFacts], top: int
    ) -> list[int]:
        for limits in ((2, 3), (2, top), (top, top)):
            chosen = self.take(chosen, order, facts, top, limits)
        return chosen

    def take(
        self,
        chosen: list[int],
        order: list[int],
        facts: dict[int, PostingFacts],
        goal: int,
        limits: tuple[int, int],
    ) -> list[int]:
        chosen = list(chosen)
        for number in order:
            posting = facts[number]
            employers = [facts[n].employer_id for n in chosen]
            occupations = [facts[n].occupation for n in chosen if facts[n].occupation]
            if (
                number not in chosen
                and len(chosen) < goal
                and employers.count(posting.employer_id) < limits[0]
                and occupations.count(posting.occupation) < limits[1]
            ):
                chosen.append(number)
        return chosen
