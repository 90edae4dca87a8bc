"""What is kept: a word of a list, a rule of the rulebook, a file that somebody asked for."""

from placement import clock
from placement.accounts.models import Role, User
from placement.db import db
from placement.rulebook.models import Rule, RuleSet
from placement.vocabulary.models import Term, WordList
from placement.work.models import Work, WorkKind
from tests.factories import make_user, save


def kept_lists(counselor: User) -> dict[str, int]:
    """The numbers of a word, a rule and a counselor's file, by the names that routes give them."""
    number, keeper = db.session.query(Term).count(), make_user(Role.PROVINCE).id
    term = Term(
        list=WordList.BARRIERS,
        code=f"own-{number}",
        base="other",
        zh=f"词语{number}",
        valid_from=clock.today(),
        made_by=keeper,
    )
    rule = Rule(
        rule_set=RuleSet.SERVICE,
        code=f"own-{number}",
        content={"zh": "走访", "en": "", "kinds": "other", "needed": "1", "within_days": "90"},
        source="CANARY source",
        valid_from=clock.today(),
        made_by=keeper,
    )
    asked = {"address": "/reports/people.csv?CANARY", "locale": "en"}
    work = Work(kind=WorkKind.EXPORT, input=asked, actor_id=counselor.id)
    save(term, rule, work)
    return {"term_id": term.id, "rule_id": rule.id, "work_id": work.id}
