"""Class lists: every separator and encoding, every error with its place, and file names that never meet."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from generator.classes.roster import read_roster
from generator.errors import InputError
from generator.paper.csv_tables import spreadsheet_safe
from generator.paper.students import LONGEST_STEM, Student, file_stem, file_stems, forms
from generator.paper.table_reader import LARGEST_FILE
from generator.render.letters import escape_latex
from generator.tex import pdf

NAMES = (
    r"\input{/etc/passwd}",
    "$(rm -rf /)",
    "../../x",
    "CON",
    "דוד בן־גוריון",
    "محمد علي",
    "Ann 🙂",
    '=HYPERLINK("http://example.org";"x")',
    "<script>alert(1)</script>",
    "`rm` ``x``",
    "[a](b)",
    "${{7*7}}",
    "{{ 7*7 }}",
    "<< 7*7 >>",
    "<% raw %> # ~ ^^M \\",
    "Nguyễn Thị Phương Thảo",
    "Przemysław Żółć, Ďáblův, Şükrü Yıldız, Ștefan Ț.",
    "Щукина Алёна",
    "Χρήστος Παπαδόπουλος",
    "王小明",
    "W" * 30,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "class.csv"


def read(file: Path, content: str | bytes) -> tuple[Student, ...]:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_roster(file)


def faults(file: Path, content: str | bytes) -> str:
    """The message, without the file that it must begin with."""
    with pytest.raises(InputError) as raised:
        read(file, content)
    message = str(raised.value)
    assert message.startswith(f"{file}: ")
    assert raised.value.exit_code == 2
    return message.removeprefix(f"{file}: ")


# ---------------------------------------------------------------------------------------- what is read

ADA = Student("a1", "Ada Lovelace", "Mon 10", "ada@example.org")


@pytest.mark.parametrize(
    "content",
    [
        "id,name,section,email\na1,Ada Lovelace,Mon 10,ada@example.org\n",
        "Email;SECTION; Name ;ID\r\nada@example.org;Mon 10;  Ada Lovelace ;a1",
        "sep=;\r\nid;name;section;email\r\na1;Ada Lovelace;Mon 10;ada@example.org\r\n",
        '"id"\t"name"\t"section"\t"email"\r"a1"\t"Ada Lovelace"\t"Mon 10"\t"ada@example.org"\r',
        "\n\n,,,,\nname,,id,email,section\n\n \t\nAda Lovelace,x,a1,ada@example.org,Mon 10\n,,,,\n",
        "id,grade,name,section,grade,email\na1,1;2;3;4;5;6,Ada Lovelace,Mon 10,,ada@example.org\n",
        'id,name,section,email\na1,"Ada\nLovelace",Mon  10,ada@example.org\n',
        "id,name,section,email\na1,Ada\u00ad Love\u200blace\u202e,\ufeffMon 10,ada@example.org\n",
        "i\u200ed,name,section,email\na\u200d1,Ada Lovelace,Mon 10,ada@example.org\n",
    ],
)
def test_one_student_in_many_dresses(file: Path, content: str) -> None:
    assert read(file, content) == (ADA,)


def test_names_keep_what_belongs_to_them(file: Path) -> None:
    written = '"Lovelace, ""Ada"" King; Countess"'
    assert read(file, f"id,name\na1,{written}\n")[0].name == 'Lovelace, "Ada" King; Countess'
    assert read(file, "id,name\na1,نیم\u200cفاصله\n")[0].name == "نیم\u200cفاصله"  # Persian spells with a joiner
    assert read(file, "id,name\na1,Zoe\u0308\n")[0].name == "Zoë"


def test_order_is_the_files(file: Path) -> None:
    assert [student.id for student in read(file, "id,name\nb,x\na,x\nc,x\n")] == ["b", "a", "c"]


@pytest.mark.parametrize("control", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_no_name_turns_the_line_around(file: Path, control: str) -> None:
    (student,) = read(file, f"id,name,section\na{control}1,exe.{control}txt,{control}x\n")
    assert student == Student("a1", "exe.txt", "x")


fields = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp")), max_size=60).map(
    lambda text: " ".join(unicodedata.normalize("NFC", text).replace("\ufffd", "").split())
)


@given(
    rows=st.lists(st.tuples(fields, fields, fields), min_size=1, max_size=5),
    columns=st.permutations(["id", "name", "section", "Größe; extra, x"]),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_a_csv_holds_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str]],
    columns: list[str],
    delimiter: str,
    encoding: str,
    end: str,
    quoting: int,
) -> None:
    students = tuple(
        Student(f"{number} {identifier}"[:60].strip(), f"{name}.", section)
        for number, (identifier, name, section) in enumerate(rows)
    )
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writeheader()
    for student in students:
        extra = {columns[columns.index("Größe; extra, x")]: 'a "b"\r\n' + delimiter}
        writer.writerow({"id": student.id, "name": student.name, "section": student.section, **extra})
    file = tmp_path_factory.mktemp("roster") / "class.csv"
    assert read(file, text.getvalue().encode(encoding)) == students


@given(st.binary(max_size=200) | st.text(alphabet='id,name;\t"\n\r\0é', max_size=60).map(str.encode))
@example(b'"id","name\n1,x')
@example(b'id,name\n1,"x')
@example(b"\xff\xfe\x00\x00i\x00\x00\x00")
@example(b"\xfe\xffx")
def test_any_bytes_give_students_or_a_message(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.mktemp("roster") / "class.csv"
    message = ""
    try:
        assert read(file, content)
    except InputError as error:
        message = str(error)
    assert not message or message.startswith(f"{file}: ")
    assert len(message) < 5000
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", message)


# ----------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "the file is empty; expected a line 'id,name' and one line a student"),
        ("\ufeff\n \n", "the file is empty; expected a line 'id,name' and one line a student"),
        ("\nid,name\n\n", "row 2 names the columns, but no student follows: add a line a student"),
        (
            "id,section\n1,x\n",
            "row 1: expected a column 'name'; got 'id', 'section': name it in the first line, such as id,name, "
            "or say which one it is: --columns name=…",
        ),
        (
            "Studnet ID;Callsign;Section\n1;x;y\n",
            "2 errors\n"
            "  row 1: expected a column 'id'; got 'Studnet ID', 'Callsign', 'Section': name it in the first line, such as "
            "id,name, or say which one it is: --columns id='Studnet ID'\n"
            "  row 1: expected a column 'name'; got 'Studnet ID', 'Callsign', 'Section': name it in the first line, such as "
            "id,name, or say which one it is: --columns name=…",
        ),
        (
            "sid,Surname\n1,Lovelace\n",
            "row 1: expected the whole name, in one column or in two such as 'First name' and 'Last name'; got 'Surname' "
            "alone: add the column of the other half, or say --columns name=… if it is the whole name",
        ),
        ("id,name,ID\n1,x,2\n", "row 1: expected one column 'id'; got columns 1 and 3: rename or remove one"),
        (
            'id,name\na1,"two\nlines"\n\nb,x\na1,Ada\n',
            "row 6, column id: expected each id once; got 'a1', which is the id of row 2: "
            "correct one of the two rows, or remove it",
        ),
        (
            "id,name\nstraße,x\nＳＴＲＡＳＳＥ,y\n",
            "row 3, column id: expected each id once; got 'ＳＴＲＡＳＳＥ', which looks like 'straße', the id of row 2: "
            "correct one of the two rows, or remove it",
        ),
        ("id,name\n \u200b,x\n", "row 2, column id: expected the student's id; got nothing: fill it in, or remove the row"),
        ("id,name\n1,\u202e\n", "row 2, column name: expected the student's name; got nothing: fill it in, or remove the row"),
        (
            "id,name\n1,Lovelace, Ada\n",
            "row 2: too many fields: expected 2, as in row 1; got 3, beginning '1': "
            "put quotation marks around a field that holds the separator",
        ),
        (
            "id,name,section,email\n1,Lovelace, Ada\n",
            "row 2: too few fields: expected 4, as in row 1; got 3, beginning '1': "
            "put quotation marks around a field that holds the separator",
        ),
        (
            "id,name\n1,A\0da\n",
            "row 2, column name: expected plain text; got 'Ada' with U+0000, a control character: type it again",
        ),
        (
            "id,name,email\n1,Ada,\x1b[31m\n",
            "row 2, column email: expected plain text; got '[31m' with U+001B, a control character: type it again",
        ),
        (
            "id,name\n1,Ren\ufffd\n",
            "row 2, column name: expected plain text; got 'Ren\ufffd' with U+FFFD, a letter that was lost when it was saved: "
            "type it again",
        ),
        (
            f"id,name\n1,{'x' * 201}\n",
            f"row 2, column name: expected at most 200 characters; got 201: '{'x' * 39}…': shorten it",
        ),
        (
            f"id,name\n{'7' * 65},x\n",
            f"row 2, column id: expected at most 64 characters; got 65: '{'7' * 39}…': shorten it",
        ),
        (
            'id,name\n1,x\n2,"Ada\n3,y\n',
            'row 3: a field begins with a quotation mark that is never closed: close it, or double it ("") within a field',
        ),
        (
            'id,name\n1,"Ada" King\n',
            'row 2: a quotation mark within a field must be doubled (""); got other text after a closing one '
            "(',' expected after '\"')",
        ),
        (
            "id,name\r\n1,Zoë\r\n2,René\r\n".encode().replace("é".encode(), b"\xe9"),
            "row 3: expected UTF-8; got the byte 0xe9 after '2,Ren': "
            "save the file as 'CSV UTF-8' in the spreadsheet, or as UTF-8 in the editor",
        ),
        (
            b"\xef\xbb\xbfid,name\n1,Ren\xe9\n",
            "row 2: expected UTF-8; got the byte 0xe9 after '1,Ren': "
            "save the file as 'CSV UTF-8' in the spreadsheet, or as UTF-8 in the editor",
        ),
        (b"\xff\xfei\0d\0,", "is broken UTF-16: save it again, as 'CSV UTF-8'"),
        ("id,n".encode("utf-16-le") + b"\0", "is broken UTF-16: save it again, as 'CSV UTF-8'"),
        (b"PK\x03\x04...", "is a workbook; expected CSV: in the spreadsheet, save it as 'CSV UTF-8'"),
        (b"x" * (LARGEST_FILE + 1), "is larger than 16 MiB; expected a class list, a line a student"),
    ],
)  # fmt: skip
def test_errors_name_place_and_remedy(file: Path, content: str | bytes, message: str) -> None:
    assert faults(file, content) == message


@pytest.mark.parametrize("opening", ["1,", '1,"'])
def test_a_name_of_ten_megabytes(file: Path, opening: str) -> None:
    message = faults(file, f"id,name\n2,Ann\n{opening}{'x' * 10_000_000}\n")
    assert message.startswith("row 3: expected at most 200 characters a field; got more than 131072")
    assert len(message) < 200


def test_ten_errors_at_once_and_how_many_more(file: Path) -> None:
    message = faults(file, "id,name\n" + "1,\n,x\n" * 8 + "5,fine\n" + '6,"open\n')
    told = message.splitlines()
    assert told[0] == "17 errors"
    assert [line.split(":")[0].strip() for line in told[1:4]] == [
        "row 2, column name",
        "row 3, column id",
        "row 4, column name",
    ]
    assert len(told) == 12
    assert told[-1] == "  and 7 more"


def test_files_that_are_none(tmp_path: Path) -> None:
    for path, message in {
        tmp_path: "is a folder; give the class list's CSV file within it",
        tmp_path / "missing.csv": "there is no such file; expected a class list as CSV",
        tmp_path / "n\0l": "cannot be read: embedded null byte",
        tmp_path / ("x" * 400): "cannot be read: File name too long",
    }.items():
        with pytest.raises(InputError) as raised:
            read_roster(path)
        assert str(raised.value).endswith(f": {message}")
        assert len(str(raised.value)) < 300


# ------------------------------------------------------------------------------------------- file names

ids = (
    st.text(max_size=70)
    | st.text(alphabet="abAB01._- ", max_size=6)
    | st.sampled_from(["CON", "nul.txt", "Com1", ".."])
)
HASHED = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9-]*)--[0-9a-f]{12}")


@given(ids)
def test_every_stem_is_portable(identifier: str) -> None:
    stem = file_stem(identifier)
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", stem)
    assert len(stem) <= LONGEST_STEM
    assert not stem.endswith(".")
    assert not re.fullmatch(r"con|prn|aux|nul|(com|lpt)\d", stem.split(".")[0].lower())


@given(st.lists(ids, max_size=8))
def test_no_two_ids_give_one_file(identifiers: list[str]) -> None:
    assume(len({unicodedata.normalize("NFC", name).lower() for name in identifiers}) == len(identifiers))
    stems = file_stems(Student(identifier, "same name") for identifier in identifiers)
    assert list(stems) == identifiers
    assert len({stem.lower() for stem in stems.values()}) == len(identifiers)


@given(ids)
def test_a_hashed_stem_is_no_ids_own(identifier: str) -> None:
    stem = file_stem(identifier)
    if stem != identifier:
        assert HASHED.fullmatch(stem)
        assert file_stem(stem) != stem
        assert file_stem(stem.upper()) != stem.upper()


@pytest.mark.parametrize(
    "identifier", ["a1729", "2024-001", "ada.lovelace", "x_1", "_", "form-A", "CONrad", "00", "x" * 60]
)
def test_a_safe_id_stays_as_it_is(identifier: str) -> None:
    assert file_stem(identifier) == identifier


@pytest.mark.parametrize(
    ("identifier", "stem"),
    [
        ("../../x", "x--7257b2e4c173"),
        ("CON", "CON--d3c71573a545"),
        ("con.txt", "con-txt--acbf9dbca527"),
        ("Ünal", "Unal--ab26fb4734a6"),
        ("王", "id--4a842abfd2ed"),
        ("", "id--ddd9c40767f9"),
        ("a.", "a--ef08376e88d1"),
        ("-rf", "rf--"),
        (".profile", "profile--"),
        ("a/b\\c", "a-b-c--"),
        ("x" * 61, "x" * 46 + "--"),
    ],
)
def test_others_keep_what_can_be_read(identifier: str, stem: str) -> None:
    """The whole of some is written out: a file must keep its name from one release to the next."""
    assert file_stem(identifier).startswith(stem)


def test_two_spellings_of_one_id_are_one() -> None:
    assert file_stem("Zoe\u0308") == file_stem("Zoë")


def test_ids_that_differ_by_case_are_refused() -> None:
    with pytest.raises(InputError, match=r"the ids 'ann' and 'Ann' would give the same file Ann: change one"):
        file_stems([Student("ann", "x"), Student("bob", "x"), Student("Ann", "y")])
    with pytest.raises(InputError, match="the ids 'a' and 'a'"):
        file_stems([Student("a", "x"), Student("a", "x")])


def test_names_make_no_file_names(file: Path) -> None:
    students = read(file, "id,name\na,CON\nb,con\nc,../../x\n")
    assert file_stems(students) == {"a": "a", "b": "b", "c": "c"}
    assert file_stems(students[::-2]) == {"c": "c", "a": "a"}


# ------------------------------------------------------------------------------------------ spreadsheets


@given(st.text())
@example("=1")
@example("'=1")
@example("＝1")
@example("\r=1")
def test_cells_are_no_formulas_and_can_be_had_back(text: str) -> None:
    safe = spreadsheet_safe(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    assert safe.removeprefix("'") == text


def test_usual_names_stay_as_they_are_in_cells() -> None:
    assert spreadsheet_safe("Flann O'Brien") == "Flann O'Brien"
    assert spreadsheet_safe('=HYPERLINK("x")') == '\'=HYPERLINK("x")'


# ------------------------------------------------------------------------------------------------ forms


def test_forms_have_letters_and_no_names() -> None:
    assert forms(2) == (Student("form-A", "", form="A"), Student("form-B", "", form="B"))
    assert [form.form for form in forms(26)] == list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert forms(1)[0].file_stem == "form-A"


@pytest.mark.parametrize("count", [0, -1, 27])
def test_as_many_forms_as_letters(count: int) -> None:
    with pytest.raises(InputError, match=rf"--forms: expected 1 to 26 forms, one a letter; got {count}: .* --roster"):
        forms(count)


# ---------------------------------------------------------------------------------------- names as printed


def test_every_name_is_printed_and_none_obeyed(file: Path) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["id", "name"])
    writer.writerows(enumerate(NAMES))
    students = read(file, text.getvalue())
    assert [student.name for student in students] == list(NAMES)
    lines = "\n\n".join(
        f"{escape_latex(student.name)} \\textbf{{{escape_latex(student.name)}}}" for student in students
    )
    preamble = r"\documentclass{article}\usepackage[T1]{fontenc}\usepackage{lmodern}"
    printed = pdf.compile_pdf(f"{preamble}\n\\begin{{document}}\n{lines}\n\\end{{document}}\n", pdf.find_engine())
    assert [told for told in printed.warnings if not told.startswith("overfull")] == []
    assert sum("?" in escape_latex(name) for name in NAMES) == 1  # the emoji


# -------------------------------------------------------------------------------------------------- docs

PAGE = (Path(__file__).parents[2] / "docs" / "rosters.md").read_text(encoding="utf-8")


def test_the_documented_list_is_read(file: Path) -> None:
    example_list = PAGE.split("```csv\n")[1].split("```")[0]
    assert [student.name for student in read(file, example_list)] == [
        "Ada Lovelace",
        "Noether, Emmy",
        "王小明 (Wang Xiaoming)",
    ]


def test_the_documented_errors_are_told(file: Path) -> None:
    documented = PAGE.split("```text\nclass.csv: ")[1].split("\n```")[0]
    content = "id,name,section\na1729,x,\nb,x,\nc,,\n\n\nd2520,Noether, Emmy,\ne,x,\nA1729,x,\n"
    assert faults(file, content) == documented


def test_the_documented_file_names_are_made() -> None:
    for identifier, stem in re.findall(r"`([^`]+)`\s+gives `([^`]+)`", PAGE):
        assert file_stem(identifier) == stem
    assert escape_latex("Phương, Щукина, 王, 山田") == "Phuong, Shchukina, Wang, ShanTian"
