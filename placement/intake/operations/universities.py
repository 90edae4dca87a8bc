"""The universities that files name, and the file that lists them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from placement.accounts.models import University
from placement.db import db
from placement.students.names import read_title


@dataclass(frozen=True, slots=True)
class Universities:
    """The known universities: number by code, name by code."""

    ids: dict[str, int]
    names: Mapping[str, str]

    @classmethod
    def read(cls) -> "Universities":
        """All that are known now."""
        rows = db.session.execute(select(University.code, University.id, University.name)).all()
        return cls({row.code: row.id for row in rows}, {row.code: row.name for row in rows})

    def code_of(self, university_id: int | None) -> str | None:
        """The code of a university by its number."""
        return next((code for code, number in self.ids.items() if number == university_id), None)

    def suppose(self, named: Mapping[str, str]) -> None:
        """Give numbers to universities that a preview would add; nothing has them."""
        for place, code in enumerate(named, start=1):
            self.ids.setdefault(code, -place)

    def add(self, named: Mapping[str, str], *, import_id: int) -> None:
        """Add universities that a file names by code and name; one that came meanwhile stays."""
        for code, name in named.items():
            db.session.execute(
                insert(University)
                .values(code=code, name=name, name_key=read_title(name)[0], import_id=import_id)
                .on_conflict_do_nothing(index_elements=[University.code])
            )
            self.ids[code] = db.session.execute(
                select(University.id).where(University.code == code)
            ).scalar_one()
