"""The words of paired help, in the page's language."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from placement.pairing.models import HelperKind
from placement.web.words import ByMember

_KINDS: ByMember[LazyString] = ByMember(
    [
        (HelperKind.TEACHER, _("Teacher")),
        (HelperKind.LEADER, _("Leader")),
        (HelperKind.ALUMNUS, _("Alumnus")),
        (HelperKind.INSTITUTION, _("Partner institution")),
    ]
)
_STATES = {
    "helping": (_("helping"), "good"),
    "silent": (_("a month without a word"), "late"),
    "objected": (_("the student objects"), "late"),
    "coming": (_("not yet begun"), "due"),
    "ended": (_("ended"), ""),
}


_REFUSALS = {
    "unknown": _("nobody of yours has this number"),
    "closed": _("the case is closed"),
    "nobody": _("helper or plan is missing"),
    "telling": _("unit or plan says why the student is helped"),
    "already": _("is paired with this helper already"),
}


def refusal_word(reason: str) -> LazyString:
    """Why a line of a table of pairs leads to nobody."""
    return _REFUSALS[reason]


def helper_word(kind: HelperKind) -> LazyString:
    """The word of who helps."""
    return _KINDS[kind]


def state_word(state: str) -> tuple[LazyString, str]:
    """The word and the tone of a state of `Helping`."""
    return _STATES[state]
