"""Who is looking: the signed-in person as every query needs them."""

from dataclasses import dataclass

from placement.accounts.models import Role
from placement.db import Scope, ScopeKind


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
    def is_staff(self) -> bool:
        """Whether this is anybody but a student."""
        return self.role is not Role.STUDENT
