"""Snapshots for those who keep them: the list, one with its tables, what a version corrects."""

from decimal import Decimal
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import transaction
from placement.errors import PlacementError
from placement.reference import counting_days, destinations
from placement.reports.queries.reports import class_years, visible_university_names
from placement.reports.rates import percent
from placement.reports.snapshots import publishing
from placement.reports.snapshots.change_words import change_words, person_words
from placement.reports.snapshots.differences import differences
from placement.reports.snapshots.forms import TakeForm
from placement.reports.snapshots.proofs import intact_content
from placement.reports.snapshots.queries import (
    figures_of,
    publication_of,
    replaced_by,
    snapshot_by_id,
    students_of,
    visible_snapshots,
)
from placement.reports.snapshots.taking import ask_to_take, last_taking
from placement.reports.snapshots.views.blueprint import KEEPERS, bp
from placement.reports.snapshots.words import caption_of, figure_word, group_words, table_of_rows
from placement.reports.words import page_locale
from placement.students.models import Student
from placement.web import get_or_404, paginate, refusal, say_done
from placement.web.masks import mask_name

MOST_SHOWN = 200
"""How many changed cells and people a page lists; the command gives all."""


@bp.get("/snapshots")
@requires(*KEEPERS)
def list_snapshots() -> ResponseReturnValue:
    """List the snapshots of the viewer's figures, and offer to take one."""
    return _list(_take_form())


def _list(form: TakeForm, status: int = 200) -> ResponseReturnValue:
    page = paginate(visible_snapshots(viewer()))
    return (
        render_template(
            "reports/snapshots/list.html", page=page, form=form, taking=last_taking(viewer())
        ),
        status,
    )


def _take_form() -> TakeForm:
    today, years = clock.today(), class_years()
    year = years[0] if years else today.year
    final = counting_days.final_of(year)
    day = final if final <= today else counting_days.before(today)
    return TakeForm(data={"class_year": year, "as_of": day})


@bp.post("/snapshots")
@requires(*KEEPERS)
def create_snapshot() -> ResponseReturnValue:
    """Have the figures of a class on a day frozen: the university's own, or the province's."""
    form = TakeForm()
    if not form.validate_on_submit():
        return _list(form, 422)
    try:
        with transaction():
            ask_to_take(int(form.class_year.data), form.as_of.data, taker=viewer())
    except PlacementError as error:
        form.as_of.errors = [refusal(error)]
        return _list(form, 422)
    say_done(_("The figures are being frozen."))
    return redirect(url_for("snapshots.list_snapshots"))


@bp.get("/snapshots/<int:snapshot_id>")
@requires(*KEEPERS)
def show_snapshot(snapshot_id: int) -> ResponseReturnValue:
    """Show a snapshot: where it stands, who signed, its tables, and what can be done."""
    snapshot = get_or_404(visible_snapshots(viewer()), snapshot_id)
    figures = figures_of(snapshot)
    names = list(figures["tables"])
    chosen = request.args.get("table", "category")
    name = chosen if chosen in names else "category"
    return render_template(
        "reports/snapshots/snapshot.html",
        snapshot=snapshot,
        total=figures["tables"]["total"][0],
        table=table_of_rows(name, figures, visible_university_names(viewer())),
        table_name=name,
        total_rate=_rate(figures),
        rate_name=destinations.rate_name(snapshot.class_year, page_locale()),
        names=[(found, caption_of(found)) for found in names if found != "total"],
        later=replaced_by(snapshot),
        publication=publication_of(snapshot),
        work=publishing.publication_work(snapshot),
        failed=publishing.publication_failure(snapshot),
    )


def _rate(figures: dict[str, Any]) -> Decimal | None:
    total = figures["tables"]["total"][0]
    return percent(total["placed"], total["denominator"])


@bp.get("/snapshots/<int:snapshot_id>/differences")
@requires(*KEEPERS)
def show_differences(snapshot_id: int) -> ResponseReturnValue:
    """Show what a later version corrects: the cells and the people."""
    snapshot = get_or_404(visible_snapshots(viewer()), snapshot_id)
    if snapshot.replaces_id is None:
        return redirect(url_for("snapshots.show_snapshot", snapshot_id=snapshot.id))
    before, after = intact_content(snapshot_by_id(snapshot.replaces_id)), intact_content(snapshot)
    changed = differences(
        before.figures, after.figures, people_before=before.people, people_after=after.people
    )
    people = changed.people[:MOST_SHOWN]
    names = visible_university_names(viewer())
    scheme = after.figures["scheme"]
    return render_template(
        "reports/snapshots/differences.html",
        snapshot=snapshot,
        changed=changed,
        people=people,
        cells=changed.cells[:MOST_SHOWN],
        students=students_of([change.uid for change in people], viewer()),
        name_of_student=_masked if viewer().role is Role.PROVINCE else _named,
        change_words=change_words,
        told=lambda change: person_words(change, names, snapshot.class_year),
        caption=caption_of,
        group=lambda table, key: group_words(table, key, names, scheme),
        figure=figure_word,
    )


def _masked(student: Student) -> str:
    return mask_name(student.name)


def _named(student: Student) -> str:
    return student.name
