"""How a Chinese name is read: the pinyin by which people are sorted and found."""

import os
import re
from functools import cache, lru_cache

# Names are read character by character; the table of phrases would take 40 MB and find nothing.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import lazy_pinyin

_SURNAMES = {
    "万俟": "mo qi",
    "尉迟": "yu chi",
    "单": "shan",
    "曾": "zeng",
    "解": "xie",
    "仇": "qiu",
    "查": "zha",
    "任": "ren",
    "朴": "piao",
    "盖": "ge",
    "翟": "zhai",
    "区": "ou",
    "缪": "miao",
    "乐": "yue",
    "纪": "ji",
    "华": "hua",
    "覃": "qin",
    "召": "shao",
    "员": "yun",
    "宓": "mi",
    "冼": "xian",
    "折": "she",
    "种": "chong",
    "黑": "he",
    "葛": "ge",
    "那": "na",
    "晟": "cheng",
    "燕": "yan",
    "隗": "wei",
}
"""Surnames that are read otherwise than the same character in a word."""


_PARTS = re.compile(r"[A-Za-z0-9]+|[^\W_]")


@lru_cache(maxsize=65_536)
def read_name(name: str) -> tuple[str, str]:
    """Return the pinyin of a person's name without tones and its first letters, in lower case.

    '单晓梅' is ('shan xiao mei', 'sxm'). Dots, spaces and other signs are left out; Latin
    words stay.
    """
    surname = _SURNAMES.get(name[:2]) or _SURNAMES.get(name[:1]) or ""
    begin = surname.split()
    return _joined(begin + _read_parts(name[len(begin) :]))


def read_title(title: str) -> tuple[str, str]:
    """Return the same for the name of an institution, whose first character is no surname."""
    return _joined(_read_parts(title))


def _joined(parts: list[str]) -> tuple[str, str]:
    return " ".join(parts), "".join(part[0] for part in parts)


def _read_parts(text: str) -> list[str]:
    return [_read_part(part) for part in _PARTS.findall(text)]


@cache
def _read_part(part: str) -> str:
    return str(lazy_pinyin(part)[0]).lower()


_COMPOUND = re.compile(
    "欧阳|上官|司马|诸葛|司徒|司空|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|端木|轩辕|夏侯|钟离|闻人"
    "|澹台|公冶|申屠|太叔|呼延|赫连|濮阳|淳于|单于|独孤|南宫|西门|万俟|第五|百里|东郭|拓跋"
)
"""Surnames of two characters."""


def given_name(name: str) -> str:
    """Return a person's name without the surname, for who is to know no more.

    '林晓梅' is '晓梅', '欧阳娜' '娜'; of a name with a dot or in Latin letters, which begins with
    the given name or may, it is the first part.
    """
    parts = re.split(r"[·•．.\s]+", name.strip())
    if len(parts) > 1 or parts[0].isascii():
        return parts[0]
    length = 2 if len(name) > 2 and _COMPOUND.match(name) else 1
    return name[length:] or name
