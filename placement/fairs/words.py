"""The words of fairs for pages and exports, in the page's language."""

from flask_babel import lazy_gettext as _l

from placement.fairs.models import SignUpState

_STATES = {
    SignUpState.COMING: _l("comes"),
    SignUpState.WAITING: _l("in line"),
    SignUpState.WITHDRAWN: _l("does not come"),
}


def state_word(state: SignUpState) -> str:
    """What a student answered."""
    return str(_STATES[state])
