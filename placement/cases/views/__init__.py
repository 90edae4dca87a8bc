"""The acts on a case; its page is the desk's."""

from placement.cases.views import closing, contacts, plan
from placement.cases.views.blueprint import bp

__all__ = ["bp", "closing", "contacts", "plan"]
