"""Files that are refused as a whole, before they can do harm."""

import io
import resource
import struct
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from placement.config import load_settings
from placement.intake.spreadsheets import FileRefusedError, Limits, read_table
from placement.intake.spreadsheets.refusals import REASONS
from tests.intake.files import archive, outcome, parts_of, text_file, workbook

ROWS = [["学号", "姓名"], ["1", "林梅"], ["2", "吴建国"]]
SHEET = "xl/worksheets/sheet1.xml"


def code_of(data, name="students.xlsx", limits=None):
    with pytest.raises(FileRefusedError) as refused:
        read_table(data, name, "students", limits)
    assert refused.value.remedy
    assert refused.value.message
    return refused.value.code


def with_sheet(change, **more):
    """Return a good workbook whose sheet was changed, with more parts."""
    parts = parts_of(workbook(ROWS))
    parts[SHEET] = change(parts[SHEET])
    return archive(parts | more)


def with_cell(cell):
    return with_sheet(lambda xml: xml.replace(b"</row></sheetData>", cell + b"</row></sheetData>"))


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        pytest.param(b"", "a.csv", "no_headings", id="empty"),
        pytest.param(b"\n\n", "a.csv", "no_headings", id="blank-lines"),
        pytest.param("一,二\n1,2\n".encode(), "a.csv", "no_headings", id="other-headings"),
        pytest.param(b"%PDF-1.4\x00\x01", "a.pdf", "not_a_spreadsheet", id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", "a.csv", "not_a_spreadsheet", id="picture"),
        pytest.param(b"\xff\xff\xff", "a.csv", "not_a_spreadsheet", id="no-encoding"),
        pytest.param(
            "学号,姓名\n1,林\n".encode("utf-16"), "a.csv", "not_a_spreadsheet", id="utf-16"
        ),
        pytest.param(b"PK\x03\x04rubbish", "a.xlsx", "not_a_spreadsheet", id="broken-archive"),
        pytest.param(archive({"a.txt": b"x"}), "a.xlsx", "not_a_spreadsheet", id="other-archive"),
        pytest.param(
            archive({"[Content_Types].xml": b"<Types/>"}),
            "a.xlsx",
            "not_a_spreadsheet",
            id="no-book",
        ),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xlsx", "old_format", id="password"
        ),
        pytest.param(workbook(ROWS), "a.xls", "old_format", id="xls"),
        pytest.param(workbook(ROWS), "A.XLSB", "old_format", id="xlsb"),
        pytest.param(workbook(ROWS), "a.xlsm", "has_macros", id="xlsm"),
        pytest.param(workbook([]), "a.xlsx", "no_headings", id="empty-sheet"),
        pytest.param(
            workbook([["一"], ["二"]]), "a.xlsx", "no_headings", id="sheet-without-headings"
        ),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_its_reason(data, name, code):
    assert code_of(data, name) == code


def test_macros_are_refused_whatever_the_file_is_called():
    assert code_of(with_sheet(bytes, **{"xl/vbaProject.bin": b"x"})) == "has_macros"


def test_binary_workbook_is_refused_whatever_the_file_is_called():
    assert code_of(with_sheet(bytes, **{"xl/workbook.bin": b"x"})) == "old_format"


@pytest.mark.parametrize("name", ["../evil", "/etc/x", "xl\\..\\..\\x", "C:/x"])
def test_names_that_lead_outside_are_refused(name):
    assert code_of(with_sheet(bytes, **{name: b"x"})) == "bomb"


def test_thousands_of_parts_are_refused():
    assert code_of(with_sheet(bytes, **{f"p{n}": b"" for n in range(1001)})) == "bomb"


def test_part_that_unpacks_to_far_more_is_refused():
    assert code_of(with_sheet(bytes, **{"xl/media/x": bytes(20_000_000)})) == "bomb"


