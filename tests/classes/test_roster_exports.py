"""Class lists as learning platforms export them and as spreadsheets leave them; the rows are invented."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from generator.classes.chosen_columns import parse_columns
from generator.classes.roster import ClassList, read_class_list
from generator.cli import main
from generator.errors import InputError
from generator.paper.csv_files import csv_bytes
from generator.paper.csv_tables import cell_text, spreadsheet_safe
from generator.paper.students import Student
from tests.tiny_class import generate, records, write_sheet


def read(folder: Path, content: str | bytes, columns: str | None = None) -> ClassList:
    file = folder / "class.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_class_list(file, parse_columns(columns) if columns else None)


def refusal(folder: Path, content: str | bytes, columns: str | None = None) -> str:
    with pytest.raises(InputError) as raised:
        read(folder, content, columns)
    return str(raised.value)


@dataclass(frozen=True)
class Export:
    """A file, its students, and words of the notes about it."""

    content: str | bytes
    students: tuple[Student, ...]
    columns: str
    notes: tuple[str, ...] = ()


COLUMNS = ("id", "name", "section", "email")


def of(*rows: tuple[str, ...]) -> tuple[Student, ...]:
    return tuple(Student(**dict(zip(COLUMNS, row, strict=False)), needs=()) for row in rows)


EXPORTS = {
    "Canvas": Export(
        "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (12),Final Score\r\n"
        ",,,,,Manual Posting,\r\n"
        "    Points Possible,,,,,5,(read only)\r\n"
        '"Ibarra, Noa",7001,u21,nibarra,Lab 2,4,80\r\n"Weiß, Jo",7002,u22,jweiss,Lab 10,5,100\r\n'
        '"Student, Test",7009,,0c1f9a,Lab 2,,\r\n',
        of(("u21", "Ibarra, Noa", "Lab 2"), ("u22", "Weiß, Jo", "Lab 10")),
        "id from 'SIS User ID', name from 'Student', section from 'Section'; no email",
        ("without id and name: row 2", "row 3 ('Points Possible')", "a test student: row 6 ('Student, Test')"),
    ),
    "Canvas without numbers": Export(
        "Student,ID,SIS Login ID,Section\nPuntos posibles,,,\nNoa Ibarra,7001,nibarra,Lab 2\n",
        of(("nibarra", "Noa Ibarra", "Lab 2")),
        "id from 'SIS Login ID'",
        ("row 2",),
    ),
    "Canvas without logins": Export(
        'Student,ID,Section\n"Ibarra, Noa",7001,Lab 2\n"Student, Test",7009,Lab 2\n',
        of(("7001", "Ibarra, Noa", "Lab 2")),
        "id from 'ID'",
        ("a test student",),
    ),
    "Moodle": Export(
        '\ufeff"First name","Last name","ID number",Institution,"Email address","Quiz: 4 (Real)"\n'
        "Noa,Ibarra,u21,,noa@example.org,8.00\n",
        of(("u21", "Noa Ibarra", "", "noa@example.org")),
        "id from 'ID number', name from 'First name' and 'Last name', email from 'Email address'; no section",
    ),
    "Moodle without numbers": Export(
        "First name,Surname,ID number,Email address\nNoa,Ibarra,,noa@example.org\n",
        of(("noa@example.org", "Noa Ibarra", "", "noa@example.org")),
        "id from 'Email address'",
    ),
    "Moodle in German": Export(
        "Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Gruppen\r\nJörg;Weiß;00123;jo@example.org;Gruppe 2\r\n",
        of(("00123", "Jörg Weiß", "Gruppe 2", "jo@example.org")),
        "id from 'ID-Nummer'",
    ),
    "Moodle in Spanish": Export(
        "Nombre,Apellido(s),Número de ID,Dirección de correo\nInés,de la Vega,u1,i@example.org\n",
        of(("u1", "Inés de la Vega", "", "i@example.org")),
        "name from 'Nombre' and 'Apellido(s)'",
    ),
    "a German office's": Export(
        "Matrikelnummer;Name;Vorname\n00123;van der Berg;Anna\n", of(("00123", "Anna van der Berg")), "'Vorname' and 'Name'"
    ),
    "a French office's": Export(
        "Prénom\tNom\tN° étudiant\tCourriel\nAnaïs\tDupont\t219\ta@example.org\n".encode("utf-16"),
        of(("219", "Anaïs Dupont", "", "a@example.org")),
        "id from 'N° étudiant', name from 'Prénom' and 'Nom'",
    ),
    "French, a name in one column": Export("Nom;Numéro d’étudiant\nAnaïs Dupont;7\n", of(("7", "Anaïs Dupont")), "name from 'Nom'"),
    "Spanish, two surnames": Export(
        "Nombre;Primer apellido;Segundo apellido;Matrícula\nInés;García;López;9\n", of(("9", "Inés García López")), "'Matrícula'"
    ),
    "Gradescope": Export(
        "First Name,Last Name,SID,Email,Sections\nNoa,Ibarra,u21,noa@example.org,Lab 2\n",
        of(("u21", "Noa Ibarra", "Lab 2", "noa@example.org")),
        "section from 'Sections'",
    ),
    "PrairieLearn": Export(
        "UID,UIN,Username,Name,Role,HW1\nnoa@example.org,21,nibarra,Noa Ibarra,Student,80\nt@example.org,3,t,Ty A,TA,\n",
        of(("21", "Noa Ibarra", "", "noa@example.org")),
        "id from 'UIN', name from 'Name', email from 'UID'",
        ("not a student by the role: row 3 ('Ty A')",),
    ),
    "PrairieLearn's gradebook": Export(
        "UID,UIN,User name,Role,HW1\nnoa@example.org,,Noa Ibarra,Student,80\n",
        of(("noa@example.org", "Noa Ibarra", "", "noa@example.org")),
        "id from 'UID', name from 'User name'",
    ),
    "a list of logins for Moodle": Export(
        "username,firstname,lastname,email\nnoa,Noa,Ibarra,noa@example.org\n",
        of(("noa", "Noa Ibarra", "", "noa@example.org")),
        "id from 'username'",
    ),
    "Stud.IP": Export(
        "Titel;Vorname;Nachname;Nutzername;Matrikelnummer;E-Mail\n;Jörg;Weiß;jweiss;00123;jo@example.org\n",
        of(("00123", "Jörg Weiß", "", "jo@example.org")),
        "id from 'Matrikelnummer'",
    ),
    "Blackboard": Export(
        '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Availability"\n"Ibarra"\t"Noa"\t"nib"\t"0021"\t"Yes"\n'
        '"Roe_PreviewUser"\t"Al"\t"roe_previewuser"\t""\t"Yes"\n'.encode("utf-16"),
        of(("0021", "Noa Ibarra")),
        "id from 'Student ID', name from 'First Name' and 'Last Name'",
        ("a test student: row 3",),
    ),
    "Brightspace": Export(
        "OrgDefinedId,Username,Last Name,First Name,Email,Quiz Points Grade,End-of-Line Indicator\n"
        "#0021,#nib,Ibarra,Noa,noa@example.org,4,#\n",
        of(("0021", "Noa Ibarra", "", "noa@example.org")),
        "id from 'OrgDefinedId'",
    ),
    "Spanish, numbered surnames": Export(
        "Nombre;Apellido 1;Apellido 2;NIA\nInés;García;López;9\n", of(("9", "Inés García López")), "'Apellido 2'"
    ),
    "two forenames": Export("Matrikel;Name;1. Vorname;2. Vorname\n7;Weiß;Jo;Kai\n", of(("7", "Jo Weiß")), "'1. Vorname' and 'Name'"),
    "a garbled header": Export("PrÃ©nom;Nom;NumÃ©ro Ã©tudiant\nNoa;Ibarra;7\n", of(("7", "Noa Ibarra")), "and 'Nom'"),
    "two lists in one": Export("id,name\n1,Noa I\nid,name\n2,Jo W\n", of(("1", "Noa I"), ("2", "Jo W")), ""),
    # What spreadsheets do.
    "digits kept as text": Export('id,name\r\n="00123",Noa I\r\n"=""00124""",Jo W\r\n', of(("00123", "Noa I"), ("00124", "Jo W")), ""),
    "a curly apostrophe": Export("id,name\n’00123,Noa I\n", of(("00123", "Noa I")), "", ("without the apostrophe",)),
    "letters of HTML": Export("id,name\n1,Zo&euml; M\n", of(("1", "Zo&euml; M")), "", ("looks like 'Zoë M'",)),
    "an apostrophe": Export("id,name\n'00123,Noa I\n", of(("00123", "Noa I")), "", ("without the apostrophe",)),
    "absent cells": Export("id,name,section,email\n1,Noa I,Lab 2,n@example.org\n2,Jo W\n", of(("1", "Noa I", "Lab 2", "n@example.org"), ("2", "Jo W")), ""),
    "empty cells": Export("id,name\r\n1,Noa I,,\r\n2,Jo W,,\r\n", of(("1", "Noa I"), ("2", "Jo W")), ""),
    "a title": Export('"List of ""DL"", autumn",,\nas of 3; 12:00,,\n,,\nid,name,section\n1,Noa I,Lab 2\n', of(("1", "Noa I", "Lab 2")), ""),
    "a title and semicolons": Export("DL, in groups\n\nMatrikelnr.;Name;Gruppe\n1;Weiß, Jo;2\n", of(("1", "Weiß, Jo", "2")), ""),
    "two marks before a quotation mark": Export(
        '\ufeff\ufeff"Last Name, First Name",SID\n"Ibarra, Noa",7\n', of(("7", "Ibarra, Noa")), "'Last Name, First Name'"
    ),
    "two marks": Export("\ufeff\ufeffid,name\n1,Zoë\n", of(("1", "Zoë")), ""),
    "blanks before quotes": Export('id, name\n1, "Ibarra, Noa"\n2, "Weiß, Jo"\n', of(("1", "Ibarra, Noa"), ("2", "Weiß, Jo")), ""),
    "UTF-16 without its mark": Export("id\tname\n1\tZoë\n".encode("utf-16-le"), of(("1", "Zoë")), ""),
    "Windows-1252": Export(
        "id;name\r\n1;Zoë Müller-Åse\r\n".encode("cp1252"),
        of(("1", "Zoë Müller-Åse")),
        "",
        ("read as Windows-1252: 'Zoë', 'Müller', 'Åse'; if these are misspelt",),
    ),
    "letters misread": Export(
        "id,name\n1,ZoÃ« Ã…se\n2,Jo Wei√ü\n3,ÃƒÅ¸u\n",
        of(("1", "ZoÃ« Ã…se"), ("2", "Jo Wei√ü"), ("3", "ÃƒÅ¸u")),
        "",
        ("row 2, column name: 'ZoÃ« Ã…se' looks like 'Zoë Åse'", "'Jo Weiß'", "'ßu'"),
    ),
    "letters that are right": Export(
        "id,name\n1,L’Étoile\n2,Łukasz Żółć\n3,“Ä” Õé\n4,Nguyễn Thị Phương\n",
        of(("1", "L’Étoile"), ("2", "Łukasz Żółć"), ("3", "“Ä” Õé"), ("4", "Nguyễn Thị Phương")),
        "",
    ),
    "ids like formulas": Export(
        "id,name\n=1+1,A B\n@mara,C D\n-x,E F\n'@q,G H\n",
        of(("=1+1", "A B"), ("@mara", "C D"), ("-x", "E F"), ("@q", "G H")),
        "",
    ),
}  # fmt: skip


