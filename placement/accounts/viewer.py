"""Who is looking: the signed-in person as every query needs them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, bindparam

from placement.accounts.models import Role
from placement.db import Scope, ScopeKind

_USER: Any = bindparam("viewer_user", type_=BigInteger)
_UNIVERSITY: Any = bindparam("viewer_university", type_=BigInteger)
_STUDENT: Any = bindparam("viewer_student", type_=BigInteger)


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """The signed-in person, as plain values that outlive the transaction that read them."""

    user_id: int
    username: str
    display_name: str
    role: Role
    university_id: int | None = None
    university_name: str | None = None
    colleges: tuple[str, ...] = ()
    student_id: int | None = None
    locale: str | None = None
    must_change_password: bool = False
    sign_in_id: int | None = None

    @property
    def scope(self) -> Scope:
        """What the database shows to this person."""
        return Scope(
            kind=ScopeKind(self.role.value),
            user_id=self.user_id,
            university_id=self.university_id,
            colleges=self.colleges,
            student_id=self.student_id,
        )

    @property
    def kind(self) -> "Viewer":
        """The same rights without the person: a statement made for it serves all of the kind.

        Parameters stand in the place of the numbers; `numbers` are their values.
        """
        return Viewer(
            user_id=_USER,
            username="",
            display_name="",
            role=self.role,
            university_id=None if self.university_id is None else _UNIVERSITY,
            colleges=self.colleges,
            student_id=None if self.student_id is None else _STUDENT,
        )

    @property
    def numbers(self) -> dict[str, int | None]:
        """The values of the parameters of `kind`."""
        return {
            "viewer_user": self.user_id,
            "viewer_university": self.university_id,
            "viewer_student": self.student_id,
        }

    @property
    def is_staff(self) -> bool:
        """Whether this is anybody but a student."""
        return self.role is not Role.STUDENT
