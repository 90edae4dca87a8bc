"""Planning a fair: planned, opened, changed, cancelled; what happens at which hour."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from placement.accounts.access import requires, viewer
from placement.config import Settings
from placement.db import db, transaction
from placement.errors import NotVisibleError, PlacementError
from placement.fairs import operations
from placement.fairs.forms import CancelForm, FairForm, ItemForm
from placement.fairs.models import Fair, FairItem
from placement.fairs.operations import FairPlan, ItemPlan
from placement.fairs.views.blueprint import HOSTS, bp, visible_fair
from placement.web import say_done


def _plan(form: FairForm) -> FairPlan:
    texts = ("description", "address", "directions", "contact")
    entered = {name: value for name, value in form.entered.items() if name != "version"}
    return FairPlan(**{**entered, **{name: entered[name] or "" for name in texts}})


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _to_fair(fair_id: int) -> ResponseReturnValue:
    return redirect(url_for("fairs.show_fair", fair_id=fair_id))


@bp.route("/new", methods=["GET", "POST"])
@requires(*HOSTS)
def create_fair() -> ResponseReturnValue:
    """Plan a fair."""
    form = FairForm()
    if form.validate_on_submit():
        try:
            with transaction():
                fair = operations.add_fair(_plan(form), actor=viewer())
        except PlacementError as error:
            form.refuse(error)
        else:
            flash(_("The fair is planned. Add its stands, then announce it."), "success")
            return _to_fair(fair.id)
    status = 422 if form.is_submitted() else 200
    return render_template("fairs/fair_form.html", form=form, fair=None), status


@bp.route("/<int:fair_id>/edit", methods=["GET", "POST"])
@requires(*HOSTS)
def edit_fair(fair_id: int) -> ResponseReturnValue:
    """Change what a fair is; who signed up is told of another day, hour or place."""
    fair = visible_fair(fair_id)
    operations.require_host(fair, viewer())
    form = FairForm(obj=fair)
    del form.is_draft
    if form.validate_on_submit():
        try:
            with transaction():
                told = operations.change_fair(
                    fair,
                    _plan(form),
                    actor=viewer(),
                    version=form.shown_version,
                    settings=_settings(),
                )
        except PlacementError as error:
            form.refuse(error)
        else:
            flash(_told(_("The fair is changed."), told), "success")
            return _to_fair(fair.id)
    status = 422 if form.is_submitted() else 200
    return render_template("fairs/fair_form.html", form=form, fair=fair), status


def _told(news: str, people: int) -> str:
    if not people:
        return news
    told = ngettext("%(num)d person is told.", "%(num)d people are told.", people)
    return f"{news} {told}"


@bp.post("/<int:fair_id>/open")
@requires(*HOSTS)
def open_fair(fair_id: int) -> ResponseReturnValue:
    """Let students see a draft and sign up."""
    fair = visible_fair(fair_id)
    with transaction():
        operations.open_fair(fair, actor=viewer())
    say_done(_("Students see the fair now and can sign up."))
    return _to_fair(fair.id)


@bp.route("/<int:fair_id>/cancel", methods=["GET", "POST"])
@requires(*HOSTS)
def cancel_fair(fair_id: int) -> ResponseReturnValue:
    """Ask, then cancel a fair and tell who signed up."""
    fair = visible_fair(fair_id)
    operations.require_host(fair, viewer())
    form = CancelForm()
    if form.validate_on_submit():
        with transaction():
            told = operations.cancel_fair(
                fair, actor=viewer(), settings=_settings(), reason=form.reason.data or ""
            )
        flash(_told(_("The fair is cancelled."), told), "success")
        return _to_fair(fair.id)
    status = 422 if form.is_submitted() else 200
    return render_template("fairs/cancel.html", form=form, fair=fair), status


@bp.route("/<int:fair_id>/schedule/new", methods=["GET", "POST"])
@requires(*HOSTS)
def create_item(fair_id: int) -> ResponseReturnValue:
    """Put something on the schedule."""
    fair = visible_fair(fair_id)
    operations.require_host(fair, viewer())
    form = ItemForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.add_item(fair, _item_plan(form), actor=viewer())
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(_("It is on the schedule."))
            return _to_fair(fair.id)
    status = 422 if form.is_submitted() else 200
    return render_template("fairs/item_form.html", form=form, fair=fair, item=None), status


@bp.route("/<int:fair_id>/schedule/<int:item_id>", methods=["GET", "POST"])
@requires(*HOSTS)
def edit_item(fair_id: int, item_id: int) -> ResponseReturnValue:
    """Change an entry of the schedule."""
    fair = visible_fair(fair_id)
    operations.require_host(fair, viewer())
    item = _item_of(fair, item_id)
    form = ItemForm(obj=item)
    if form.validate_on_submit():
        try:
            with transaction():
                operations.change_item(
                    item, _item_plan(form), actor=viewer(), version=form.shown_version
                )
        except PlacementError as error:
            form.refuse(error)
        else:
            say_done(_("The schedule is changed."))
            return _to_fair(fair.id)
    status = 422 if form.is_submitted() else 200
    return render_template("fairs/item_form.html", form=form, fair=fair, item=item), status


def _item_plan(form: ItemForm) -> ItemPlan:
    entered = {name: value for name, value in form.entered.items() if name != "version"}
    return ItemPlan(**{**entered, "place": entered["place"] or ""})


@bp.post("/<int:fair_id>/schedule/<int:item_id>/remove")
@requires(*HOSTS)
def remove_item(fair_id: int, item_id: int) -> ResponseReturnValue:
    """Take an entry off the schedule; the news offer to put it back."""
    fair = visible_fair(fair_id)
    item = _item_of(fair, item_id)
    with transaction():
        operations.remove_item(item, actor=viewer())
    undo = url_for("fairs.restore_item", fair_id=fair.id, item_id=item.id)
    say_done(_("It is off the schedule."), undo=undo)
    return _to_fair(fair.id)


@bp.post("/<int:fair_id>/schedule/<int:item_id>/restore")
@requires(*HOSTS)
def restore_item(fair_id: int, item_id: int) -> ResponseReturnValue:
    """Put an entry back on the schedule."""
    fair = visible_fair(fair_id)
    item = _item_of(fair, item_id)
    with transaction():
        operations.restore_item(item, actor=viewer())
    say_done(_("It is on the schedule."))
    return _to_fair(fair.id)


def _item_of(fair: Fair, item_id: int) -> FairItem:
    item = db.session.get(FairItem, item_id)
    if item is None or item.fair_id != fair.id:
        raise NotVisibleError("There is no such entry at this fair.")
    return item