# The columns of the same programs in other languages, with one student each whose id is 00123.
HEADINGS = [
    "Studierende*r,SIS-Benutzer-ID,ID,SIS-Anmelde-ID,Abschnitt|Noa Ibarra,00123,7,ni,Lab 2",
    "Étudiant·e,ID,Identifiant utilisateur SIS,Identifiant de connexion SIS,Section|Noa Ibarra,7,00123,ni,Lab 2",
    "Estudiante,ID,ID de usuario del SIS,ID de inicio de sesión del SIS,Sección|Noa Ibarra,7,00123,ni,Lab 2",
    "Student Name,Student ID,Student SIS ID,Section Name|Noa Ibarra,7,00123,Lab 2",
    "name,id,sis_id,section,section_id,section_sis_id|Noa Ibarra,7,00123,Lab 2,5,S5",
    "username,firstname,lastname,idnumber,group1|ni,Noa,Ibarra,00123,Lab 2",
    "Nachname,Vorname,Benutzername,Kursteilnehmer-ID,Gruppe/Funktion|Ibarra,Noa,ni,00123,Lab 2",
    "Nom,Prénom,Nom d'utilisateur,ID étudiant,Groupe TD|Ibarra,Noa,ni,00123,Lab 2",
    "Apellidos,Nombre,Nombre de usuario,ID de estudiante,Grupo de prácticas|Ibarra,Noa,ni,00123,Lab 2",
    "Apellidos,Nombre,DNI,Grupo de teoría,e-mail|Ibarra,Noa,00123,Lab 2,n@example.org",
    "IDDéfiniOrg,Nom d'utilisateur,Nom de famille,Prénom,Groupe,Indicateur de fin de ligne|#00123,#ni,Ibarra,Noa,Lab 2,#",
    "Teilnehmer:in,Matr.-Nr.,Seminargruppe|Noa Ibarra,00123,Lab 2",
    "Alumno/a,Nº alumno/a,Grupo|Noa Ibarra,00123,Lab 2",
    "Perm #,Student Last,Student First Middle,Section|00123,Ibarra,Noa,Lab 2",
    "REGISTRATION_NUMBER,FAMILY_NAME_OF_STUDENT,FIRST_NAME_OF_STUDENT,SECTION|00123,Ibarra,Noa,Lab 2",
    "Studenten,ID,SIS-Nutzer-ID,SIS-Anmelde-ID,Sektion|Noa Ibarra,7,00123,ni,Lab 2",
    "ID,Name,Surname,Section|00123,Noa,Ibarra,Lab 2",
    "ID,Name,Last Name,Section|00123,Noa Ibarra,Ibarra,Lab 2",
    "ID,Vorname,Name,Gruppe|00123,Noa,Noa Ibarra,Lab 2",
    "ID,Full Name,Surname,Section|00123,Noa Ibarra,Ibarra,Lab 2",
    "Nom,Cognoms,Número de ID,Section|Noa,Ibarra,00123,Lab 2",
    "S.N.,Name,Roll No,Section|1,Noa Ibarra,00123,Lab 2",
    "Imię,Nazwisko,Numer indeksu,Section|Noa,Ibarra,00123,Lab 2",
    "XY-Kennung,Name,Vorname,Tutoriumsgruppe,Kursgruppen-ID|00123,Ibarra,Noa,Lab 2,4",
]


