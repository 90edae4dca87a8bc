"""Rows laid out at once for COPY in binary form (PostgreSQL's manual, COPY, binary format)."""

from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

Column = NDArray[Any] | str | int


def copy_in(cursor: psycopg.Cursor[Any], table: str, **columns: Column) -> None:
    """Write rows whose values have one length in each column, all laid out at once."""
    size = max(
        (len(values) for values in columns.values() if isinstance(values, np.ndarray)), default=0
    )
    packed = {name: _packed(values, size) for name, values in columns.items()}
    layout = [("fields", ">i2")]
    for name, values in packed.items():
        layout += [(f"{name}_size", ">i4"), (name, values.dtype.str)]
    rows = np.empty(size, dtype=layout)
    rows["fields"] = len(packed)
    for name, values in packed.items():
        rows[f"{name}_size"], rows[name] = values.dtype.itemsize, values
    with cursor.copy(f"COPY {table} ({', '.join(packed)}) FROM STDIN (FORMAT binary)") as copy:
        copy.write(b"PGCOPY\n\xff\r\n\0" + b"\0" * 8)
        copy.write(rows.tobytes())
        copy.write(b"\xff\xff")


def _packed(values: Column, size: int) -> NDArray[Any]:
    if isinstance(values, str):
        return np.full(size, values.encode())
    if isinstance(values, int):
        return np.full(size, values, dtype=">i8")
    if values.dtype.kind == "U":
        return np.char.encode(values, "utf-8")
    return values.astype(">i8") if values.dtype == np.int64 else values
