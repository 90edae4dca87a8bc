"""The words of the steps that a notice's people go, in the page's language."""

from flask_babel import lazy_gettext as _l

from placement.desk.notices.funnel import Step

# The word, what it counts, and who is left at it.
_STEPS = {
    Step.CHOSEN: (_l("chosen"), _l("Whom the notice was made for."), _l("nobody")),
    Step.QUEUED: (
        _l("can be told"),
        _l("There is at least one way to reach them: an address that works, and no objection."),
        _l("cannot be told"),
    ),
    Step.SENT: (
        _l("told"),
        _l("At least one message has gone out, or lies in an inbox that they can open."),
        _l("not told yet"),
    ),
    Step.DELIVERED: (
        _l("has arrived"),
        _l(
            "It lies in the inbox of an account that they have; a receipt says so, or they"
            " answered. Mail has no receipts."
        ),
        _l("not known to have arrived"),
    ),
    Step.READ: (
        _l("read it"),
        _l("Opened in the inbox, or answered. We do not track who opens a mail."),
        _l("not known to have read it"),
    ),
    Step.COMING: (
        _l("want to come"),
        _l("Signed up, or in line for a place."),
        _l("have not said that they come"),
    ),
    Step.CAME: (_l("came"), _l("Checked in at the door."), _l("did not come")),
    Step.RESULT: (
        _l("something came of it"),
        _l("An interview, an offer or the intent to sign was noted."),
        _l("nothing is noted of what came of it"),
    ),
}


def step_word(step: Step) -> str:
    """What a step is called."""
    return str(_STEPS[step][0])


def step_meaning(step: Step) -> str:
    """What a step counts."""
    return str(_STEPS[step][1])


def lacking_word(step: Step) -> str:
    """What those are called who have not reached a step."""
    return str(_STEPS[step][2])
