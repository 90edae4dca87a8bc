"""The blueprint of notices: those who send them, those who get them, those who want no more."""

from flask import Blueprint

from placement.accounts.models import Role
from placement.notices import words

bp = Blueprint("notices", __name__)
SENDERS = (Role.UNIVERSITY, Role.PROVINCE)

for _word in (words.channel_word, words.notice_title, words.reason_word, words.state_tone):
    bp.add_app_template_filter(_word)
bp.add_app_template_filter(words.kind_word)
bp.add_app_template_filter(words.state_word)