def test_part_whose_size_the_directory_hides_is_refused():
    data = bytearray(with_sheet(bytes, **{"xl/media/x": bytes(20_000_000)}))
    for start in (data.rfind(b"PK\x01\x02"),):
        data[start + 24 : start + 28] = struct.pack("<I", 10)

    with zipfile.ZipFile(io.BytesIO(bytes(data))) as lying:
        assert lying.infolist()[-1].file_size == 10
    assert code_of(bytes(data)) == "bomb"


def test_large_cell_is_refused_before_it_fills_memory():
    def fill(xml):
        return xml.replace(b"</t>", b"9" * 30_000_000 + b"</t>", 1)

    assert code_of(with_sheet(fill)) == "bomb"


@pytest.mark.parametrize(
    "declaration",
    [
        pytest.param(b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', id="entity-bomb"),
        pytest.param(b'<!DOCTYPE x SYSTEM "file:///etc/passwd">', id="outside-file"),
    ],
)
def test_declarations_are_refused(declaration):
    def declare(xml):
        start = xml.index(b"<worksheet")
        return xml[:start] + declaration + xml[start:]

    assert code_of(with_sheet(declare)) == "unsafe_xml"


def test_xml_in_an_encoding_that_would_hide_declarations_is_refused():
    assert code_of(with_sheet(lambda xml: xml.decode().encode("utf-16"))) == "unsafe_xml"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        pytest.param(b'<c r="XFD3"><v>1</v></c>', "too_many_columns", id="last-column"),
        pytest.param(b'<c r="GS3"><v>1</v></c>', "too_many_columns", id="one-too-far"),
        pytest.param(b'<c r="xfd3"><v>1</v></c>', "too_many_columns", id="small-letters"),
        pytest.param(b'<c t="n" r="XFD3"><v>1</v></c>', "too_many_columns", id="other-order"),
        pytest.param(b"<c r='XFD3'><v>1</v></c>", "too_many_columns", id="other-quotes"),
        pytest.param(b'<c\nr="XFD3"><v>1</v></c>', "too_many_columns", id="line-break"),
        pytest.param(b'<c r="A1048576"><v>1</v></c>', "too_many_rows", id="last-row"),
        pytest.param(
            b'</row><row r="1048576"><c><v>1</v></c>', "too_many_rows", id="implied-address"
        ),
        pytest.param(b"<c><v>1</v></c>" * 300, "too_many_columns", id="implied-columns"),
    ],
)
def test_filled_cell_far_out_is_refused_before_a_dense_reader_sees_it(cell, code):
    assert code_of(with_cell(cell)) == code


def test_prefix_of_a_name_space_hides_no_far_cell():
    def prefix(xml):
        xml = xml.replace(b"<worksheet xmlns=", b"<x:worksheet xmlns:x=")
        xml = xml.replace(b"</worksheet>", b"</x:worksheet>")
        return xml.replace(b"<sheetData>", b"<x:sheetData>").replace(
            b"</sheetData>", b'<x:row r="9"><x:c r="XFD9"><x:v>1</x:v></x:c></x:row></x:sheetData>'
        )

    assert code_of(with_sheet(prefix)) == "too_many_columns"


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param(b'<c r="XFD3"/>', id="closed"),
        pytest.param(b'<c r="XFD3" s="1"></c>', id="empty"),
        pytest.param(b'</row><row r="1048576"><c r="A1048576" s="1"/>', id="far-row"),
        pytest.param(b'</row><row r="9"><c><v></v></c>', id="empty-value"),
    ],
)
def test_empty_cells_far_out_are_mere_format_and_do_no_harm(cell):
    assert len(read_table(with_cell(cell), "a.xlsx", "students")) == 2


def test_sheet_under_another_name_hides_no_far_cell():
    parts = parts_of(with_cell(b'<c r="XFD1048576"><v>1</v></c>'))
    parts["xl/media/picture.png"] = parts.pop(SHEET)
    for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        parts[name] = parts[name].replace(b"worksheets/sheet1.xml", b"media/picture.png")

    assert code_of(archive(parts)) == "too_many_columns"


