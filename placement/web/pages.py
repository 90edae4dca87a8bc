"""What pages share: objects within a scope, paging with the state in the URL, fragments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import abort, request, url_for
from sqlalchemy import Select, func, select

from placement.db import Base, db

PAGE_SIZE = 50
T = TypeVar("T", bound=Base)


def get_or_404(visible: Select[T], row_id: int) -> T:
    """The row of a scoped select by its number; 404 for one outside it or that does not exist."""
    entity: type[T] = visible.column_descriptions[0]["entity"]
    found = db.session.execute(visible.where(entity.id == row_id)).scalar_one_or_none()
    if found is None:
        abort(404)
    return found


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its rows, where they stand, and how many there are in all."""

    items: Sequence[Any]
    number: int
    size: int
    total: int

    def __iter__(self) -> Iterator[Any]:
        """The rows."""
        return iter(self.items)

    def __len__(self) -> int:
        """How many rows this page has."""
        return len(self.items)

    @property
    def first(self) -> int:
        """The number of the first row, from 1; 0 on an empty page."""
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last(self) -> int:
        """The number of the last row."""
        return (self.number - 1) * self.size + len(self.items)

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    def url(self, number: int) -> str:
        """The address of another page of the same list, its filters kept."""
        arguments = {**(request.view_args or {}), **request.args.to_dict(flat=False)}
        arguments["page"] = [str(number)]
        return url_for(str(request.endpoint), **arguments)

    @property
    def previous_url(self) -> str | None:
        """The address of the page before, if any."""
        return self.url(self.number - 1) if self.number > 1 else None

    @property
    def next_url(self) -> str | None:
        """The address of the page after, if any."""
        return self.url(self.number + 1) if self.number < self.pages else None


def paginate(
    query: Select[*tuple[Any, ...]],
    *,
    size: int = PAGE_SIZE,
    number: int | None = None,
    scalars: bool = True,
    counted: Select[*tuple[Any, ...]] | None = None,
) -> Page:
    """One page of a select with a total order; the page number is taken from the URL.

    A number past the end shows the last page. `scalars` gives entities, else whole rows;
    `counted` is a select of as many rows that is cheaper to count.
    """
    if number is None:
        number = request.args.get("page", 1, type=int)
    of = query if counted is None else counted
    number = max(1, number)
    rows = _rows(query, size, number, scalars=scalars)
    if rows or number == 1:
        # Where a page is not full, its end is the end of all: there is nothing to count.
        full = len(rows) == size
        total = _count(of) if full else (number - 1) * size + len(rows)
    else:
        total = _count(of)
        number = max(1, -(-total // size))
        rows = _rows(query, size, number, scalars=scalars)
    return Page(items=rows, number=number, size=size, total=total)


def _rows(
    query: Select[*tuple[Any, ...]], size: int, number: int, *, scalars: bool
) -> Sequence[Any]:
    result = db.session.execute(query.limit(size).offset((number - 1) * size))
    return result.scalars().all() if scalars else result.all()


def _count(query: Select[*tuple[Any, ...]]) -> int:
    counted = select(func.count()).select_from(query.order_by(None).subquery())
    return int(db.session.execute(counted).scalar_one())


def wanted_fragment() -> str | None:
    """The id of the part of the page that the script asks for; none for a whole page."""
    return request.headers.get("X-Fragment") or None


def safe_next(target: str | None, fallback: str) -> str:
    """A path of this site to go back to; anything else becomes `fallback`."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")):
        return target
    return fallback
