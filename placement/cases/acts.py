"""What every act on a case shares: show the form, do the act, answer; tell two writers apart."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.accounts.access import viewer
from placement.cases.forms import StepForm
from placement.cases.models import Case
from placement.cases.operations import promise_next_step
from placement.db import db, transaction
from placement.errors import EditConflictError, PlacementError
from placement.web import PlacementForm, refusal_parts, safe_next, say_done


def case_url(case_id: int) -> str:
    """The address of the case page."""
    return url_for("desk.show_case", case_id=case_id)


def perform(  # noqa: PLR0913 - what an act is made of, each by its name
    case: Case,
    form: PlacementForm,
    *,
    heading: str,
    act: Callable[[], Any],
    said: str,
    undo: Callable[[Any], str] | None = None,
    swap: str = "",
    stored: Callable[[], Mapping[str, Any]] | None = None,
    template: str = "cases/act_form.html",
    back: str = "",
) -> ResponseReturnValue:
    """Show a form; when it is sent and right, do `act` in a transaction and go back.

    `said` is the news after it; `undo` makes the address that takes the act back from what it
    gave, `swap` is the part of the page to put in place then. `stored` reads the values now in the
    database, `version` among them, to show both when somebody else was quicker. `back` is where to
    go on, the case page by default. A form that is a `StepForm` leaves no open case without a next
    step.
    """
    if isinstance(form, StepForm):
        form.ask_for_step(case)
    back = safe_next(request.values.get("next"), back or case_url(case.id))
    if form.validate_on_submit():
        try:
            with transaction():
                done = act()
                if isinstance(form, StepForm):
                    promise_next_step(case, actor=viewer(), text=form.promised)
        except EditConflictError as error:
            return _show_conflict(case, form, heading, stored, error)
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(said, undo="" if undo is None else undo(done), swap=swap)
            return redirect(back)
    status = 422 if form.is_submitted() else 200
    return (
        render_template(template, case=case, form=form, heading=heading, back=back),
        status,
    )


def _show_conflict(
    case: Case,
    form: PlacementForm,
    heading: str,
    stored: Callable[[], Mapping[str, Any]] | None,
    error: EditConflictError,
) -> ResponseReturnValue:
    """Show both texts field by field; what was typed stays in the form, ready to be saved again."""
    db.session.expire_all()
    fresh = {} if stored is None else dict(stored())
    version = fresh.pop("version", 0)
    both = [
        (form[name].label.text, _shown(form, name, value), _shown(form, name, form[name].data))
        for name, value in fresh.items()
        if value != form[name].data
    ]
    # What was typed may be saved over what is stored, now that both were seen.
    form["version"].data, form["version"].raw_data = str(version), None
    page = render_template(
        "cases/conflict.html",
        case=case,
        form=form,
        heading=heading,
        both=both,
        back=case_url(case.id),
        message=refusal_parts(error)[0],
    )
    return page, 409


def _shown(form: PlacementForm, name: str, value: Any) -> str:
    if value is None:
        return ""
    choices = getattr(form[name], "iter_choices", None)
    if choices is not None:
        labels = {str(choice.value): str(choice.label) for choice in choices()}
        return labels.get(str(value), str(value))
    return str(value)
