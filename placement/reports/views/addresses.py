"""The question of a page as its address says it, and addresses that ask a little else."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for

from placement import clock
from placement.accounts.models import Role
from placement.accounts.viewer import Viewer
from placement.reports.asking import Address, read_question, write_conditions
from placement.reports.dimensions import label
from placement.reports.questions import Base, Basis, Condition, Question
from placement.reports.words import page_locale

_KEPT = ("year", "as_of", "known_at", "scheme", "base", "basis")
_READ = (*_KEPT, "moment", "university")
_BY_THE_RULES = {"base": Base.COUNTED.value, "basis": Basis.VERIFIED.value}
"""What an address need not say."""

FIRST_GROUP = {Role.PROVINCE: "university", Role.UNIVERSITY: "college", Role.COUNSELOR: "level"}


def question_of_page(viewer: Viewer, years: Sequence[int]) -> Question:
    """The question of this request's address. Raises InvalidValueError."""
    today = clock.today()
    return read_question(
        Address(
            **{name: request.args.get(name, "").strip() for name in _READ},
            by="+".join(dict.fromkeys(name for name in request.args.getlist("by") if name)),
            where=request.args.getlist("where"),
        ),
        newest=years[0] if years else today.year,
        today=today,
        grouped_by=FIRST_GROUP[viewer.role],
    )


def applied_conditions(question: Question, universities: dict[str, str]) -> list[tuple[str, str]]:
    """The conditions in words, each with the address of the same page without it."""
    found = []
    for item in question.where:
        others = [other for other in question.where if other != item]
        words = label(
            item.dimension,
            item.key,
            universities=universities,
            scheme=question.scheme,
            locale=page_locale(),
        )
        address = address_of(others, request.args.get("is", ""))
        address |= {name: request.args.getlist(name) for name in ("by", "moment", "show")}
        found.append((words, url_for(str(request.endpoint), **address)))
    return found


def address_of(conditions: Sequence[Condition], status: str) -> dict[str, Any]:
    """The words of an address that narrow this page's question so, as `url_for` takes them."""
    kept: dict[str, Any] = {
        name: request.args[name]
        for name in _KEPT
        if request.args.get(name) and request.args[name] != _BY_THE_RULES.get(name)
    }
    kept["where"] = write_conditions(conditions)
    if status:
        kept["is"] = status
    return kept
