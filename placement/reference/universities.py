"""The universities of Fujian around 2016, for the demo and for choices on pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from placement.reference.tables import read_rows


@dataclass(frozen=True, slots=True)
class University:
    """One institution: five-digit national code, city (GB/T 2260), kind and former names."""

    code: str
    name: str
    city: str
    kind: str
    former_names: tuple[str, ...]
    first_year: int | None

    def holds_in(self, year: int) -> bool:
        """Say whether the institution existed under this code in `year`."""
        return self.first_year is None or self.first_year <= year


@cache
def all_universities() -> Mapping[str, University]:
    """Return every university by its code, undergraduate ones first."""
    return {
        row["code"]: University(
            row["code"],
            row["name"],
            row["city"],
            row["kind"],
            tuple(name for name in row["aliases"].split(";") if name),
            int(row["first_year"]) if row["first_year"] else None,
        )
        for row in read_rows("universities")
    }


def get(code: str) -> University | None:
    """Return the university of `code`, or None."""
    return all_universities().get(code)
