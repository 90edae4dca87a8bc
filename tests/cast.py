"""The cast.

Ms Chen keeps Lin Mei's case, Mr Wu is her colleague without share, Ms Zheng administers the
university, Mr Huang the province; Ms Xu and Mr Gao work at another university.
"""

from functools import cached_property

from placement.accounts.models import Role, University, User
from placement.cases.models import Case
from placement.db import db
from placement.students.models import Category, Student
from tests.factories import (
    make_member,
    make_student,
    make_university,
    make_user,
)


class Cast:
    """The people of the tests, each made when first asked for."""

    @cached_property
    def university(self) -> University:
        """Where most of it happens."""
        return make_university(code="90001", name="示例大学", name_key="shi li da xue")

    @cached_property
    def other_university(self) -> University:
        """Another university, whose people must stay unseen."""
        return make_university(code="90002", name="示例职业学院", name_key="shi li zhi ye")

    @cached_property
    def chen(self) -> User:
        """The counselor of Lin Mei."""
        return make_user(Role.COUNSELOR, self.university, username="chen", display_name="陈老师")

    @cached_property
    def wu(self) -> User:
        """Her colleague, who has no share in the case."""
        return make_user(Role.COUNSELOR, self.university, username="wu", display_name="吴老师")

    @cached_property
    def zheng(self) -> User:
        """The administrator of the university."""
        return make_user(Role.UNIVERSITY, self.university, username="zheng", display_name="郑主任")

    @cached_property
    def xu(self) -> User:
        """The administrator of the other university."""
        return make_user(
            Role.UNIVERSITY, self.other_university, username="xu", display_name="许主任"
        )

    @cached_property
    def huang(self) -> User:
        """The administrator of the province."""
        return make_user(Role.PROVINCE, username="huang", display_name="黄处长")

    @cached_property
    def lin_mei(self) -> Student:
        """The student whose case is told."""
        student = make_student(
            self.university, counselor=self.chen, name="林梅", student_number="20120001"
        )
        make_member(student, Category.FAMILY_HARDSHIP)
        return student

    @cached_property
    def case(self) -> Case:
        """Her case."""
        return db.session.query(Case).filter_by(student_id=self.lin_mei.id).one()

    @cached_property
    def lin_mei_user(self) -> User:
        """Her account."""
        return make_user(
            Role.STUDENT,
            self.university,
            username="90001/20120001",
            display_name="林梅",
            student_id=self.lin_mei.id,
        )

    @cached_property
    def stranger(self) -> Student:
        """A student of the other university, with a case of Mr Gao's."""
        student = make_student(self.other_university, counselor=self.gao, name="高飞")
        make_member(student, Category.RURAL_ORIGIN)
        return student

    @cached_property
    def gao(self) -> User:
        """A counselor of the other university."""
        return make_user(
            Role.COUNSELOR, self.other_university, username="gao", display_name="高老师"
        )

    @cached_property
    def stranger_user(self) -> User:
        """The stranger's account."""
        return make_user(
            Role.STUDENT,
            self.other_university,
            username=f"90002/{self.stranger.student_number}",
            student_id=self.stranger.id,
        )
