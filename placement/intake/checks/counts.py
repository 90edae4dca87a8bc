"""Counts of all graduates for comparison, and the list of universities."""

from placement.intake.checks import messages
from placement.intake.checks.affiliation import fold_university_code, read_universities
from placement.intake.checks.draft import Checked, Draft, Options
from placement.intake.checks.problems import BAD_FORMAT, UNKNOWN_CODE, Fault
from placement.intake.checks.values import code_reader, count_reader, read_date, text_reader
from placement.intake.spreadsheets import Table
from placement.reference import divisions, levels
from placement.reference.folding import fold_label

_KINDS = {
    "undergraduate": ("本科", "本科院校", "普通本科", "独立学院", "undergraduate"),
    "vocational": ("高职", "专科", "高职高专", "高职专科", "高职院校", "专科院校", "vocational"),
}
_KIND_OF = {fold_label(word): kind for kind, words in _KINDS.items() for word in words}


def check_baseline(table: Table, options: Options) -> Checked:
    """Check counts of all graduates by university and level, each as of a day."""
    draft = Draft(table, options)
    read_universities(draft, may_add=True)
    draft.read("level", _read_level, needed=True)
    graduates = draft.read("graduates", count_reader(), needed=True)
    placed = draft.read("placed", count_reader(), needed=True)
    draft.read("as_of", read_date, needed=True)
    for place, (all_of_them, of_them) in enumerate(zip(graduates, placed, strict=True)):
        if all_of_them is not None and of_them is not None and of_them > all_of_them:
            values = {"placed": of_them, "graduates": all_of_them}
            draft.fail(place, "placed", Fault(BAD_FORMAT, messages.MORE_PLACED, values))
    columns = draft.columns
    keys = zip(columns["university"], columns["level"], columns["as_of"], strict=True)
    draft.settle_duplicates("level", list(keys))
    return draft.finish()


def _read_level(text: str) -> str | Fault:
    found = levels.find(text)
    return Fault(UNKNOWN_CODE, messages.UNKNOWN_CODE) if found is None else found[0]


def check_universities(table: Table, options: Options) -> Checked:
    """Check a list of universities; `kind` is 'undergraduate' or 'vocational' where it is said."""
    draft = Draft(table, options)
    codes = draft.read("code", _read_university_code, needed=True)
    draft.read("name", text_reader(), needed=True)
    draft.read("city", code_reader(divisions.find))
    draft.read("kind", code_reader(lambda text: _KIND_OF.get(fold_label(text))))
    draft.settle_duplicates("code", codes)
    return draft.finish()


def _read_university_code(text: str) -> str | Fault:
    code = fold_university_code(text)
    if not code.isascii() or not code.isalnum() or len(code) > 10:
        return Fault(BAD_FORMAT, messages.NOT_A_NUMBER)
    return code
