"""What the province keeps for everybody: a word of a list, a rule of the rulebook."""

from placement import clock
from placement.accounts.models import Role
from placement.db import db
from placement.rulebook.models import Rule, RuleSet
from placement.vocabulary.models import Term, WordList
from tests.factories import make_user, save


def kept_lists() -> dict[str, int]:
    """The numbers of a word and of a rule, by the names that routes give them."""
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
    save(term, rule)
    return {"term_id": term.id, "rule_id": rule.id}
