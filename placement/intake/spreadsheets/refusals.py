"""A file that is refused as a whole, with a stable code and what its sender can do."""

from placement.errors import PlacementError

REASONS: dict[str, tuple[str, str]] = {
    "not_a_spreadsheet": (
        "The file is not a spreadsheet that can be read.",
        "Save it as XLSX or as CSV and send it again.",
    ),
    "old_format": (
        "The file is in a format that is not taken, or it has a password.",
        "Open it, save it as XLSX without a password and send it again.",
    ),
    "has_macros": (
        "The file holds macros.",
        "Save it as XLSX without macros and send it again.",
    ),
    "too_large": (
        "The file is larger than %(limit)s MB.",
        "Leave out what is not needed or send it in parts.",
    ),
    "too_many_rows": (
        "The file has more than %(limit)s rows.",
        "Send it in parts.",
    ),
    "too_many_columns": (
        "The file has more than %(limit)s columns.",
        "Leave out the columns that are not needed.",
    ),
    "bomb": (
        "The file unpacks to far more than its size and was not opened.",
        "Copy the rows into a new workbook and send that.",
    ),
    "unsafe_xml": (
        "The file holds declarations that a spreadsheet does not need and was not opened.",
        "Copy the rows into a new workbook and send that.",
    ),
    "no_headings": (
        "None of the headings is known.",
        "Give the columns the headings of the template.",
    ),
}
"""Message and remedy of each refusal: English message ids, translated where they are shown."""


class FileRefusedError(PlacementError):
    """The whole file was refused; nothing of it was taken.

    `code` is stable and one of REASONS; `message_id` and `values` make the
    message in any language.
    """

    status = 422

    def __init__(self, code: str, **values: object) -> None:
        message, remedy = REASONS[code]
        shown = {name: f"{value:,}" for name, value in values.items()}
        super().__init__(message, remedy=remedy, **shown)
        self.code = code
