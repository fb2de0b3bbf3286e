"""Files that are damaged, locked, of another kind, hidden behind odd names, or not there."""

from __future__ import annotations

import gzip
import io
import os
import sys
import threading
import zipfile
from pathlib import Path

import pytest

import roas
from roas.__main__ import main

TABLE = "date,channel,spend\n2025-01-01,Meta,10\n2025-01-02,Meta,20\n"
NAMED = "date,channel,campaign,spend\n2025-01-01,Meta,Été – Köln,10.5\n2025-01-02,Meta,Été – Köln,20\n"


def zipped(members: dict[str, str], *, compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compress) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def locked(archive: bytes) -> bytes:
    """The same archive with the mark of a password on its one member."""
    data = bytearray(archive)
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


# ---- what the bytes are ---------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "content", "says"), [
    ("a.csv", b"", "a.csv: the file is empty. Export it again."),
    ("a.csv", b" \n\n", "a.csv: the file is empty. Export it again."),
    ("a.csv", b"\xef\xbb\xbf", "a.csv: the file is empty. Export it again."),
    ("a.csv", b"date,channel,spend\n",
     "a.csv, line 1: no rows of data below the header.\n  Export it again for a period with activity."),
    ("a.csv", b'Campaign name,Day,Amount spent (EUR)\n"No data available."\n',
     'a.csv, line 1: the export says "No data available."\n  Export it again for a period with activity.'),
    ("a.csv", bytes(range(256)) * 9, "a.csv: this is a binary file, not a table. Export it as CSV or XLSX."),
    ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(900), "a.csv: this is a binary file, not a table. Export it as CSV or "
                                                 "XLSX."),
    ("a.csv", b"%PDF-1.7\nxyz", "a.csv: this is a PDF. Export the report as CSV or XLSX."),
    ("a.csv", b"Dear team\n", "a.csv: no table found; looked for a header row with cells between , ; | or tabs.\n"
     "  The file begins with 'Dear team'. Export it as CSV or XLSX."),
    ("a.csv", b"<html><p>Log in</p></html>", "a.csv: a web page without a table that is known. Export it as CSV or "
                                             "XLSX."),
    ("a.gz", gzip.compress(TABLE.encode() * 99, mtime=0)[:-9], "a.gz: the gzip file is cut off or damaged (Compressed file "
                                                      "ended "
     "before the end-of-stream marker was reached).\n  Download it again."),
    ("a.zip", zipped({"x.csv": TABLE})[:-30],
     "a.zip: the archive is cut off or damaged (File is not a zip file).\n  Download it again."),
    ("a.zip", zipped({}), "a.zip: the archive is empty. Pack it again with the exports in it."),
    ("a.zip", zipped({"read.me": "x", "logo.png": "y"}), "a.zip: no table inside the archive (found 2 other files; "
                                                         "looked "
     "for .csv, .tsv, .txt, .xlsx, .xlsm, .xls, .xlsb, .ods, .parquet, .pq, .jsonl, .ndjson)."),
    ("a.zip", locked(zipped({"x.csv": TABLE})), "a.zip/x.csv: the archive is locked with a password. Unpack it first."),
    ("a.zip", zipped({"x.csv": TABLE}, compress=zipfile.ZIP_STORED).replace(b"Meta,10", b"Meta,99"),
     "a.zip/x.csv: the archive is cut off or damaged (Bad CRC-32 for file 'x.csv').\n  Download it again."),
    ("a.zip", zipped({"in/x.csv": "date,channel,spend\n2025-01-01,Meta,abc\n"}),
     'a.zip/in/x.csv, line 2, column "spend": '
     "1 cell is no number ('abc').\n  Correct the cells, or empty them where nothing is known."),
    ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
     "a.xls: the workbook is damaged or locked (Cannot detect file format).\n  Save it again as XLSX."),
    ("a.parquet", b"PAR1" + bytes(60) + b"PAR?", "a.parquet: the Parquet file is cut off or damaged (Invalid Input "
                                                 "Error: "
     "No magic bytes found at end of file 'a.parquet').\n  Download it again."),
    ("a.csv", NAMED.encode("utf-16") + b"x", "a.csv: the file says it is utf-16 and then is not (byte 183); it is cut "
                                             "off "
     "or was glued together.\n  Download it again."),
    ("a.csv", b"\xef\xbb\xbf" + NAMED.encode() + b"\xff\n", "a.csv: the file says it is utf-8-sig and then is not "
        "(byte 101); "
     "it is cut off or was glued together.\n  Download it again."),
])  # fmt: skip
def test_a_file_that_is_no_table(place, refusal, name, content, says):
    assert refusal(place(name, content)) == says


