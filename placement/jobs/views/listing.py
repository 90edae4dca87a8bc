"""All postings, and one of them with those whom it fits."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import load_only

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import db, transaction
from placement.jobs import words
from placement.jobs.models import Posting
from placement.jobs.queries import (
    PostingFilter,
    counted_postings,
    fitting_counts,
    fitting_students,
    listed_postings,
    may_change,
    places_offered,
    referrals_to,
)
from placement.jobs.views.blueprint import STAFF, bp, visible_posting
from placement.jobs.views.posting_lines import posting_lines
from placement.reference import categories, levels
from placement.students.operations.reading import record_listing
from placement.web import paginate

SHOWN_FITTING = 50
ON_A_LIST = (
    Posting.title,
    Posting.level,
    Posting.city,
    Posting.salary_min,
    Posting.salary_max,
    Posting.openings,
    Posting.deadline,
    Posting.state,
    Posting.employer_id,
)
"""What a list shows of a posting: neither its description nor its majors."""


@bp.get("")
@requires(*STAFF)
def list_postings() -> ResponseReturnValue:
    """Show the postings, filtered and sorted by what stands in the URL."""
    current, today = viewer(), clock.today()
    wanted = _wanted()
    page = paginate(
        listed_postings(current, wanted, today=today).options(load_only(*ON_A_LIST)),
        counted=counted_postings(current, wanted, today=today),
    )
    fits = {} if current.role is Role.PROVINCE else fitting_counts(current, [p.id for p in page])
    return render_template(
        "jobs/list.html",
        page=page,
        wanted=wanted,
        lines=posting_lines(page, fits),
        cities=[(code, words.place(code)) for code in places_offered(today=today)],
        levels=[(code, levels.name(code, words.locale())) for code in levels.codes],
        groups=[(code, words.category_names([code])) for code in categories.codes],
        words=words,
    )


def _wanted() -> PostingFilter:
    arguments = request.args
    return PostingFilter(
        text=arguments.get("q", "").strip(),
        place=arguments.get("place", ""),
        level=arguments.get("level", ""),
        reserved=arguments.get("reserved", ""),
        state=arguments.get("state", "open"),
        sort=arguments.get("sort", "-published"),
    )


@bp.get("/<int:posting_id>")
@requires(*STAFF)
def show_posting(posting_id: int) -> ResponseReturnValue:
    """Show a posting, who of my students has it on the list, and who was referred to it."""
    current = viewer()
    posting = visible_posting(posting_id)
    with transaction():
        fitting = db.session.execute(
            fitting_students(current, posting.id).limit(SHOWN_FITTING)
        ).all()
        referrals = db.session.execute(referrals_to(current, posting.id)).scalars().all()
        shown = [row[1].id for row in fitting] + [r.student_id for r in referrals]
        record_listing(shown, actor=current, page="posting")
    return render_template(
        "jobs/posting.html",
        posting=posting,
        fitting=fitting,
        referrals=referrals,
        may_change=may_change(current, posting),
        may_verify=current.role in {Role.UNIVERSITY, Role.PROVINCE},
        is_late=posting.deadline is not None and posting.deadline < clock.today(),
        words=words,
    )
