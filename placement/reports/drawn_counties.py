"""Home counties as bars, a picture for each prefecture, the key counties with their sign."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from placement.reference import divisions
from placement.reports.dimensions import Dimension
from placement.reports.drawn import Shown, rate_text
from placement.reports.pictures.bars import RateRow, short_rows_picture
from placement.reports.pictures.scales import rate_axis
from placement.reports.queries.reports import Report
from placement.reports.rates import Row, percent
from placement.reports.words import page_locale


@dataclass(frozen=True, slots=True)
class _Place:
    """A county, or all of another province, with the people whose home it is."""

    code: str
    name: str
    counted: int
    placed: int

    @property
    def is_key(self) -> bool:
        return self.code in divisions.key_counties()

    @property
    def row(self) -> RateRow:
        rate = percent(self.placed, self.counted)
        return RateRow(self.name, rate, rate_text(rate), self.is_key)


def counties_shown(report: Report) -> Shown:
    """The rate by home county, in the order of the national codes; never by the rate."""
    rows = [row for row in report.by[(Dimension.COUNTY,)] if row.denominator]
    home = divisions.province(divisions.key_counties()[0])
    groups = _by_prefecture(rows, home)
    places = [place for found in groups.values() for place in found]
    axis = rate_axis([report.total.rate, *(place.row.rate for place in places)], cut_from=60)
    pictures = [
        short_rows_picture(
            name,
            str(_("%(count)d places; the line is the rate of all together.", count=len(found))),
            [place.row for place in found],
            report.total.rate,
            axis.low,
        )
        for name, found in groups.items()
    ]
    return Shown(
        "counties",
        str(_("Home counties")),
        pictures,
        [
            str(_("Home county")),
            str(_("Key county")),
            str(_("Counted")),
            str(_("Placed")),
            str(_("Rate")),
        ],
        [
            [
                place.name,
                str(_("yes")) if place.is_key else "",
                f"{place.counted:,}",
                f"{place.placed:,}",
                place.row.text,
            ]
            for place in places
        ],
        _notes(report, places, axis.low),
        headed=True,
    )


def _by_prefecture(rows: Sequence[Row], home: str) -> dict[str, list[_Place]]:
    locale = page_locale()
    groups: dict[str, list[_Place]] = {}
    elsewhere: dict[str, tuple[int, int]] = {}
    for row in rows:
        code = row.keys[0]
        if code.isdecimal() and divisions.province(code) == home:
            found = groups.setdefault(divisions.name(divisions.prefecture(code), locale), [])
            found.append(_Place(code, row.label, row.denominator, row.placed))
            continue
        key = divisions.province(code) if code.isdecimal() else code
        counted, placed = elsewhere.get(key, (0, 0))
        elsewhere[key] = counted + row.denominator, placed + row.placed
    if elsewhere:
        groups[str(_("Homes elsewhere, by province"))] = [
            _Place(code, _name(code, locale), *found) for code, found in sorted(elsewhere.items())
        ]
    return groups


def _name(code: str, locale: str) -> str:
    return divisions.name(code, locale) if code.isdecimal() else str(_("not known"))


def _notes(report: Report, places: Sequence[_Place], low: int) -> list[str]:
    keys = [place for place in places if place.is_key]
    counted, placed = sum(p.counted for p in keys), sum(p.placed for p in keys)
    notes = [
        str(
            _(
                "★ marks the key counties of poverty relief: %(count)d of them here, together"
                " %(rate)s (%(placed)s / %(counted)s). The line is the rate of all, %(all)s.",
                count=len(keys),
                rate=rate_text(percent(placed, counted)),
                placed=f"{placed:,}",
                counted=f"{counted:,}",
                all=rate_text(report.total.rate),
            )
        )
    ]
    if low:
        notes.append(str(_("The axis begins at %(low)s %%", low=low)))
    return notes