@pytest.mark.parametrize(("name", "pack"), [
    ("a.csv", lambda text: text.encode()), ("a.csv.gz", lambda text: gzip.compress(text.encode(), mtime=0)),
    ("a.zip", lambda text: zipped({"x.csv": text})), ("really.csv", lambda text: zipped({"deep/x.TXT": text})),
    ("wrong.xlsx", lambda text: gzip.compress(zipped({"x.csv": text}), mtime=0)),
])  # fmt: skip
def test_packing_changes_nothing(place, name, pack):
    result = roas.analyze(place(name, pack(TABLE)))
    assert result.totals["spend"] == 30.0
    assert result.inputs[0].rows_used == 2


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_encoding_keeps_the_names(analysed, codec, newline):
    result = analysed(NAMED.replace("\n", newline).encode(codec))
    assert result.campaigns["campaign"].tolist() == ["Été – Köln"]
    assert result.totals["spend"] == 30.5


def test_latin_1_is_read_like_windows_1252(analysed):
    result = analysed(NAMED.replace("–", "-").encode("latin-1"))
    assert result.campaigns["campaign"].tolist() == ["Été - Köln"]
    assert result.inputs[0].encoding == "windows-1252"


def test_headers_in_the_wrong_encoding_are_repaired(analysed):
    text = (
        "Nom de la campagne,Jour,Montant dépensé (EUR),Achats,Valeur de conversion des achats,Début des rapports,"
        "Fin des rapports\nA,2025-01-01,10,1,2,2025-01-01,2025-01-01\n"
    )
    result = analysed(text.encode().decode("cp1252").encode())
    assert result.inputs[0].format == "meta_ads"
    assert (result.totals["spend"], result.tables.currency) == (10.0, "EUR")


def test_the_separator_hint_of_a_spreadsheet_is_no_header(analysed):
    result = analysed("\ufeffsep=;\r\ndate;channel;spend\r\n2025-01-01;Meta;10,5\r\n2025-01-02;Meta;20,5\r\n")
    assert result.totals["spend"] == 31.0
    assert result.inputs[0].header_line == 2


# ---- cut, slipped and glued rows ------------------------------------------------------------------


@pytest.mark.parametrize(
    "end", ["2025-01-03,Me", "2025-01-03,Meta", '2025-01-03,"Me', '2025-01-03,"Me\n2025-01-04,x,1\n']
)
def test_a_file_cut_in_a_row(refused, end):
    assert refused(TABLE + end) == (
        "a.csv, line 4: the file ends in the middle of a row: it was cut off.\n  Download or copy it again."
    )


def test_a_last_line_without_a_line_break_is_whole(analysed):
    assert analysed(TABLE.rstrip("\n")).totals["spend"] == 30.0


def test_rows_wider_than_the_header(refused):
    assert refused(TABLE + "2025-01-03,Meta, Google,20\n2025-01-04,TV,7,x\n2025-01-05,TV,7,,,\n") == (
        "a.csv, line 4: 2 rows with more cells than the header (lines 4, 5): an unquoted separator inside a name "
        "shifts "
        "the money into the wrong column.\n  Export the file again, or put the names in quotes."
    )


def test_rows_narrower_than_the_header_are_said(analysed):
    result = analysed(TABLE + "2025-01-03,TV\n2025-01-04,Meta,1\n")
    assert result.totals["spend"] == 31.0
    assert result.inputs[0].findings.notes == [
        "1 row with fewer cells than the header (line 4): what is missing is read as not known.",
        '1 row without "spend": not known, which is not zero',
    ]


def test_a_row_broken_in_two_is_refused(refused):
    text = (
        "date,channel,campaign,spend\n2025-01-01,Meta,Summer,10\n2025-01-02,Meta,Summer\nsale,20\n2025-01-03,Meta,x,5\n"
    )
    assert refused(text) == (
        "a.csv, line 3: 1 row broken in two: a line break inside a name, without quotes around it.\n"
        "  Export the file again, or put the names in quotes."
    )


