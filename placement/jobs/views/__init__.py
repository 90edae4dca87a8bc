"""The pages of postings; those that join them with cases are the desk's."""

from placement.jobs.views import computing, listing, offering, referring
from placement.jobs.views.blueprint import bp

__all__ = ["bp", "computing", "listing", "offering", "referring"]
