"""Who takes people: made-up employers, each with 示例 in its name so that nobody is meant."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from placement.demo.province.draws import Ints, Texts, draw, rank_within, texts
from placement.demo.province.words import read_words, split_words
from placement.reference import divisions

CITIES = tuple(f"350{number}00" for number in range(1, 10))
CITY_WEIGHTS = (26.0, 22.0, 7.0, 6.0, 18.0, 8.0, 4.0, 5.0, 4.0)

_FIRST = (
    "青禾", "云帆", "海丝", "榕树", "闽江", "山海", "晨曦", "远航",
    "同心", "春风", "武夷", "鼓岭", "清源", "白鹭", "红树林", "碧水",
)  # fmt: skip
_SECOND = (
    "优品", "智联", "嘉业", "安泰", "众合", "博远", "鑫源", "恒通",
    "佳信", "宏图", "新程", "乐居", "和谐", "百川", "润泽", "启明",
)  # fmt: skip

# GB 11714 and GB 32100: weights of the organisation's number and of the whole code.
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CODE_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade of employers: what they are called and how their graduates are filed."""

    name: str
    endings: tuple[str, ...]
    industry: str
    nature: str
    position: str
    weight: float


@dataclass(frozen=True, slots=True)
class Employers:
    """Columns of the employers; `trade` counts in `all_trades()`."""

    name: Texts
    code: Texts
    city: Texts
    trade: Ints

    def __len__(self) -> int:
        """Count the employers."""
        return len(self.name)


@cache
def all_trades() -> tuple[Trade, ...]:
    """Return the trades in the order of their table."""
    return tuple(
        Trade(
            name=row["trade"],
            endings=split_words(row["endings"]),
            industry=row["industry"],
            nature=row["nature"],
            position=row["position"],
            weight=float(row["weight"]),
        )
        for row in read_words("trades")
    )


def credit_code(number: int) -> str:
    """Return a unified social credit code with valid check digits that nobody has.

    It is registered with the province (350000); the organisation's number begins with YX, which
    has not been given to anybody: those given out begin with digits or with MA.
    """
    body = f"YX{number:06d}"
    total = sum(
        weight * _ORGANISATION_SIGNS.index(sign)
        for weight, sign in zip(_ORGANISATION_WEIGHTS, body, strict=True)
    )
    check = "0123456789X0"[11 - total % 11]
    code = f"91350000{body}{check}"
    total = sum(
        weight * _SIGNS.index(sign) for weight, sign in zip(_CODE_WEIGHTS, code, strict=True)
    )
    return code + _SIGNS[(31 - total % 31) % 31]


def make_employers(seed: int, count: int) -> Employers:
    """Make `count` employers, every trade among them where there are enough."""
    rng = np.random.default_rng([seed, 6])
    trades = all_trades()
    trade = np.arange(count) % len(trades)
    drawn = count - len(trades)
    if drawn > 0:
        trade[len(trades) :] = draw(rng, [t.weight for t in trades], drawn)
    city = draw(rng, CITY_WEIGHTS, count)
    city_names = texts([divisions.name(code).removesuffix("市") for code in CITIES])
    ending = texts([t.endings[i % len(t.endings)] for i, t in enumerate(trades[k] for k in trade)])
    first, second = texts(_FIRST), texts(_SECOND)
    names = city_names[city] + "示例" + first[rng.integers(0, len(first), count)]
    names += second[rng.integers(0, len(second), count)] + ending
    return Employers(
        name=_tell_apart(names),
        code=texts([credit_code(number) for number in range(1, count + 1)]),
        city=texts(CITIES)[city],
        trade=trade.astype(np.int64),
    )


def _tell_apart(names: Texts) -> Texts:
    """Number the second and later ones of those whose names came out alike."""
    _, alike = np.unique(names.astype(str), return_inverse=True)
    rank = rank_within(alike.astype(np.int64))
    for place in np.flatnonzero(rank).tolist():
        names[place] = names[place].replace("示例", f"示例第{rank[place] + 1}", 1)
    return names
