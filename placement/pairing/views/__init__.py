"""The pages of paired help: the counselor's, the student's, and that of the link."""

from placement.pairing.views import by_link, many, objecting, pairs, words
from placement.pairing.views.blueprint import bp

__all__ = ["bp", "by_link", "many", "objecting", "pairs", "words"]