@pytest.mark.parametrize("export", HEADINGS)
def test_columns_are_known_in_other_languages(tmp_path: Path, export: str) -> None:
    (student,) = read(tmp_path, export.replace("|", "\n") + "\n").students
    assert (student.id, student.name, student.section) == ("00123", "Noa Ibarra", "Lab 2")


@pytest.mark.parametrize(
    "row",
    [
        "9,Test Student", '9,"Student, Test"', "9,Teststudent", "9,Demo Student", "9,Étudiant Test", "9,Estudiante de prueba",
        '9,"de prueba, Estudiante"', ",Mögliche Punkte", ",Class Average", ",Maximum", ",Std Dev", "Mean,", ",Points", "Date,",
        "Total students: 1,", "Generated on 2026-11-30,",
    ],
)  # fmt: skip
def test_rows_of_nobody_are_skipped_with_a_note(tmp_path: Path, row: str) -> None:
    found = read(tmp_path, f"id,name\n1,Noa Ibarra\n{row}\n")
    assert [student.id for student in found.students] == ["1"]
    assert len(found.notes) == 1
    assert "row 3" in found.notes[0]


@pytest.mark.parametrize("row", [",Max,", ",Noa Ibarra,", "9,,", ",Media,m@example.org", ",Total,t@example.org"])
def test_a_student_without_id_or_name_is_not_skipped(tmp_path: Path, row: str) -> None:
    assert "row 3, column" in refusal(tmp_path, f"id,name,email\n1,Noa Ibarra,\n{row}\n")


