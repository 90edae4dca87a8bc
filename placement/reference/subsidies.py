"""Which subsidies graduates may apply for: for whom, how much, when, with what, where; dated."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from placement.reference.tables import CodeTable, rows_on

SEEKING = "seeking"
_papers = CodeTable("subsidy_papers")

paper_name = _papers.name


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

    def _day(self, end: str, class_year: int) -> dt.date:
        month, day = map(int, self._row[end].split("-"))
        return dt.date(class_year + int(self._row[f"{end}_year"]), month, day)


def subsidies_on(day: dt.date) -> tuple[Subsidy, ...]:
    """The subsidies by the rows in force on `day`."""
    return tuple(
        Subsidy(
            code=row["code"],
            amount=int(row["amount"]) if row["amount"] else None,
            classes=tuple(filter(None, row["classes"].split(";"))),
            seeking=row["outcomes"] == SEEKING,
            outcomes=tuple(code for code in row["outcomes"].split(";") if code != SEEKING),
            papers=tuple(row["papers"].split(";")),
            source=row["source"],
            _row=row,
        )
        for row in rows_on("subsidies", day)
    )