def test_a_stray_quote_never_swallows_rows(refused):
    text = 'date,campaign,spend,channel\n2025-01-01,"Summer sale,20,Meta\n2025-01-02,"Winter" sale,30,Meta\n2025-01-03,x,5,TV\n'
    assert refused(text) == (
        "a.csv, line 2: a quotation mark opens a cell that runs to line 3 and takes rows with it.\n"
        "  Double the quotation marks inside names, or export the file again."
    )


def test_a_file_glued_to_itself_counts_once(analysed):
    result = analysed(TABLE + TABLE)
    assert result.totals["spend"] == 30.0
    source = result.inputs[0]
    assert source.rows_used == 2
    assert [(r.reason, r.count, r.first_line) for r in source.findings.rejected] == [
        ("the header again", 1, 4), ("repeated date, counted once", 2, 5),
    ]  # fmt: skip
    assert source.findings.notes == [
        "2 dates in the file more than once, every row the same: counted once (2 rows left out)"
    ]


def test_a_repeated_row_is_kept_and_said(analysed):
    result = analysed(TABLE + "2025-01-02,TV,5\n2025-01-02,Meta,20\n")
    assert result.totals["spend"] == 55.0
    assert result.inputs[0].findings.notes == [
        "1 row equal to an earlier row in every column (20.00 spend): kept, since other rows of the same date do not "
        "repeat."
    ]


def test_another_table_glued_below_is_refused(refused):
    other = "Day,Cost,Impr.\n2025-01-01,5,700\n"
    assert refused(TABLE + other) == (
        "a.csv, line 4: another header begins here: two tables stand in one file.\n  Put each table in a file of its "
        "own."
    )


# ---- names and places -----------------------------------------------------------------------------


def test_names_inside_an_archive_lead_nowhere(place, tmp_path):
    members = [
        "../../up.csv",
        "/root.csv",
        "-rf.csv",
        "new\nline.csv",
        "\x1b[31mred.csv",
        "__MACOSX/._x.csv",
        "folder/",
    ]
    data = zipped({n: f"date,channel,spend\n2025-01-0{i + 1},c{i},10\n" for i, n in enumerate(members)})
    before = sorted(p.name for p in tmp_path.parent.iterdir())
    result = roas.analyze(place("a.zip", data))
    assert result.totals["spend"] == 50.0
    assert sorted(r.file for r in result.inputs) == [
        "a.zip/-rf.csv", "a.zip/../../up.csv", "a.zip//root.csv", "a.zip/\\x1b[31mred.csv", "a.zip/new\\nline.csv",
    ]  # fmt: skip
    assert sorted(p.name for p in tmp_path.parent.iterdir()) == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.skipif(sys.platform == "win32", reason="such names do not exist there")
def test_file_names_stay_on_one_line(place, refusal):
    assert (
        refusal(place("new\nline\x1b[31m.csv", b"")) == "new\\nline\\x1b[31m.csv: the file is empty. Export it again."
    )
    result = roas.analyze(place("-o;new\nline.csv", TABLE))
    assert result.inputs[0].file == "-o;new\\nline.csv"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")
def test_a_name_that_is_no_text_reaches_json(place, tmp_path):
    name = os.fsdecode(b"caf\xe9.csv")
    place(name, TABLE)
    document = roas.analyze(name).to_dict()
    assert document["inputs"][0]["file"] == "caf\\udce9.csv"
    assert str(document).encode()


def test_a_missing_file_and_its_neighbour(place, refusal):
    place("google.csv", TABLE)
    assert refusal("gogle.csv") == 'gogle.csv: no such file. Did you mean "google.csv"?'
    assert refusal("facebook.xlsx") == "facebook.xlsx: no such file. Check the name and the folder."
    assert refusal("no/such.csv") == "no/such.csv: no such file. Check the name and the folder."
    assert refusal("*.tsv") == "*.tsv: no file matches. Check the folder and the pattern."
    assert refusal("a\0b").startswith("a\\x00b: ")
    assert refusal("x" * 5000).startswith("x" * 5000 + ": ")


def test_a_folder_without_exports(place, refusal, tmp_path):
    place("docs/read.me", "x")
    (tmp_path / "docs" / "~$open.xlsx").write_bytes(b"x")
    (tmp_path / "docs" / ".hidden.csv").write_text(TABLE)
    assert refusal("docs") == (
        "docs: the folder holds no export (looked for .csv, .tsv, .txt, .xlsx, .xlsm, .xls, .xlsb, .ods, .parquet, "
        ".pq, "
        ".jsonl, .ndjson, .gz, .zip).\n  Put the exports there, or name a file."
    )


