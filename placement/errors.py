"""The errors of the domain: each says what is wrong and what the user can do about it."""

import errno

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_DISK_FULL = "53100"
"""How PostgreSQL says so (SQLSTATE, appendix A of its manual)."""


class PlacementError(Exception):
    """Something was refused for a reason that a user can understand.

    `remedy` says what to do next. Both texts are English; `values` fill their `%(name)s`, so
    that a page can translate the text (`message_id`, `remedy_id`) before it is filled. `field`
    names the argument that is wrong, where it is one: a form shows the text beside that field.
    `code` is a short stable word for JSON answers; `status` the HTTP status.
    """

    code = "refused"
    status = 409

    def __init__(
        self, message: str, *, remedy: str = "", field: str = "", **values: object
    ) -> None:
        self.field = field
        self.message_id, self.remedy_id, self.values = message, remedy, values
        self.message = message % values if values else message
        self.remedy = remedy % values if values else remedy
        super().__init__(self.message)

    def __str__(self) -> str:
        """Message and remedy as one text, as a command prints it."""
        return f"{self.message} {self.remedy}".strip()


class ConfigurationError(PlacementError):
    """A setting is missing, unsafe or contradicts another."""

    code = "configuration"
    status = 500


class ServiceUnavailableError(PlacementError):
    """A server that the program needs does not answer."""

    code = "service_unavailable"
    status = 503


class NotVisibleError(PlacementError):
    """The object does not exist for this viewer, whether it exists or not."""

    code = "not_found"
    status = 404


class NotAllowedError(PlacementError):
    """The viewer sees the object and may not do this with it."""

    code = "not_allowed"
    status = 403


class InvalidValueError(PlacementError):
    """A value breaks a rule of the domain."""

    code = "invalid_value"
    status = 422


class EditConflictError(PlacementError):
    """Somebody else changed the object after the form was shown."""

    code = "edit_conflict"
    status = 409


class ScopeMissingError(RuntimeError):
    """A query ran without a scope: a mistake in the program, never shown as data."""


def is_disk_full(error: BaseException) -> bool:
    """Tell whether something failed because a disk is full: ours, or that of the database."""
    cause: BaseException | None = error
    while cause is not None:
        told = getattr(cause, "orig", None) or cause
        if getattr(told, "sqlstate", None) == _DISK_FULL:
            return True
        if isinstance(told, OSError) and told.errno in _NO_ROOM:
            return True
        cause = cause.__cause__
    return False