def test_unusual_sheet_that_is_no_xml_is_refused():
    assert code_of(with_cell(b"<c><v>1</w></c>")) == "not_a_spreadsheet"


def test_packing_that_no_spreadsheet_uses_is_refused():
    assert code_of(archive(parts_of(workbook(ROWS)), zipfile.ZIP_BZIP2)) == "not_a_spreadsheet"


def test_encrypted_part_is_refused():
    data = bytearray(workbook(ROWS))
    directory = data.find(b"PK\x01\x02")
    data[directory + 8] |= 1

    assert code_of(bytes(data)) == "old_format"


def test_cell_of_more_than_a_million_signs_is_refused():
    data = "学号,姓名\n1,".encode() + b"x" * 1_000_001

    assert code_of(data, "a.csv") == "not_a_spreadsheet"


def test_chart_alone_is_no_table():
    book = openpyxl.Workbook()
    book.create_chartsheet("chart")
    book.remove(book.worksheets[0])
    stored = io.BytesIO()
    book.save(stored)

    assert code_of(stored.getvalue()) == "not_a_spreadsheet"


def test_chart_before_the_first_sheet_is_passed_over():
    book = openpyxl.load_workbook(io.BytesIO(workbook(ROWS)))
    book.create_chartsheet("chart", 0)
    stored = io.BytesIO()
    book.save(stored)

    assert len(read_table(stored.getvalue(), "a.xlsx", "students")) == 2


def test_false_dimensions_cost_nothing():
    data = with_sheet(lambda xml: xml.replace(b'ref="A1:B3"', b'ref="A1:XFD1048576"'))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert len(read_table(data, "a.xlsx", "students")) == 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_file_over_the_ceiling_of_size_is_refused_with_the_ceiling():
    with pytest.raises(FileRefusedError, match="larger than 1 MB"):
        read_table(b"x" * 1_000_001, "a.csv", "students", Limits(megabytes=1))


@pytest.mark.parametrize("make", [workbook, text_file])
def test_rows_up_to_the_ceiling_are_taken_and_one_more_is_refused(make):
    name = "a.xlsx" if make is workbook else "a.csv"
    data = make([["学号"], *([str(n)] for n in range(11))])

    assert len(read_table(data, name, "students", Limits(rows_xlsx=11, rows_csv=11))) == 11
    assert code_of(data, name, Limits(rows_xlsx=10, rows_csv=10)) == "too_many_rows"


@pytest.mark.parametrize("ceiling", [1, 25, 26, 27, 52, 200])
def test_far_columns_are_told_at_every_ceiling(ceiling):
    rows = [["学号", *(f"c{n}" for n in range(ceiling))]]

    assert code_of(workbook(rows), limits=Limits(columns=ceiling)) == "too_many_columns"
    assert len(read_table(workbook(rows), "a.xlsx", "students", Limits(columns=ceiling + 1))) == 0


@pytest.mark.parametrize("make", [workbook, text_file])
def test_columns_up_to_the_ceiling_are_taken_and_one_more_is_refused(make):
    name = "a.xlsx" if make is workbook else "a.csv"
    data = make([["学号", *(f"c{n}" for n in range(4))], list("12345")])

    assert len(read_table(data, name, "students", Limits(columns=5)).columns) == 5
    assert code_of(data, name, Limits(columns=4)) == "too_many_columns"


def test_ceilings_come_from_the_settings():
    settings_ = load_settings({"PLACEMENT_IMPORT_ROWS_XLSX": "7", "PLACEMENT_IMPORT_COLUMNS": "3"})

    assert Limits.of(settings_) == Limits(rows_xlsx=7, columns=3)


def test_every_reason_has_a_message_and_a_remedy():
    assert all(message and remedy for message, remedy in REASONS.values())


WHOLE = workbook(ROWS)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=4)
)
def test_damaged_workbook_is_read_or_refused_and_never_worse(damage):
    data = bytearray(WHOLE)
    for place, value in damage:
        data[place] = value

    assert outcome(bytes(data), "a.xlsx") in {"read", *REASONS}
