"""Administrative divisions by GB/T 2260: six digits, province, prefecture and county."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from placement.reference.folding import fold_code, fold_label
from placement.reference.tables import read_rows

_EARTH_RADIUS_KM = 6371.0
_CITY_SUFFIXES = ("特别行政区", "自治区", "自治州", "地区", "省", "市", "盟")
FUJIAN = "350000"


@dataclass(frozen=True, slots=True)
class Division:
    """One division; the years are those of the national lists in which its code stands."""

    code: str
    zh: str
    en: str
    longitude: float | None
    latitude: float | None
    first_year: int | None
    last_year: int | None

    @property
    def level(self) -> str:
        """'province', 'prefecture' or 'county', by the digits of the code."""
        if self.code.endswith("0000"):
            return "province"
        return "prefecture" if self.code.endswith("00") else "county"

    def holds_in(self, year: int) -> bool:
        """Say whether the code stood in the national list of `year`."""
        return (self.first_year is None or self.first_year <= year) and (
            self.last_year is None or year <= self.last_year
        )


def _number(text: str) -> float | None:
    return float(text) if text else None


def _year(text: str) -> int | None:
    return int(text) if text else None


@cache
def all_divisions() -> Mapping[str, Division]:
    """Return every division by code, abolished ones too."""
    return {
        row["code"]: Division(
            row["code"],
            row["zh"],
            row["en"],
            _number(row["longitude"]),
            _number(row["latitude"]),
            _year(row["first_year"]),
            _year(row["last_year"]),
        )
        for row in read_rows("divisions")
    }


def get(code: str) -> Division | None:
    """Return the division of `code`, abolished or not, or None."""
    return all_divisions().get(code)


def find(text: str) -> str | None:
    """Return the six-digit code that `text` means: a code, or a name that fits only one place.

    Names are taken alone ('古田县'), with what is above them ('福建省宁德市古田县')
    and, for provinces and cities, without their suffix ('福州'). Abolished
    divisions are found, since people outlive counties; where a standing place bears the
    name too, the standing one is meant (安徽省巢湖市).
    """
    code = fold_code(text)
    if code.isdecimal():
        return code if code in all_divisions() else None
    return _by_name().get(fold_label(text))


@cache
def _by_name() -> Mapping[str, str]:
    owners: dict[str, str | None] = {}
    for division in sorted(all_divisions().values(), key=_standing_first):
        for label in _labels(division):
            _claim(owners, label, division)
    return {label: code for label, code in owners.items() if code}


def _standing_first(division: Division) -> tuple[bool, str]:
    return division.last_year is not None, division.code


def _claim(owners: dict[str, str | None], label: str, division: Division) -> None:
    # A name that two standing places share belongs to neither; a later code of
    # the same place (sorted behind) does not take it away.
    if label not in owners:
        owners[label] = division.code
    elif division.last_year is None:
        owners[label] = None


def _labels(division: Division) -> set[str]:
    above = [
        all_divisions().get(code) for code in (province(division.code), prefecture(division.code))
    ]
    names = [place.zh for place in above if place and place is not division]
    labels = {division.zh, "".join([*names, division.zh])}
    if names:
        labels.add(names[-1] + division.zh)
        labels.add(names[0] + division.zh)
    if division.level != "county":
        labels |= {_without_suffix(label) for label in labels}
    return {fold_label(label) for label in labels}


def _without_suffix(name_zh: str) -> str:
    for suffix in _CITY_SUFFIXES:
        if name_zh.endswith(suffix) and len(name_zh) > len(suffix) + 1:
            return name_zh.removesuffix(suffix)
    return name_zh


def province(code: str) -> str:
    """Return the code of the province that `code` lies in."""
    return code[:2] + "0000"


def prefecture(code: str) -> str:
    """Return the code of the prefecture-level city that `code` lies in."""
    return code[:4] + "00"


def name(code: str, locale: str = "zh_Hans_CN") -> str:
    """Return the name of the division, of what it lies in if it is unknown, else the code."""
    for candidate in (code, prefecture(code), province(code)):
        division = all_divisions().get(candidate)
        if division is not None:
            return division.zh if locale.startswith("zh") else division.en
    return code


def full_name(code: str, locale: str = "zh_Hans_CN") -> str:
    """Return the name with what is above it: 福建省宁德市古田县; Gutian County, Ningde, Fujian."""
    chain = dict.fromkeys(
        name(part, locale)
        for part in (province(code), prefecture(code), code)
        if part in all_divisions()
    )
    if locale.startswith("zh"):
        return "".join(chain) or code
    return ", ".join(reversed(list(chain))) or code


def is_current(code: str, on: dt.date) -> bool:
    """Say whether the code is known and stood in the national list in the year of `on`."""
    division = get(code)
    return division is not None and division.holds_in(on.year)


@cache
def key_counties() -> tuple[str, ...]:
    """Return the codes of the 23 key counties of Fujian's poverty relief work (2012 to 2020)."""
    return tuple(row["code"] for row in read_rows("key_counties"))


def _position(code: str) -> tuple[float, float] | None:
    for candidate in (code, prefecture(code), province(code)):
        division = all_divisions().get(candidate)
        if (
            division is not None
            and division.longitude is not None
            and division.latitude is not None
        ):
            return math.radians(division.longitude), math.radians(division.latitude)
    return None


@cache
def distance_km(one: str, other: str) -> float | None:
    """Return the great-circle distance in kilometres between two divisions, None if unknown.

    A division without coordinates of its own takes those of the city or the
    province that it lies in; coordinates are good to about a kilometre.
    """
    start, end = _position(one), _position(other)
    if start is None or end is None:
        return None
    half = (
        math.sin((end[1] - start[1]) / 2) ** 2
        + math.cos(start[1]) * math.cos(end[1]) * math.sin((end[0] - start[0]) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))
