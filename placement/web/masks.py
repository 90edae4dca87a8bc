"""How much of a name or number is shown to somebody who may know that it exists, not what it is."""

STAR = "*"


def mask_id(number: str | None) -> str:
    """Hide an ID number but for its first four and last two characters.

    A resident number keeps the province and city of its first entry and no day of birth; a number
    of fewer than ten characters (a passport) keeps its first and last only. Empty stays empty.
    """
    if not number:
        return ""
    head, tail = (4, 2) if len(number) >= 10 else (1, 1)
    return _hidden(number, head=head, tail=tail)


def mask_phone(number: str | None) -> str:
    """Hide the middle of a phone number: 138****5678. Empty stays empty."""
    if not number:
        return ""
    head, tail = (3, 4) if len(number) >= 11 else (0, 2)
    return _hidden(number, head=head, tail=tail)


def mask_email(address: str | None) -> str:
    """Hide the person's part of an address but for its first letter: l***@school.example."""
    if not address:
        return ""
    person, at, domain = address.partition("@")
    return f"{person[:1]}{STAR * 3}{at}{domain}"


def mask_name(name: str | None) -> str:
    """Keep the first character of a name; two stars at most, so that its length tells little.

    林梅 becomes 林*, 王小明 and 阿依古丽·买买提 become 王** and 阿**, Lin Mei becomes L**.
    """
    if not name:
        return ""
    return name[0] + STAR * min(len(name) - 1, 2)


def _hidden(text: str, *, head: int, tail: int) -> str:
    hidden = max(len(text) - head - tail, 0)
    if hidden == 0:
        return STAR * len(text)
    return text[:head] + STAR * hidden + text[len(text) - tail :]
