"""What the API takes and gives: the same definitions check a question and describe it."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

from placement.reports.questions import EARLIEST_CLASS, LATEST_CLASS, Base, Basis

MOST_ROWS = 500
ClassYear = Annotated[int, Field(ge=EARLIEST_CLASS, le=LATEST_CLASS, description="Class year.")]
UniversityCode = Annotated[str, Field(pattern="^[0-9]{5}$", description="National code (YXDM).")]
Rate = Annotated[str, Field(pattern=r"^[0-9]{1,3}\.[0-9]{2}$")]
Group = Literal["category", "level", "sex", "ethnic", "origin", "university", "college", "county"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PageQuery(_Strict):
    """Which part of a list."""

    page: int = Field(1, ge=1, le=100_000, description="Which page, from 1.")
    page_size: int = Field(100, ge=1, le=MOST_ROWS, description="How many rows a page has.")


class PublicationsQuery(PageQuery):
    """Which publications."""

    class_year: ClassYear | None = None
    university: UniversityCode | None = None


class RatesQuery(PageQuery):
    """A question as the page of figures asks it."""

    class_year: ClassYear
    as_of: dt.date | None = Field(
        None, description="Day; without it the final count, or today if that is to come."
    )
    known_at: AwareDatetime | None = Field(
        None, description="Moment of knowledge; without it the newest settled one."
    )
    base: Base = Field(Base.COUNTED, description="Who is in the denominator.")
    basis: Basis = Field(Basis.VERIFIED, description="Which outcomes count.")
    by: Group = Field("category", description="What the rows are grouped by.")

    @field_validator("as_of", "known_at")
    @classmethod
    def _is_of_our_time(cls, value: dt.date | None) -> dt.date | None:
        if value is not None and not EARLIEST_CLASS <= value.year <= LATEST_CLASS:
            raise ValueError(f"The year must lie between {EARLIEST_CLASS} and {LATEST_CLASS}.")
        return value


class PageInfo(_Strict):
    """Where the rows stand in their list."""

    page: int
    page_size: int
    pages: int
    rows: int = Field(description="How many rows there are in all.")


class PublicationSummary(_Strict):
    """A frozen, signed and verified report that was published."""

    publication_id: int
    class_year: int
    as_of: dt.date
    known_at: AwareDatetime
    university: str | None = Field(description="National code; none for the province.")
    version: int
    seal: str = Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of the frozen report.")
    published_at: AwareDatetime
    tables: list[str]


class PublicationList(_Strict):
    """Publications, the newest first."""

    page: PageInfo
    publications: list[PublicationSummary]


class FigureRow(_Strict):
    """Counts of people; one that is hidden is null, and so is a rate that follows from it."""

    key: str
    label: str
    counts: dict[str, int | None]
    rates: dict[str, Rate | None] = Field(description="Percent of the denominator.")


class PublishedTable(_Strict):
    """The rows of a published table."""

    publication: PublicationSummary
    table: str
    page: PageInfo
    rows: list[FigureRow]


class RatesAnswer(_Strict):
    """The figures that the maker of the token may see, or what is published of them."""

    class_year: int
    as_of: dt.date
    known_at: AwareDatetime
    scheme: str
    base: Base
    basis: Basis
    by: Group
    small_counts: Literal["hidden", "shown"]
    publication_id: int | None = Field(
        description="Where small counts are hidden, the publication that this is a table of."
    )
    total: FigureRow
    page: PageInfo
    rows: list[FigureRow]


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = ""
    errors: list[dict[str, str]] = Field(
        default_factory=list, description="Which words of the question, and why."
    )
