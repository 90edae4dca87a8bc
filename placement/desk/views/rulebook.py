"""The page on which the province keeps its dated rules: seen, changed from a day, taken back."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import db, transaction
from placement.desk.rule_effects import digest_of, look_at
from placement.desk.rule_words import COUNTED_BY_RULES, RULE_SETS, rule_told
from placement.desk.views.blueprint import bp
from placement.errors import EditConflictError, NotVisibleError, PlacementError
from placement.rulebook import operations
from placement.rulebook.forms import FORMS, EndRuleForm, RuleForm
from placement.rulebook.models import Rule, RuleSet
from placement.rulebook.queries import Held, history_in, own_rules, rule_by_id
from placement.web import PlacementForm, refusal, say_done


@bp.get("/rules")
@requires(Role.PROVINCE)
def list_rules() -> ResponseReturnValue:
    """Show the rules of a set with the days on which they hold and where they are written."""
    set_ = _set(request.args.get("set", RuleSet.SERVICE.value))
    by_code: dict[str, list[Held]] = {}
    for held in history_in(set_, own_rules(set_)):
        by_code.setdefault(held.code, []).insert(0, held)
    return render_template(
        "desk/rules.html",
        set_=set_,
        sets=RULE_SETS,
        groups=list(by_code.values()),
        told=lambda held: rule_told(set_, held.row, _locale()),
        today=clock.today(),
        locale_code=_locale(),
    )


@bp.route("/rules/<rules>/new", methods=["GET", "POST"])
@requires(Role.PROVINCE)
def add_rule(rules: str) -> ResponseReturnValue:
    """Add a rule, after a look at whom it touches."""
    set_ = _set(rules)
    form = FORMS[set_](data={"valid_from": clock.today()})
    return _set_rule(set_, None, form, heading=_("Add a rule"))


@bp.route("/rules/<rules>/<rule>/change", methods=["GET", "POST"])
@requires(Role.PROVINCE)
def change_rule(rules: str, rule: str) -> ResponseReturnValue:
    """Change a rule from a day on, after a look at whom it touches."""
    set_ = _set(rules)
    held = _known(set_, rule)
    form = FORMS[set_](data=FORMS[set_].data_of(held.row) | {"valid_from": clock.today()})
    return _set_rule(set_, rule, form, heading=_("Change: %(what)s", what=held.label(_locale())))


@bp.route("/rules/<rules>/<rule>/end", methods=["GET", "POST"])
@requires(Role.PROVINCE)
def end_rule(rules: str, rule: str) -> ResponseReturnValue:
    """Let a rule hold until a day and no longer, after a look at whom it touches."""
    set_ = _set(rules)
    form = EndRuleForm(data={"last_on": clock.today()})
    return _perform(
        set_,
        form,
        heading=_("End: %(what)s", what=_known(set_, rule).label(_locale())),
        act=lambda: operations.end_rule(
            set_, rule, actor=viewer(), last_on=form.last_on.data or clock.today()
        ),
        said=_("The rule holds until its last day."),
    )


@bp.post("/rules/<int:rule_id>/undo")
@requires(Role.PROVINCE)
def take_back_rule(rule_id: int) -> ResponseReturnValue:
    """Take the last act on a rule back."""
    rule = rule_by_id(rule_id)
    set_ = rule.rule_set
    with transaction():
        operations.take_back(rule, actor=viewer())
    say_done(_("Taken back."))
    return redirect(url_for("desk.list_rules", set=set_.value))


def _set_rule(
    set_: RuleSet, code: str | None, form: RuleForm, *, heading: str
) -> ResponseReturnValue:
    form.name_choices(_locale())
    return _perform(
        set_,
        form,
        heading=heading,
        act=lambda: operations.set_rule(
            set_,
            code,
            actor=viewer(),
            content=form.content,
            valid_from=form.valid_from.data or clock.today(),
            source=str(form.source.data),
        ),
        said=_("The rule holds from its day on."),
    )


def _perform(
    set_: RuleSet,
    form: PlacementForm,
    *,
    heading: str,
    act: Callable[[], Rule],
    said: str,
) -> ResponseReturnValue:
    """Show the form, show what it would change, or do what was looked at."""
    look = None
    if form.validate_on_submit():
        try:
            if request.form.get("act") == "do":
                _do(set_, form, act, said)
                return redirect(url_for("desk.list_rules", set=set_.value))
            look = look_at(act, set_, viewer(), today=clock.today())
            form["digest"].data = look.digest
        except PlacementError as error:
            db.session.rollback()
            form.form_errors.append(refusal(error))
    page = render_template(
        "desk/rule_form.html",
        form=form,
        heading=heading,
        set_=set_,
        sets=RULE_SETS,
        counted=COUNTED_BY_RULES[set_],
        look=look,
    )
    return page, 422 if form.errors else 200


def _do(set_: RuleSet, form: PlacementForm, act: Callable[[], Rule], said: str) -> None:
    """Do the act if it leads to the rules that were looked at; else say so and do nothing."""
    with transaction():
        rule = act()
        db.session.flush()
        if digest_of(set_) != form["digest"].data:
            raise EditConflictError(
                "This is not what you looked at.", remedy="Look again, then do it."
            )
    say_done(said, undo=url_for("desk.take_back_rule", rule_id=rule.id))


def _set(name: str) -> RuleSet:
    if name not in set(RuleSet):
        raise NotVisibleError("There is no such list.")
    return RuleSet(name)


def _known(set_: RuleSet, code: str) -> Held:
    found = [held for held in history_in(set_, own_rules(set_)) if held.code == code]
    if not found:
        raise NotVisibleError("There is no such rule.")
    return found[-1]


def _locale() -> str:
    return str(get_locale() or "en")
