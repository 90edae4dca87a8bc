"""The names of the lists, in the page's language."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from placement.vocabulary.models import WordList
from placement.web.words import ByMember

LISTS: ByMember[LazyString] = ByMember(
    [(WordList.BARRIERS, _("Kinds of barriers")), (WordList.ACTIONS, _("Kinds of help"))]
)
