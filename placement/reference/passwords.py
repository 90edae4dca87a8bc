"""Passwords that others guess first, by pattern and by a short list of our own making."""

import functools
import itertools
import re

_WORDS = [
    "password",
    "passw0rd",
    "qwerty",
    "asdfgh",
    "zxcvbn",
    "iloveyou",
    "admin",
    "administrator",
    "welcome",
    "letmein",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "sunshine",
    "princess",
    "master",
    "shadow",
    "superman",
    "batman",
    "trustno1",
    "abc",
    "woaini",
    "woaiwojia",
    "wodemima",
    "mima",
    "jiuye",
    "biye",
    "fujian",
    "fuzhou",
    "xiamen",
    "quanzhou",
    "daxue",
    "xuesheng",
    "placement",
    "student",
    "teacher",
    "counselor",
    "qazwsx",
    "qweasd",
    "asdzxc",
    "a1b2c3",
    "aa123456",
    "5201314",
    "1314520",
]
_ROWS = (
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
)
_TAIL = re.compile(r"[\d\W_]*$")
_YEARS = re.compile(r"^(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])\d{0,4}$")


@functools.cache
def _common() -> frozenset[str]:
    pairs = itertools.product(_WORDS, repeat=2)
    return frozenset(_WORDS) | frozenset(first + second for first, second in pairs)


def is_common(password: str) -> bool:
    """Whether a lower-case password is a common word, a row of keys, a date or a repetition."""
    core = _TAIL.sub("", password)
    if core in _common() or (not core and _is_plain_number(password)):
        return True
    half = password[: len(password) // 2]
    if half and password in {half * 2, half * 2 + half[:1]}:
        return True
    return any(password in row or password in row[::-1] for row in _ROWS)


def _is_plain_number(password: str) -> bool:
    digits = re.sub(r"\D", "", password)
    if _YEARS.match(digits):
        return True
    return any(digits in row or digits in row[::-1] for row in _ROWS) or len(set(digits)) < 4
