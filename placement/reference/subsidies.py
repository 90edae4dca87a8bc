"""Which subsidies graduates may apply for: for whom, how much, when, with what, where; dated."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from placement.reference.tables import CodeTable

SEEKING = "seeking"
_papers = CodeTable("subsidy_papers")

paper_name = _papers.name
papers = _papers.entries


@dataclass(frozen=True, slots=True)
class Subsidy:
    """One subsidy by the row in force on a day; `amount` is in yuan, none where it varies."""

    code: str
    amount: int | None
    classes: tuple[str, ...]
    """Classes of hardship or categories of which one is needed; none where none is asked for."""
    seeking: bool
    """Whether it is for who has no placed outcome."""
    outcomes: tuple[str, ...]
    """Destination codes that fit, where it is for who has one."""
    papers: tuple[str, ...]
    source: str
    confirmed_for: int | None
    """The last year for which a province has confirmed amount and window; none for a default."""
    _row: Mapping[str, str]

    def name(self, locale: str) -> str:
        """What it is called in the language of `locale`."""
        return self._row["zh" if locale.startswith("zh") else "en"]

    def where(self, locale: str) -> str:
        """Where to apply."""
        return self._row["where_zh" if locale.startswith("zh") else "where_en"]

    def also(self, locale: str) -> str:
        """What is asked for besides, or who else may apply; this program cannot see it."""
        return self._row["also_zh" if locale.startswith("zh") else "also_en"]

    def window(self, class_year: int) -> tuple[dt.date, dt.date]:
        """The first and the last day on which a graduate of a class year may apply."""
        return self._day("opens", class_year), self._day("closes", class_year)

    def is_confirmed(self, year: int) -> bool:
        """Whether a province has confirmed it for a year."""
        return self.confirmed_for is not None and self.confirmed_for >= year

    def _day(self, end: str, class_year: int) -> dt.date:
        month, day = map(int, self._row[end].split("-"))
        return dt.date(class_year + int(self._row[f"{end}_year"]), month, day)


def subsidy_of(row: Mapping[str, str]) -> Subsidy:
    """One subsidy as its row says."""
    confirmed_for = row.get("confirmed_for", "")
    return Subsidy(
        code=row["code"],
        amount=int(row["amount"]) if row["amount"] else None,
        classes=tuple(filter(None, row["classes"].split(";"))),
        seeking=row["outcomes"] == SEEKING,
        outcomes=tuple(code for code in row["outcomes"].split(";") if code != SEEKING),
        papers=tuple(filter(None, row["papers"].split(";"))),
        source=row["source"],
        confirmed_for=int(confirmed_for) if confirmed_for else None,
        _row=row,
    )
