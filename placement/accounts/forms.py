"""What may be typed at the door."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from placement.web import PlacementForm


class SignInForm(PlacementForm):
    """Name and password."""

    username = StringField(_("User name"), [InputRequired(), Length(max=200)])
    password = PasswordField(_("Password"), [InputRequired(), Length(max=1000)])
    next = HiddenField()


class NewPasswordForm(PlacementForm):
    """A new password, twice."""

    password = PasswordField(_("New password"), [InputRequired(), Length(max=1000)])
    again = PasswordField(
        _("New password again"),
        [InputRequired(), EqualTo("password", _("The two passwords differ."))],
    )


class ActivationForm(NewPasswordForm):
    """The code from the sheet or the mail, and the password to set with it."""

    code = StringField(_("Activation code"), [InputRequired(), Length(max=60)])


class ForgottenForm(PlacementForm):
    """The name of an account whose password is lost."""

    username = StringField(_("User name"), [InputRequired(), Length(max=200)])


class StaffForm(PlacementForm):
    """A staff account."""

    display_name = StringField(_("Name"), [InputRequired(), Length(max=100)])
    username = StringField(_("User name"), [InputRequired(), Length(max=100)])
    role = RadioField(_("Role"), choices=[])
    university_id = SelectField(_("University"), coerce=int, choices=[], validators=[Optional()])
    staff_number = StringField(_("Staff number"), [Optional(), Length(max=50)])
    phone = StringField(_("Office phone"), [Optional(), Length(max=50)])
    email = StringField(
        _("E-mail"),
        [Optional(), Length(max=254)],
        description=_("The activation code is mailed there, which confirms the address."),
    )


class AddressForm(PlacementForm):
    """A mail address of one's own, with the password given again."""

    email = StringField(
        _("E-mail"),
        [InputRequired(), Length(max=254)],
        render_kw={"type": "email", "autocomplete": "email", "inputmode": "email"},
    )
    password = PasswordField(
        _("Your password"),
        [InputRequired(), Length(max=1000)],
        render_kw={"autocomplete": "current-password"},
    )
