"""The door of a fair: a ticket read by a phone's camera, or its code typed."""

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from placement import clock
from placement.accounts.access import requires, viewer
from placement.db import db, system_scope, transaction, use_scope
from placement.errors import NotVisibleError, PlacementError
from placement.fairs import operations
from placement.fairs.forms import CodeForm
from placement.fairs.models import Fair, SignUp
from placement.fairs.operations import Holder
from placement.fairs.queries import count_attendance, last_through_the_door, visible_fairs
from placement.fairs.tickets import Ticket, folded_code, read_ticket
from placement.fairs.views.blueprint import STAFF, bp, visible_fair
from placement.students.operations.reading import record_listing
from placement.web import get_or_404, refusal, say_done
from placement.web.filters import moment
from placement.web.masks import mask_name

_HERE = "fair_door"


@bp.route("/<int:fair_id>/door", methods=["GET", "POST"])
@requires(*STAFF)
def keep_door(fair_id: int) -> ResponseReturnValue:
    """Check people in by the code of their ticket, and see who came last."""
    fair, current = visible_fair(fair_id), viewer()
    form = CodeForm()
    if form.validate_on_submit():
        try:
            holder = operations.holder_of(current, fair, code=_code(fair, form))
            return _let_in(fair, holder)
        except PlacementError as error:
            form.code.errors = [refusal(error)]
    with transaction():
        last = last_through_the_door(current, fair)
        record_listing([answer.student_id for answer in last], actor=current, page="fair")
    page = render_template(
        "fairs/door.html",
        fair=fair,
        form=form,
        last=last,
        counts=count_attendance(current, fair),
        begun=fair.on <= clock.today(),
    )
    return page, 422 if form.is_submitted() else 200


def _code(fair: Fair, form: CodeForm) -> str:
    """The code as it is kept. Raises NotVisibleError for none, and says if it is another fair's."""
    code = folded_code(form.code.data or "")
    if code is None:
        raise NotVisibleError("A code has six letters and digits.", remedy="Look at it again.")
    with use_scope(system_scope("door of a fair")):
        fairs = set(db.session.execute(select(SignUp.fair_id).filter_by(code=code)).scalars())
    near = visible_fairs(viewer()).where(Fair.id.in_(fairs - {fair.id}), Fair.on >= fair.on)
    other = db.session.execute(near.order_by(Fair.on).limit(1)).scalar_one_or_none()
    if fair.id not in fairs and other is not None:
        raise NotVisibleError("This ticket is for another fair: %(title)s", title=other.title)
    return code


@bp.route("/door/<token>", methods=["GET", "POST"])
@requires(*STAFF)
def scan_ticket(token: str) -> ResponseReturnValue:
    """Show whose ticket this is and let them in; the camera of a phone opens this page."""
    ticket = read_ticket(token)
    if ticket is None:
        return _refuse(_("This is no ticket of ours, or the picture was not read as a whole.")), 422
    fair = get_or_404(visible_fairs(viewer()), ticket.fair_id)
    form = CodeForm()
    try:
        _require_good(ticket, fair)
        holder = operations.holder_of(viewer(), fair, uid=ticket.sign_up)
        if form.is_submitted():
            return _let_in(fair, holder)
    except PlacementError as error:
        return _refuse(refusal(error), fair), 422
    with transaction():
        record_listing([holder.student.id], actor=viewer(), page="fair")
    return render_template(
        "fairs/scanned.html",
        fair=fair,
        holder=holder,
        name=_name(holder),
        elsewhere=_elsewhere(fair),
        token=token,
    )


def _require_good(ticket: Ticket, fair: Fair) -> None:
    if ticket.expires_at < clock.now():
        raise NotVisibleError(
            "This ticket is out of date.",
            remedy="Let the student open it again, or type its code.",
        )
    operations.require_begun(fair)


def _refuse(words: str, fair: Fair | None = None) -> str:
    return render_template("fairs/not_scanned.html", words=words, fair=fair)


def _elsewhere(fair: Fair) -> Fair | None:
    """The fair at whose door this person has checked people in, if it is another one."""
    here = session.get(_HERE)
    if here is None or here == fair.id:
        return None
    return db.session.execute(
        visible_fairs(viewer()).where(Fair.id == here, Fair.on == clock.today())
    ).scalar_one_or_none()


def _let_in(fair: Fair, holder: Holder) -> ResponseReturnValue:
    name, before = _name(holder), holder.sign_up.came_at
    if before is not None:
        say_done(_("%(name)s was checked in before: %(when)s", name=name, when=moment(before)))
    else:
        with transaction():
            operations.check_in_holder(fair, holder, actor=viewer())
            sign_up_id = holder.sign_up.id
        undo = url_for("fairs.take_back_at_door", fair_id=fair.id, sign_up_id=sign_up_id)
        say_done(_("%(name)s is here.", name=name), undo=undo)
    session[_HERE] = fair.id
    return redirect(url_for("fairs.keep_door", fair_id=fair.id))


def _name(holder: Holder) -> str:
    """The name in full for who looks after the student, else as much as a card can be held to."""
    return holder.student.name if holder.is_mine else mask_name(holder.student.name)


@bp.post("/<int:fair_id>/door/<int:sign_up_id>/undo")
@requires(*STAFF)
def take_back_at_door(fair_id: int, sign_up_id: int) -> ResponseReturnValue:
    """Take a check-in at the door back."""
    fair = visible_fair(fair_id)
    holder = operations.holder_of(viewer(), fair, sign_up_id=sign_up_id)
    with transaction():
        operations.take_back_holder(holder, actor=viewer())
    say_done(_("The check-in is taken back."))
    return redirect(url_for("fairs.keep_door", fair_id=fair.id))