def test_a_damaged_export_in_a_folder_is_not_passed_over(place, refusal):
    place("in/a.csv", TABLE)
    place("in/b.csv.gz", gzip.compress(TABLE.encode(), mtime=0)[:-9])
    assert refusal("in").startswith("in/b.csv.gz: the gzip file is cut off or damaged (")


def test_one_file_named_twice_counts_once(place):
    place("in/a.csv", TABLE)
    result = roas.analyze(["in/a.csv", "./in/a.csv", "in", "in/*.csv"])
    assert result.totals["spend"] == 30.0
    assert len(result.inputs) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_that_lead_in_a_circle(place, refusal, tmp_path):
    place("in/a.csv", TABLE)
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    (tmp_path / "gone.csv").symlink_to("nowhere.csv")
    (tmp_path / "in" / "again").symlink_to(tmp_path / "in", target_is_directory=True)
    assert refusal("one") == "one: the link points nowhere, or in a circle. Give the file itself."
    assert refusal("gone.csv") == "gone.csv: the link points nowhere, or in a circle. Give the file itself."
    assert roas.analyze("in").totals["spend"] == 30.0
    (tmp_path / "in" / "loop.csv").symlink_to("loop.csv")
    assert refusal("in").startswith("in/loop.csv: cannot be read (")


def test_a_file_that_may_not_be_read(place, refusal, monkeypatch):
    name = place("a.csv", TABLE)
    real = Path.open

    def forbidden(self, *arguments, **options):
        if self.name == name:
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", forbidden)
    assert (
        refusal(name) == "a.csv: cannot be read (permission denied).\n  Check the link, the drive and the permissions."
    )


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() == 0, reason="the superuser may read everything")
def test_a_folder_that_may_not_be_read(place, refusal, tmp_path):
    place("in/a.csv", TABLE)
    (tmp_path / "in").chmod(0)
    try:
        assert refusal("in").startswith("in: the folder cannot be read (permission denied)")
    finally:
        (tmp_path / "in").chmod(0o700)


def test_standard_input_is_read_once(place, monkeypatch, capsys):
    place("unused", "")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(TABLE.encode(), mtime=0))))
    assert main(["analyze", "-", "--json", "--quiet"]) == 0
    out = capsys.readouterr()
    assert '"spend": 30.0' in out.out
    assert not out.err


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes there")
def test_a_pipe_loses_no_bytes(place, tmp_path):
    place("unused", "")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(TABLE,), daemon=True)
    writer.start()
    assert roas.analyze("pipe").totals["spend"] == 30.0
    writer.join()


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes there")
def test_a_pipe_in_a_folder_keeps_nobody_waiting(place, tmp_path):
    place("in/a.csv", TABLE)
    os.mkfifo(tmp_path / "in" / "pipe.csv")
    assert roas.analyze("in").totals["spend"] == 30.0


def test_addresses_are_not_opened_and_keep_their_passwords(refusal):
    assert refusal("https://bob:hush@shop.example/a.csv?token=1&password=hush") == (
        "https://shop.example/a.csv?token=1: roas opens no network addresses. Download the file and give its path."
    )


def test_all_problems_of_all_files_in_one_message(place, refusal):
    first = place("one.csv", "date,channel,spend\n2025-01-01,Meta,abc\n2025-01-99,Meta,1\n")
    second = place("two.csv", "")
    assert refusal([first, second]) == (
        "one.csv, line 2, column \"spend\": 1 cell is no number ('abc').\n"
        "  Correct the cells, or empty them where nothing is known.\n\n"
        '  Also: one.csv, line 3, column "date": 1 row with figures but without a readable date ("2025-01-99").\n'
        "  Correct the dates, or use --date-format.\n\n"
        "  Also: two.csv: the file is empty. Export it again."
    )


def test_a_refusal_is_one_message_and_no_traceback(place, capsys):
    assert main(["analyze", place("a.csv", "date,channel,spend\n2025-01-01,Meta,abc\n"), "-o", "out"]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err.startswith('Error: a.csv, line 2, column "spend": ')
    assert "Traceback" not in out.err
    assert not Path("out").exists()
