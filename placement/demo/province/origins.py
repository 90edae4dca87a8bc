"""Where the students come from: counties of Fujian and of other provinces."""

import datetime as dt

import numpy as np

from placement.demo.province.draws import Flags, Reals, Texts, draw, texts
from placement.reference import divisions

RURAL, TOWN, CITY = "农村", "城镇", "城市"

_CITY_WEIGHTS = {
    "3501": 19.0, "3502": 8.0, "3503": 9.0, "3504": 7.0, "3505": 22.0,
    "3506": 13.0, "3507": 8.0, "3508": 8.0, "3509": 9.0,
}  # fmt: skip
_KINMEN = "350527"
_NEIGHBOURS = ("33", "34", "36", "41", "42", "43", "44", "45", "51", "52", "53", "62")
_SHE_COUNTIES = ("350981", "350921", "350902", "350982", "350123", "350122", "350823", "350702")
_HOME_OF_GROUP = {
    "02": "15", "03": "62", "04": "54", "05": "65", "06": "52", "07": "53", "08": "45",
    "09": "52", "11": "21", "12": "52", "13": "45", "15": "42",
}  # fmt: skip


def draw_origins(rng: np.random.Generator, rural: Flags) -> Texts:
    """Return the kind of origin as files write it: 农村, or 城镇 and 城市, which are one."""
    kinds = texts([RURAL] * len(rural))
    urban = np.flatnonzero(~rural)
    kinds[urban] = texts([TOWN, CITY])[draw(rng, [0.45, 0.55], len(urban))]
    return kinds


def draw_divisions(
    rng: np.random.Generator, *, rural: Flags, poor: Flags, ethnic: Texts, year: int
) -> Texts:
    """Return six-digit codes that stood in `year`: the poor mostly from the 23 key counties."""
    codes = _counties(year, ("35",))
    found = texts([""] * len(rural))
    for is_poor in (False, True):
        for is_rural in (False, True):
            rows = np.flatnonzero((poor == is_poor) & (rural == is_rural))
            weights = _weights(codes, rural=is_rural, poor=is_poor)
            found[rows] = codes[draw(rng, weights, len(rows))]
    away = np.flatnonzero(rng.random(len(rural)) < 0.06)
    elsewhere = _counties(year, _NEIGHBOURS)
    found[away] = elsewhere[rng.integers(0, len(elsewhere), len(away))]
    _settle_groups(rng, found, ethnic, year)
    return found


def _settle_groups(rng: np.random.Generator, found: Texts, ethnic: Texts, year: int) -> None:
    """Let most people of a minority come from where their group lives."""
    she = np.flatnonzero((ethnic == "22") & (rng.random(len(found)) < 0.8))
    homes = texts([code for code in _SHE_COUNTIES if _stands(code, year)])
    found[she] = homes[rng.integers(0, len(homes), len(she))]
    for group, province in _HOME_OF_GROUP.items():
        rows = np.flatnonzero((ethnic == group) & (rng.random(len(found)) < 0.85))
        homes = _counties(year, (province,))
        found[rows] = homes[rng.integers(0, len(homes), len(rows))]


def _stands(code: str, year: int) -> bool:
    return divisions.is_current(code, dt.date(year, 1, 1))


def _counties(year: int, provinces: tuple[str, ...]) -> Texts:
    return texts(
        [
            code
            for code, division in divisions.all_divisions().items()
            if code[:2] in provinces
            and division.level == "county"
            and division.holds_in(year)
            and code != _KINMEN
        ]
    )


def _weights(codes: Texts, *, rural: bool, poor: bool) -> Reals:
    """Weigh the counties: rural students come from counties, urban ones from districts."""
    key = set(divisions.key_counties())
    weights = []
    for code in codes.tolist():
        weight = _CITY_WEIGHTS[code[:4]]
        is_district = code[4:] < "20"
        weight *= (0.5 if rural else 2.0) if is_district else 1.0
        if poor and code in key:
            weight *= 6.0
        weights.append(weight)
    return np.asarray(weights)