@pytest.mark.parametrize("cell", ["#NAME?", "#REF!", "########", "#N/A"])
@pytest.mark.parametrize("row", ["{},Noa", "1,{}"])
def test_what_a_spreadsheet_could_not_show_is_refused(tmp_path: Path, cell: str, row: str) -> None:
    assert "a spreadsheet says that it has no value" in refusal(tmp_path, f"id,name\n{row.format(cell)}\n")


@pytest.mark.parametrize(("id_", "what"), [("12-Mar", "a date"), ("Sep-12", "a date"), ("1230.0", "a decimal point")])
def test_ids_that_a_program_changed_are_noted(tmp_path: Path, id_: str, what: str) -> None:
    found = read(tmp_path, f"id,name\n{id_},Noa\n")
    assert found.students[0].id == id_
    assert what in found.notes[0]


@pytest.mark.parametrize("kind", EXPORTS)
def test_an_export_is_read_as_it_is(tmp_path: Path, kind: str) -> None:
    export = EXPORTS[kind]
    found = read(tmp_path, export.content)
    assert found.students == export.students
    assert export.columns in found.columns
    assert len(found.notes) == len(export.notes), found.notes
    for note, words in zip(found.notes, export.notes, strict=True):
        assert words in note


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,name\n2.02301E+11,Noa I\n", "row 2, column id: expected the student's id; got '2.02301E+11', a number whose last"),
        ("Matrikelnummer;Name\n2,02301E+11;Noa I\n", "column 'Matrikelnummer': expected the student's id; got '2,02301E+11'"),
        ("id,name\n1,Ã\x81ngel\n", "a control character (is it 'Ángel'?): type it again"),
        ("SID,Last Name\n1,Ibarra\n", "got 'Last Name' alone: add the column of the other half"),
        ("SID,Vorname\n1,Noa\n", "got 'Vorname' alone"),
        ("SID,Family name of pupil\n1,Ibarra\n", "got 'Family name of pupil' alone: add the column of"),
        ("name\nNoa I\n", "expected a column 'id'; got 'name': name it in the first line, such as id,name, or say which one"),
        ("SID,Name\n,Noa I\n", "got nothing: fill it in, or remove the row, or take another column: --columns id=…"),
        ("id,name,section\n1,Ibarra, Noa,\n2,Jo W,\n", "row 2: too many fields"),
        ("id,name,section\n1,Ibarra,Noa,\n2,Jo W,Lab 2\n3,Ty A,Lab 2\n", "row 2: too many fields"),
        ("id,name,section,email\n1,Ibarra, Noa\n2,Jo W,Lab 2,\n", "row 2: too few fields: expected 4, as in row 1; got 3"),
        ("id,name\n1,Noa I,noa@example.org\n", "row 2: too many fields"),
        ("Student,ID,Section\n    Points Possible,,\n", "no row describes a student"),
        ("id,name\n1,Żółć Łukasz\n".encode("cp1250"), "row 2: expected UTF-8; got the byte 0xaf"),
        ("id,name\n1,Yıldız\n".encode("cp1254"), "row 2: expected UTF-8; got the byte 0xfd"),
        ("id,name\n1,René\n".encode("mac_roman"), "row 2: expected UTF-8; got the byte 0x8e"),
        ("id,name\n1,NOA\n2,Zoﾎ\n".encode("cp932"), "row 3: expected UTF-8; got the byte 0xce"),
    ],
)  # fmt: skip
def test_what_would_lose_something_is_refused(tmp_path: Path, content: str | bytes, message: str) -> None:
    assert message in refusal(tmp_path, content)


