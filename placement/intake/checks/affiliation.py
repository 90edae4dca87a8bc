"""Which university a row belongs to: a code, a known name, or the one given beside the file."""

from collections.abc import Mapping

from placement.intake.checks import messages
from placement.intake.checks.draft import Draft
from placement.intake.checks.problems import MISSING, UNKNOWN_UNIVERSITY, Fault
from placement.reference.folding import fold_code, fold_label

_IDENTIFYING_CODE = 10


def fold_university_code(text: str) -> str:
    """Return a university's code in capitals; of a ten-digit identifying code the last five."""
    code = fold_code(text).upper()
    if len(code) == _IDENTIFYING_CODE and code.isdecimal() and code.startswith("4"):
        return code[5:]
    return code


def read_universities(draft: Draft, *, needed: bool = True, may_add: bool = False) -> None:
    """Read `university` and `university_name` of every row into the column `university`.

    A known name does for a code. With `may_add` an unknown code with a name is
    added, with a caution; without a name it is a problem.
    """
    reader = _UniversityReader(draft, needed=needed, may_add=may_add)
    pairs = list(zip(draft.texts("university"), draft.texts("university_name"), strict=True))
    known = {pair: reader.read(*pair) for pair in dict.fromkeys(pairs)}
    values: list[str | None] = []
    for place, pair in enumerate(pairs):
        value = known[pair]
        if isinstance(value, Fault):
            draft.fail(place, "university", value, pair[0] or pair[1])
            value = None
        values.append(value)
    draft.columns["university"] = values
    if "university_name" in draft.table.known:
        draft.columns["university_name"] = [name or None for _, name in pairs]
    _caution_new(draft, values)


def _caution_new(draft: Draft, values: list[str | None]) -> None:
    places: dict[str, list[int]] = {code: [] for code in draft.new_universities}
    for place, value in enumerate(values if places else ()):
        if value in places:
            places[value].append(place)
    for code, found in places.items():
        draft.caution(
            found,
            "university",
            UNKNOWN_UNIVERSITY,
            messages.CAUTION_UNIVERSITY,
            value=code,
            university=code,
            named=draft.new_universities[code],
        )


class _UniversityReader:
    def __init__(self, draft: Draft, *, needed: bool, may_add: bool) -> None:
        self.draft = draft
        self.needed = needed
        self.may_add = may_add
        self.options = draft.options
        self.by_name = _names(self.options.universities)

    def read(self, code_text: str, name_text: str) -> str | Fault | None:
        code = self._code(code_text, name_text)
        if isinstance(code, Fault) or code is None:
            return code
        return self._other(code) if self._is_other(code) else code

    def _is_other(self, code: str) -> bool:
        return self.options.only_university and code != self.options.university

    @staticmethod
    def _other(code: str) -> Fault:
        return Fault(UNKNOWN_UNIVERSITY, messages.OTHER_UNIVERSITY, {"university": code})

    def _code(self, code_text: str, name_text: str) -> str | Fault | None:
        code = self._known(code_text)
        if code is not None:
            return code
        if code_text:
            return self._unknown(code_text, name_text)
        code = self._known(name_text)
        if code is not None:
            return code
        if self.options.university is not None:
            return self.options.university
        if name_text:
            return self._refused(name_text)
        return Fault(MISSING, messages.MISSING) if self.needed else None

    def _known(self, text: str) -> str | None:
        code = fold_university_code(text)
        if code in self.options.universities:
            return code
        return self.by_name.get(fold_label(text)) if text else None

    def _unknown(self, code_text: str, name_text: str) -> str | Fault:
        code = fold_university_code(code_text)
        plain = code.isascii() and code.isalnum() and len(code) <= _IDENTIFYING_CODE
        if not (self.may_add and name_text and plain):
            return self._refused(code_text)
        if self._is_other(code):
            return self._other(code)
        self.draft.new_universities.setdefault(code, name_text)
        return code

    def _refused(self, text: str) -> Fault:
        message = messages.UNKNOWN_UNIVERSITY if self.may_add else messages.UNKNOWN_UNIVERSITY_HERE
        return Fault(UNKNOWN_UNIVERSITY, message, {"university": text})


def _names(universities: Mapping[str, str]) -> Mapping[str, str]:
    return {fold_label(name): code for code, name in universities.items()}
