"""The page on which the province keeps its dated rules: seen, changed from a day, taken back."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from placement import clock
from placement.accounts.access import requires, viewer
from placement.accounts.models import Role
from placement.db import db, transaction
from placement.desk.rule_effects import Look, digest_of, look_at
from placement.desk.rule_people import Behind
from placement.desk.rule_words import COUNTED_BY_RULES, RULE_SETS, rule_told
from placement.desk.views.blueprint import bp
from placement.errors import EditConflictError
from placement.rulebook import operations
from placement.rulebook.forms import FORMS, EndRuleForm, RuleForm
from placement.rulebook.models import Rule, RuleSet
from placement.rulebook.queries import Held, history_in, own_rules, rule_by_id
from placement.students.operations.reading import record_listing
from placement.web import PlacementForm, say_done
from placement.web.dated import answer_act, by_code, last_of, list_named, page_language


@bp.get("/rules")
@requires(Role.PROVINCE)
def list_rules() -> ResponseReturnValue:
    """Show the rules of a set with the days on which they hold and where they are written."""
    set_ = list_named(RuleSet, request.args.get("set", RuleSet.SERVICE.value))
    return render_template(
        "desk/rules.html",
        set_=set_,
        sets=RULE_SETS,
        groups=by_code(history_in(set_, own_rules(set_))),
        told=lambda held: rule_told(set_, held.row, page_language()),
        today=clock.today(),
        locale_code=page_language(),
    )


@bp.route("/rules/<rules>/new", methods=["GET", "POST"])
@requires(Role.PROVINCE)
def add_rule(rules: str) -> ResponseReturnValue:
    """Add a rule, after a look at whom it touches."""
    set_ = list_named(RuleSet, rules)
    form = FORMS[set_](data={"valid_from": clock.today()})
    return _set_rule(set_, None, form, heading=_("Add a rule"))


@bp.route("/rules/<rules>/<rule>/change", methods=["GET", "POST"])
@requires(Role.PROVINCE)
def change_rule(rules: str, rule: str) -> ResponseReturnValue:
    """Change a rule from a day on, after a look at whom it touches."""
    set_ = list_named(RuleSet, rules)
    held = _known(set_, rule)
    form = FORMS[set_](data=FORMS[set_].data_of(held.row) | {"valid_from": clock.today()})
    return _set_rule(
        set_, rule, form, heading=_("Change: %(what)s", what=held.label(page_language()))
    )


@bp.route("/rules/<rules>/<rule>/end", methods=["GET", "POST"])
@requires(Role.PROVINCE)
def end_rule(rules: str, rule: str) -> ResponseReturnValue:
    """Let a rule hold until a day and no longer, after a look at whom it touches."""
    set_ = list_named(RuleSet, rules)
    form = EndRuleForm(data={"last_on": clock.today()})
    return _perform(
        set_,
        form,
        heading=_("End: %(what)s", what=_known(set_, rule).label(page_language())),
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
    form.name_choices(page_language())
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
    """Show the form, show what it would change and for whom, or do what was looked at."""
    back = url_for("desk.list_rules", set=set_.value)
    seen: list[Look] = []

    def look() -> None:
        found = look_at(
            act, set_, viewer(), today=clock.today(), behind=Behind.read(request.form.get("people"))
        )
        form["digest"].data = found.digest
        seen.append(found)
        with transaction():
            listed = [person.student_id for person in found.people or ()]
            record_listing(listed, actor=viewer(), page="rules")

    def do() -> Rule:
        rule = act()
        db.session.flush()
        if digest_of(set_) != form["digest"].data:
            raise EditConflictError(
                "This is not what you looked at.", remedy="Look again, then do it."
            )
        return rule

    def show() -> str:
        return render_template(
            "desk/rule_form.html",
            form=form,
            heading=heading,
            back=back,
            name=RULE_SETS[set_],
            counted=COUNTED_BY_RULES[set_],
            look=seen[0] if seen else None,
        )

    def undo(rule: Rule) -> str:
        return url_for("desk.take_back_rule", rule_id=rule.id)

    return answer_act(form, act=do, said=said, undo=undo, back=back, show=show, look=look)


def _known(set_: RuleSet, code: str) -> Held:
    return last_of(history_in(set_, own_rules(set_)), code)
