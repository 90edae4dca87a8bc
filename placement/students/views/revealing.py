"""Hidden values of a student, shown one at a time for a reason."""

from flask import render_template
from flask.typing import ResponseReturnValue

from placement.accounts.access import requires, viewer
from placement.db import transaction
from placement.students.forms import RevealForm
from placement.students.operations.reading import HIDDEN, reveal
from placement.students.queries import visible_students
from placement.students.views.blueprint import STAFF, bp
from placement.web import get_or_404


@bp.route(f"/<int:student_id>/reveal/<any({', '.join(HIDDEN)}):column>", methods=["GET", "POST"])
@requires(*STAFF)
def reveal_value(student_id: int, column: str) -> ResponseReturnValue:
    """Ask why, then show one hidden value of one student."""
    student = get_or_404(visible_students(viewer()), student_id)
    form = RevealForm()
    value = None
    if form.validate_on_submit():
        with transaction():
            value = reveal(student, column, actor=viewer(), reason=str(form.reason.data))
    status = 422 if form.errors else 200
    return render_template(
        "students/reveal.html", student=student, column=column, form=form, value=value
    ), status
