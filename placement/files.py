"""Files that people give or get: encrypted chunks as rows, behind one door.

Dump, restore, undo and rights cover them like any other row. An object store may take the
place of the chunks without anybody else noticing.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from placement.db import SQL_NOW, Model, db
from placement.keys import DataKey, keyring

CHUNK_BYTES = 256 * 1024


class StoredFile(Model):
    """A file: its name and content are encrypted under a key of its own."""

    __tablename__ = "stored_files"

    uid: Mapped[uuid.UUID] = mapped_column(unique=True)
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id"), index=True)
    """Whose file it is; none for one that belongs to nobody, such as an import."""
    university_id: Mapped[int | None] = mapped_column(ForeignKey("universities.id"))
    purpose: Mapped[str]
    name_sealed: Mapped[bytes]
    content_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes]
    data_key: Mapped[bytes | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[dt.datetime] = mapped_column(server_default=SQL_NOW)
    expires_at: Mapped[dt.datetime | None]

    def key(self) -> DataKey:
        """The key of this file. Raises LookupError once the file is erased."""
        if self.data_key is None:
            raise LookupError(f"file {self.id} is erased")
        return keyring().data_key(self.uid, self.data_key)

    @property
    def name(self) -> str:
        """The name that the file came with."""
        return self.key().open(self.name_sealed, "stored_files.name", self.uid)


class FileChunk(Model):
    """One encrypted piece of a file."""

    __tablename__ = "file_chunks"
    __table_args__ = (UniqueConstraint("file_id", "number", name="uq_file_chunks_number"),)

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(server_default=text("0"))
    data: Mapped[bytes]


def store_file(
    data: bytes,
    *,
    name: str,
    content_type: str,
    purpose: str,
    created_by: int | None = None,
    student_id: int | None = None,
    university_id: int | None = None,
    expires_at: dt.datetime | None = None,
) -> StoredFile:
    """Keep `data` encrypted, in pieces, within the caller's transaction."""
    uid = uuid.uuid4()
    key, wrapped = keyring().new_data_key(uid)
    file = StoredFile(
        uid=uid,
        student_id=student_id,
        university_id=university_id,
        purpose=purpose,
        name_sealed=key.seal(name, "stored_files.name", uid),
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).digest(),
        data_key=wrapped,
        created_by=created_by,
        expires_at=expires_at,
    )
    db.session.add(file)
    db.session.flush()
    for number, start in enumerate(range(0, len(data), CHUNK_BYTES)):
        piece = data[start : start + CHUNK_BYTES]
        sealed = key.seal_bytes(piece, f"file_chunks.data.{number}", uid)
        db.session.add(FileChunk(file_id=file.id, number=number, data=sealed))
    db.session.flush()
    return file


def read_file(file: StoredFile) -> bytes:
    """The whole content of a file in clear."""
    return b"".join(read_chunks(file))


def read_chunks(file: StoredFile) -> Iterator[bytes]:
    """The content of a file in clear, piece by piece."""
    key = file.key()
    rows = db.session.execute(
        select(FileChunk.number, FileChunk.data)
        .where(FileChunk.file_id == file.id)
        .order_by(FileChunk.number)
    )
    for number, data in rows:
        yield key.open_bytes(data, f"file_chunks.data.{number}", file.uid)


def erase_expired_files() -> int:
    """Erase the files whose time is over; how many there were."""
    over = select(StoredFile).where(
        StoredFile.expires_at <= SQL_NOW, StoredFile.data_key.is_not(None)
    )
    files = db.session.execute(over).scalars().all()
    for file in files:
        erase_file(file)
    return len(files)


def erase_file(file: StoredFile) -> None:
    """Destroy the key and the content of a file; the row stays to say that there was one."""
    file.data_key = None
    db.session.flush()
    db.session.execute(delete(FileChunk).where(FileChunk.file_id == file.id))