@pytest.mark.parametrize(
    "column", ["Last Name", "Surname of the student", "first_name", "Nachname (amtl.)", "prénoms", "apellido"]
)
def test_no_half_of_a_name_is_proposed_for_the_whole(tmp_path: Path, column: str) -> None:
    assert f"name='{column}'" not in refusal(tmp_path, f"id,{column}\n1,x\n")


# ------------------------------------------------------------------------------------------ chosen columns


@pytest.mark.parametrize(
    ("columns", "student"),
    [
        ("id=login,name=Callsign", Student("n", "Nono", "Lab 2")),
        ("ID = Student ID , name=first name+Family", Student("1", "Noa Ibarra", "Lab 2")),
        ("id=2,name=Shown, in class,section=Callsign", Student("n", "N. I.", "Nono")),
    ],
)
def test_columns_can_be_chosen(tmp_path: Path, columns: str, student: Student) -> None:
    content = (
        'A list\nStudent ID,Login,Callsign,First Name,Family,"Shown, in class",Lab\n1,n,Nono,Noa,Ibarra,N. I.,Lab 2\n'
    )
    assert read(tmp_path, content, columns).students == (student,)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            "id=Nothing",
            "--columns: expected a column of the class list for id; got 'Nothing'; the file has 'SID', 'Name', 'Name'",
        ),
        (
            "name=Name",
            "expected a column of the class list for name; got 'Name', a column that is there twice: give its number",
        ),
        ("grade=Name", "--columns: expected each of some of id=…, name=…"),
        ("id=SID,id=Name", "once"),
        ("id=", "got 'id='"),
        ("Name", "got 'Name'"),
    ],
)
def test_what_cannot_be_chosen(tmp_path: Path, columns: str, message: str) -> None:
    assert message in refusal(tmp_path, "SID,Name,Name\n1,Noa,Ibarra\n", columns)
    assert read(tmp_path, "SID,Name,Name\n1,Noa,Ibarra\n", "name=2+3").students == of(("1", "Noa Ibarra"))


