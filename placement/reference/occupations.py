"""Occupations of the national classification (2022): 'major-middle-small-detail'."""

from placement.reference.tables import CodeTable

_table = CodeTable("occupations")

entries = _table.entries
codes = _table.codes
entry = _table.entry
find = _table.find

_LEVELS = {0: "detail", 1: "small", 2: "middle", 3: "major"}


def name(code: str, locale: str = "zh_Hans_CN") -> str:
    """Return the name of an occupation or class; a class also without the zeros that fill it up."""
    parts = code.split("-")
    whole = "-".join([*parts, *["00"] * (4 - len(parts))])
    return _table.name(whole, locale) if whole in entries else code


def level(code: str) -> str:
    """Return 'major', 'middle', 'small' or 'detail', by the zeros at the end of the code."""
    return _LEVELS[sum(part == "00" for part in code.split("-")[1:])]


def above(code: str) -> tuple[str, ...]:
    """Return the codes of the classes that `code` lies in, the widest first."""
    parts = code.split("-")
    chain = ("-".join(parts[:n] + ["00"] * (4 - n)) for n in range(1, 4))
    return tuple(step for step in chain if step != code)
