"""All writes of the rulebook: a rule is added, changed from a day, ended, and each taken back."""

import datetime as dt
import uuid
from collections.abc import Mapping

from sqlalchemy import text

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.audit.operations import record_event
from placement.db import db
from placement.errors import InvalidValueError, NotAllowedError
from placement.reference.service_standards import interval_in
from placement.rulebook.models import Rule, RuleSet
from placement.rulebook.queries import Held, history_in, own_rules, rows_in

_DAY = dt.timedelta(days=1)
# What was kept by a subsidy stands above this room.
_CLAIMED = text("SELECT EXISTS (SELECT FROM subsidy_claims WHERE subsidy = :code)")


def set_rule(
    set_: RuleSet,
    code: str | None,
    *,
    actor: Viewer,
    content: Mapping[str, str],
    valid_from: dt.date,
    source: str,
) -> Rule:
    """Change the rule `code` from a day on, or add another one where `code` is None.

    `content` is as in `Rule`. What held before holds until the day before. Raises NotAllowedError
    for anybody but the province, and InvalidValueError without a source, for a day not after the
    beginning of what holds now, a rule that has ended, or months without any interval.
    """
    _require_province(actor)
    if len(source.strip()) < 2:
        raise InvalidValueError("A rule needs its source.", remedy="Say where it is written.")
    if code is not None:
        last = _last_open(set_, code)
        if last.valid_from is not None and valid_from <= last.valid_from:
            raise InvalidValueError("The rule that holds now begins later than that day.")
        if last.rule is not None:
            last.rule.valid_to = valid_from - _DAY
            db.session.flush()
    rule = Rule(
        rule_set=set_,
        code=code or f"own-{uuid.uuid4().hex[:12]}",
        content=dict(content),
        source=source.strip(),
        valid_from=valid_from,
        made_by=actor.user_id,
        made_at=clock.now(),
    )
    db.session.add(rule)
    db.session.flush()
    _require_whole(set_, valid_from)
    record_event(
        "rule.added" if code is None else "rule.changed", actor_id=actor.user_id, subject=rule
    )
    return rule


def end_rule(set_: RuleSet, code: str, *, actor: Viewer, last_on: dt.date) -> Rule:
    """Let a rule hold until a day and no longer.

    Raises NotAllowedError, and InvalidValueError when it has ended, begins later, or nothing of
    its kind would be left.
    """
    _require_province(actor)
    last = _last_open(set_, code)
    if last.valid_from is not None and last_on < last.valid_from:
        raise InvalidValueError("The rule that holds now begins later than that day.")
    rule = last.rule
    if rule is None:
        rule = Rule(rule_set=set_, code=code, source=last.row["source"], valid_from=last_on)
        rule.content = {
            key: value
            for key, value in last.row.items()
            if key not in {"code", "source", "valid_from", "valid_to"}
        }
        rule.made_by, rule.made_at = actor.user_id, clock.now()
        db.session.add(rule)
    rule.valid_to = last_on
    db.session.flush()
    _require_whole(set_, last_on + _DAY)
    record_event("rule.ended", actor_id=actor.user_id, subject=rule)
    return rule


def take_back(rule: Rule, *, actor: Viewer) -> None:
    """Take the last act on a rule back: its end, or else its beginning.

    Raises NotAllowedError for anybody but the province, InvalidValueError for a rule that another
    has followed, or an added subsidy of which somebody has kept steps.
    """
    _require_province(actor)
    set_, code, begun = rule.rule_set, rule.code, rule.valid_from
    known = _history(set_, code)
    if known[-1].rule is not rule:
        raise InvalidValueError("Another rule has followed this one.")
    record_event("rule.taken_back", actor_id=actor.user_id, subject=rule)
    only_ends_the_first = (
        rule.valid_to == begun
        and len(known) == 2
        and known[0].rule is None
        and rule.content.items() <= known[0].row.items()
    )
    if rule.valid_to is not None and not only_ends_the_first:
        rule.valid_to = None
        return
    if len(known) == 1 and db.session.execute(_CLAIMED, {"code": code}).scalar_one():
        raise InvalidValueError("Somebody has kept steps of it.", remedy="End it instead.")
    db.session.delete(rule)
    if len(known) > 1 and known[-2].rule is not None:
        db.session.flush()
        known[-2].rule.valid_to = None
    db.session.flush()
    _require_whole(set_, begun)


def _last_open(set_: RuleSet, code: str) -> Held:
    last = _history(set_, code)[-1]
    if last.valid_to is not None:
        raise InvalidValueError("This rule has ended.", remedy="Take that back, or add a new one.")
    return last


def _history(set_: RuleSet, code: str) -> list[Held]:
    """The rules of one code. Raises InvalidValueError for a code that is not there."""
    found = [held for held in history_in(set_, own_rules(set_)) if held.code == code]
    if not found:
        raise InvalidValueError("There is no such rule.")
    return found


def _require_whole(set_: RuleSet, day: dt.date) -> None:
    """Refuse an act after which the pages would have nothing to judge by."""
    rows = rows_in(set_, own_rules(set_), day)
    if set_ is RuleSet.CONTACTS and any(interval_in(rows, month) is None for month in range(1, 13)):
        raise InvalidValueError(
            "Some months would have no interval of contacts.",
            remedy="Keep one rule that holds from January to December.",
        )
    if set_ is RuleSet.SERVICE and not rows:
        raise InvalidValueError("Nothing would be owed to anybody.", remedy="Add another first.")


def _require_province(actor: Viewer) -> None:
    if actor.role is not Role.PROVINCE:
        raise NotAllowedError("The province keeps these rules.")