# ------------------------------------------------------------------------------- what we write we read back

signs = st.sampled_from(["", "", "'", "''", "=", "@", "+", "-", '="', "'0", "#"])
letters = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp")), max_size=6).map(
    lambda text: text.replace("\ufffd", "")
)
cells = st.builds(lambda sign, text, last: f"{sign}{text}{last}", signs, letters, st.sampled_from(["a", 'x"', "0"]))


@given(cells | st.text())
def test_a_cell_comes_back_from_a_spreadsheet(text: str) -> None:
    assert cell_text(spreadsheet_safe(text)) == text


@given(rows=st.lists(st.tuples(cells, cells, letters), min_size=1, max_size=4))
def test_a_list_made_from_the_index_is_the_same_list(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("roster")
    text = io.StringIO()
    written = [(f"{identifier}{number}", name, section) for number, (identifier, name, section) in enumerate(rows)]
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([("id", "name", "section"), *written])
    students = read(folder, text.getvalue().encode()).students
    index = [(one.id, one.name, one.section, "", "P", one.file_stem) for one in students]
    again = read(folder, csv_bytes([("id", "name", "section", "form", "paper", "folder"), *index]))
    assert again.students == students
    assert len(students) == len(rows)


def test_the_index_as_a_list_gives_the_same_papers(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    (tmp_path / "class.csv").write_text(
        "id,name,section\n@mara,'t Hooft,-1\n=1+1,\"Ibarra, Noa\",'x\n00123,+Zoë,Lab 2\n"
    )
    assert generate(tmp_path).exit_code == 0
    made = records(tmp_path / "out")
    (tmp_path / "class.csv").write_bytes((tmp_path / "out" / "index.csv").read_bytes())
    (tmp_path / "out").rename(tmp_path / "before")
    assert generate(tmp_path).exit_code == 0
    assert records(tmp_path / "out") == made
    assert {*made} == {"@mara", "=1+1", "00123"}


# ------------------------------------------------------------------------------------------ on the command line


def test_the_columns_that_were_taken_are_printed(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    (tmp_path / "class.csv").write_text(
        'Student,ID,SIS User ID,Section\nPoints Possible,,,\n"Ibarra, Noa",7,u1,Lab 2\n'
    )
    result = generate(tmp_path)
    assert result.exit_code == 0
    assert (
        "class.csv: 1 student; id from 'SIS User ID', name from 'Student', section from 'Section'; no email"
        in result.stderr
    )
    assert "note: skipped, not a student: row 2 ('Points Possible')" in result.stderr
    other = generate(tmp_path, "--columns", "id=ID", "--replace")
    assert "id from 'ID'" in other.stderr
    assert {*records(tmp_path / "out")} == {"7"}


@pytest.mark.parametrize("columns", ["id=Nothing", "x"])
def test_columns_that_are_not_there_write_nothing(tmp_path: Path, columns: str) -> None:
    write_sheet(tmp_path)
    (tmp_path / "class.csv").write_text("id,name\n1,Noa\n")
    result = generate(tmp_path, "--columns", columns)
    assert result.exit_code == 2
    assert "--columns: expected" in result.stderr
    assert not (tmp_path / "out").exists()


def test_columns_are_about_a_class_list(tmp_path: Path) -> None:
    for options in (["--forms", "2"], []):
        command = ["generate", "discussion04", *options, "--columns", "id=ID", "--out", str(tmp_path / "out")]
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 2
        assert "--columns is about a class" in result.output


@pytest.mark.parametrize("count", [5000])
def test_thousands_of_students_are_read(tmp_path: Path, count: int) -> None:
    rows = "".join(f'"Ibarra {number}, Noa",{number},u{number},Lab {number % 30}\n' for number in range(count))
    found = read(tmp_path, f"Student,ID,SIS User ID,Section\n{rows}")
    assert len(found.students) == count
    assert found.columns.startswith("5000 students")


def test_columns_that_are_called_like_ours_are_printed_once(tmp_path: Path) -> None:
    assert read(tmp_path, "Email,Name,ID\nn@example.org,Noa I,1\n").columns == "1 student; id, name, email; no section"
    assert (
        read(tmp_path, "SID,Name\n1,Noa I\n").columns
        == "1 student; id from 'SID', name from 'Name'; no section or email"
    )
