"""The blueprint of drafts."""

from flask import Blueprint, current_app
from sqlalchemy.orm import joinedload

from placement.accounts.access import viewer
from placement.accounts.models import Role
from placement.composing import words
from placement.composing.models import NoticeDraft
from placement.composing.queries import visible_drafts
from placement.config import Settings
from placement.web import get_or_404

bp = Blueprint("composing", __name__)
COMPOSERS = (Role.UNIVERSITY, Role.PROVINCE)

for _word in (
    words.draft_state_word,
    words.draft_state_tone,
    words.setback_word,
    words.missed_word,
    words.way_word,
):
    bp.add_app_template_filter(_word)


def visible_draft(draft_id: int) -> NoticeDraft:
    """The draft of the address with its fair and people, if the viewer may see it; else 404."""
    drafts = visible_drafts(viewer()).options(
        joinedload(NoticeDraft.fair),
        joinedload(NoticeDraft.creator),
        joinedload(NoticeDraft.hander),
        joinedload(NoticeDraft.releaser),
    )
    return get_or_404(drafts, draft_id)


def settings() -> Settings:
    """The settings of this process."""
    found: Settings = current_app.config["SETTINGS"]
    return found
