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


def helper_word(kind: HelperKind) -> LazyString:
    """The word of who helps."""
    return _KINDS[kind]


def state_word(state: str) -> tuple[LazyString, str]:
    """The word and the tone of a state of `Helping`."""
    return _STATES[state]
