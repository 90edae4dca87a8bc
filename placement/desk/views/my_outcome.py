"""What is recorded about me: right or wrong, my papers, and news of my own."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.desk.views.blueprint import bp
from placement.desk.views.my_plan import own_student
from placement.errors import PlacementError
from placement.outcomes import operations
from placement.outcomes.queries import outcomes_of
from placement.outcomes.views.reporting import outcome_form
from placement.outcomes.words import destination, papers_asked, story_tone, story_word
from placement.reference.destinations import is_placed
from placement.web import say_done


@bp.get("/my/outcome")
@requires(Role.STUDENT)
def my_outcome() -> ResponseReturnValue:
    """Show what the university recorded about where I am."""
    student = own_student()
    stories = [story for story in outcomes_of(student.id) if story.state != "void"]
    return render_template(
        "desk/my_outcome.html",
        stories=stories,
        placed=bool(stories) and is_placed(stories[0].outcome.code),
        destination=destination,
        story_word=story_word,
        story_tone=story_tone,
        papers_asked=papers_asked,
    )


@bp.route("/my/outcome/new", methods=["GET", "POST"])
@requires(Role.STUDENT)
def report_my_outcome() -> ResponseReturnValue:
    """Say that I have found work, go on studying, or am still looking."""
    student = own_student()
    form = outcome_form()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.report_outcome(
                    student, actor=viewer(), submission_id=form.submission, **form.entered
                )
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(_("Thank you. Your university will look at it."))
            return redirect(url_for("desk.my_outcome"))
    status = 422 if form.is_submitted() else 200
    return render_template("outcomes/outcome_form.html", form=form, student=student), status
