"""The pages of accounts: the door, and the staff accounts that an administrator looks after."""

from placement.accounts.views import door, staff
from placement.accounts.views.blueprint import bp

__all__ = ["bp", "door", "staff"]
