"""Reads pages and workbooks of figures."""

import html
import re
from typing import Any


def numbers_of(page: str) -> dict[str, int]:
    """The counts of a page that lead to their people, by address."""
    found = re.findall(r'<a class="number" href="(/reports/people\?[^"]+)">([\d,]+)</a>', page)
    found += re.findall(r'<a href="(/reports/people\?[^"]+)">([\d,]+)</a>', page)
    return {html.unescape(url): int(text.replace(",", "")) for url, text in found}


def rows_of(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet by its headings, which follow a title, a sentence and the question."""
    lines = [line for line in sheet.values if any(value is not None for value in line[1:])]
    headings, *rows = lines
    return [dict(zip(headings, row, strict=True)) for row in rows]
