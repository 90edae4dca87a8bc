"""What a member of staff may choose to be told by mail."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from placement.accounts.models import Role, User
from placement.accounts.viewer import Viewer
from placement.notices.models import Channel, NoticeKind
from placement.notices.operations.staff import KINDS_OF_ROLE
from placement.notices.queries import opted_out_channels
from placement.notices.words import KINDS
from placement.web import PlacementForm

DIGEST_HOURS = range(7, 21)


class MailsForm(PlacementForm):
    """The kinds of mails wanted, and the hour of the digest for a counselor."""

    kinds = SelectMultipleField(_("Tell me by mail of"), choices=[], coerce=str)
    digest = SelectField(
        _("How many stand on my list of today"),
        [Optional()],
        choices=[],
        coerce=str,
        description=_("From Monday to Friday, once a day at most, without names."),
    )

    @property
    def hour(self) -> int | None:
        """The hour of the digest; none for no digest, and where none is offered."""
        chosen = self.data.get("digest")
        return int(chosen) if chosen else None


def mails_form(viewer: Viewer, user: User | None = None) -> MailsForm:
    """The form for a viewer; with `user`, what they have chosen until now."""
    form = MailsForm() if user is None else MailsForm(data=_chosen(viewer, user))
    form.kinds.choices = [SelectChoice(k.value, KINDS[k]) for k in KINDS_OF_ROLE[viewer.role]]
    form.digest.choices = [
        SelectChoice("", gettext("no mail")),
        *(SelectChoice(str(hour), f"{hour:02d}:00") for hour in DIGEST_HOURS),
    ]
    if viewer.role is not Role.COUNSELOR:
        del form.digest
    return form


def _chosen(viewer: Viewer, user: User) -> dict[str, object]:
    wanted = [k.value for k in KINDS_OF_ROLE[viewer.role] if _wants(k, user)]
    hour = user.digest_hour if _wants(NoticeKind.DAY, user) else None
    return {"kinds": wanted, "digest": "" if hour is None else str(hour)}


def _wants(kind: NoticeKind, user: User) -> bool:
    return Channel.MAIL not in opted_out_channels(None, kind, user_id=user.id)
