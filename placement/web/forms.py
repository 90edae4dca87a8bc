"""The base of every form."""

import uuid
from typing import Any, ClassVar

from flask_babel import LazyString, get_locale
from flask_wtf import FlaskForm
from wtforms import HiddenField

from placement.errors import PlacementError
from placement.web.news import refusal

_MACHINERY = {"csrf_token", "submission_id"}


class PlacementForm(FlaskForm):
    """A form with a token against forgery, its messages in the page's language."""

    sends: ClassVar[LazyString | str] = ""
    """What its button says, where sending does more than save."""

    class Meta(FlaskForm.Meta):
        """Messages of the fields themselves, such as 'This field is required.'."""

        @property
        def locales(self) -> list[str]:
            """The page's language, in the names that WTForms has catalogues for."""
            return ["zh_CN", "zh"] if str(get_locale()).startswith("zh") else ["en"]

    def refuse(self, error: PlacementError) -> None:
        """Show what an operation refused: beside the field that it names, else on top alone."""
        said = refusal(error)
        if error.field in self._fields:
            field = self._fields[error.field]
            field.errors = [*field.errors, said]
        else:
            self.form_errors.append(said)

    @property
    def entered(self) -> dict[str, Any]:
        """What was entered, without what the form itself needs."""
        return {name: value for name, value in self.data.items() if name not in _MACHINERY}


class OnceForm(PlacementForm):
    """A form that does its act once, however often it is sent."""

    submission_id = HiddenField(default=lambda: str(uuid.uuid4()))

    @property
    def submission(self) -> uuid.UUID:
        """The number that the form was shown with; a made-up one if it was tampered with."""
        try:
            return uuid.UUID(self.submission_id.data or "")
        except ValueError:
            return uuid.uuid4()


__all__ = ["OnceForm", "PlacementForm"]
