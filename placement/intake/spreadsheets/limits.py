"""How large a file may be."""

from dataclasses import dataclass

from placement.config import Settings

UNPACKED_BYTES = 400_000_000
"""The parts of a workbook together, unpacked."""

RATIO = 100
"""Unpacked bytes for one packed byte, from RATIO_FROM_BYTES on: text does not pack better."""

RATIO_FROM_BYTES = 10_000_000
PARTS = 1_000
"""Parts of a workbook."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Ceilings of one file: rows with data, columns, and megabytes as it was sent."""

    rows_xlsx: int = 100_000
    rows_csv: int = 1_000_000
    columns: int = 200
    megabytes: int = 50

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """Take the ceilings from the settings."""
        return cls(
            rows_xlsx=settings.import_rows_xlsx,
            rows_csv=settings.import_rows_csv,
            columns=settings.import_columns,
            megabytes=settings.import_megabytes,
        )
