"""A crowd of students to write to, made in bulk."""

import uuid

import psycopg

from placement.keys import keyring

DOMAINS = 20
_COLUMNS = {
    "uid": "uuid",
    "class_year": "int8",
    "university_id": "int8",
    "student_number": "text",
    "name": "text",
    "name_key": "text",
    "initials": "text",
    "level": "text",
    "id_type": "text",
    "standing": "text",
    "data_key": "bytea",
    "email_sealed": "bytea",
    "email_index": "bytea",
}


def make_crowd(superuser: psycopg.Connection, people: int) -> None:
    """Add a university with `people` students, each with an address."""
    row = superuser.execute(
        "INSERT INTO universities (code, name) VALUES ('99999', '示例大学') RETURNING id"
    ).fetchone()
    assert row is not None
    ring = keyring()
    statement = f"COPY students ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT BINARY)"
    with superuser.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(list(_COLUMNS.values()))
        for number in range(people):
            uid = uuid.uuid4()
            key, wrapped = ring.new_data_key(uid)
            address = f"student{number}@domain{number % DOMAINS}.example"
            sealed = key.seal(address, "students.email", uid)
            index = ring.blind_index("students.email", address)
            person = (uid, 2016, row[0], f"2012{number:06d}", "林梅", "lin mei", "lm", "31")
            copy.write_row((*person, "resident", "graduated", wrapped, sealed, index))
    superuser.execute("ANALYZE students")
