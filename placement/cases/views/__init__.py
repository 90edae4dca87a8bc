"""The acts on a case; its page is the desk's."""

from placement.cases.views import answering, approving, closing, contacts, group_talk, plan
from placement.cases.views.blueprint import bp

__all__ = ["answering", "approving", "bp", "closing", "contacts", "group_talk", "plan"]
