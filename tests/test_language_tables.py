"""The tables of texts: every language has the English keys, the program uses each of them, and a file at fault is refused by key."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from generator.errors import InputError
from generator.errors.language import (
    Language,
    begin_sentence,
    english,
    find_language,
    languages,
    listed,
    phrase,
    read_language,
    using,
)  # fmt: skip
from generator.render.formats import FORMATS

ROOT = Path(__file__).parents[1]
TABLES = ROOT / "templates" / "languages"
LATEX = {"latex"}


def placeholders(key: str) -> set[str]:
    table = english().texts[key]
    texts = [table] if isinstance(table, str) else list(table.values())
    return {
        name for text in texts for name in re.findall(r"(?<!\{)\{(\w+)\}", text.replace("{{", "").replace("}}", ""))
    }


def python_calls() -> Iterator[tuple[str, str, set[str] | None]]:
    """Yield where a text is asked for in the code, its key, and the values that are given, None where they are not literal."""
    for path in sorted((ROOT / "generator").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "phrase" and node.args):
                continue
            keys = (
                [node.args[0]] if not isinstance(node.args[0], ast.IfExp) else [node.args[0].body, node.args[0].orelse]
            )
            given = {word.arg for word in node.keywords if word.arg}
            for key in keys:
                if isinstance(key, ast.Constant):
                    literal = all(word.arg for word in node.keywords)
                    yield f"{path.name}:{node.lineno}", str(key.value), given if literal else None


def template_calls() -> Iterator[tuple[str, str, set[str] | None]]:
    for path in sorted((ROOT / "templates").rglob("*.j2")):
        folder = path.relative_to(ROOT / "templates").parts[0]
        if folder == "author":
            continue
        form = FORMATS["tex" if folder in LATEX else "html"]
        environment = jinja2.Environment(*form.delimiters, autoescape=True)
        for call in environment.parse(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in ("phrase", "phrase_text"):
                key = call.args[0]
                assert isinstance(key, nodes.Const), f"{path.name}, line {call.lineno}: the key is not literal"
                yield f"{path.name}:{call.lineno}", str(key.value), {word.key for word in call.kwargs}


class TestTables:
    def test_german_is_there(self) -> None:
        assert {"en", "de"} <= {*languages()}

    @pytest.mark.parametrize("code", languages())
    def test_each_has_the_english_keys_and_placeholders(self, code: str) -> None:
        assert find_language(code).texts.keys() == english().texts.keys()

    @pytest.mark.parametrize("code", languages())
    def test_each_stands_in_the_order_of_the_english_one(self, code: str) -> None:
        table, first = (tomllib.loads((TABLES / f"{one}.toml").read_text("utf-8")) for one in (code, "en"))
        table.pop("plural", None)
        assert [(page, [*texts]) for page, texts in table.items()] == [
            (page, [*texts]) for page, texts in first.items()
        ]

    def test_what_is_asked_for_is_there_with_its_values(self) -> None:
        calls = [*python_calls(), *template_calls()]
        assert len(calls) > 500
        assert [(where, key) for where, key, _ in calls if key not in english().texts] == []
        assert [
            (where, key) for where, key, given in calls if given is not None and not placeholders(key) <= given
        ] == []

    def test_every_text_is_used(self) -> None:
        files = [*(ROOT / "generator").rglob("*.py"), *(ROOT / "templates").rglob("*.j2")]
        source = "\n".join(path.read_text("utf-8") for path in files)
        nouns = set(re.findall(r"""count_of\(.*?["']([a-z ]+)["']\)""", source))
        printed = re.findall(r"""["'](\w+\.\w+)["']""", source)
        unused = english().texts.keys() - {*printed} - {f"count.{noun.replace(' ', '_')}" for noun in nouns}
        assert unused == set()


class TestPhrases:
    def test_english_unless_it_is_said_otherwise(self) -> None:
        assert phrase("count.point", count=2) == "2 points"
        with using("de"):
            assert phrase("count.point", count=2) == "2 Punkte"
            assert phrase("count.point", count=1) == "1 Punkt"
            with using("en"):
                assert phrase("count.point", count=1) == "1 point"
        assert phrase("count.point", count=1) == "1 point"

    def test_lists(self) -> None:
        assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
            "",
            "a",
            "a and b",
            "a, b and c",
        ]
        with using("de"):
            assert listed(["a", "b", "c"]) == "a, b und c"

    def test_the_beginning_of_a_sentence(self) -> None:
        assert begin_sentence("ärmel aB") == "Ärmel aB"

    def test_an_unknown_language_is_refused_with_those_there_are(self) -> None:
        with pytest.raises(InputError, match=r"there is no language 'dee'; did you mean de\?; there are de, en"):
            find_language("dee")
        for hostile in ("../en", "", "en.toml", "DE"):
            with pytest.raises(InputError, match="there is no language"):
                find_language(hostile)


LIKE = '[page]\ntitle = "Page {number}"\npoints = { one = "{count} point", other = "{count} points" }\n'
FITS = '[page]\ntitle = "Seite {number}"\npoints = { one = "ein Punkt", other = "{count} Punkte" }\n'


def read(text: str) -> Language:
    like = read_language(LIKE, Path("en.toml"), None)
    return read_language(text, Path("xx.toml"), like)


class TestFiles:
    def test_one_that_fits(self) -> None:
        assert read(FITS).phrase("page.points", {"count": 1}) == "ein Punkt"

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("[page", "xx.toml is not valid TOML"),
            ("page = 1", r"xx.toml: page: expected a table of texts, \[page\]; got 1"),
            (FITS.replace("title", "titel"), r"page.titel: there is no such key; did you mean page.title\?"),
            (FITS.split("points")[0], "page.points: missing; in English it is '{count} points'"),
            (FITS.replace("{number}", ""), r"page.title: expected \{number\}; got none"),
            (FITS.replace("{number}", "{nummer}"), r"page.title: expected \{number\}; got \{nummer\}"),
            (FITS.replace("{number}", "{number"), "page.title: .*a brace that is printed is written twice"),
            (FITS.replace("{number}", "{0}"), "page.title: expected a name between braces"),
            (FITS.replace("{number}", "{number:>3}"), "page.title: a placeholder has a name alone"),
            (FITS.replace("one", "eins"), "page.points: expected the forms one, other; got eins, other"),
            (FITS.replace("title = ", "title = 1 #"), "page.title: expected a text"),
            ('plural = "n"\n' + FITS, "plural: expected forms"),
            ('plural = { forms = ["one", "other"], rule = "n +" }\n' + FITS, "plural.rule: "),
            ('plural = { forms = ["one", "other"], rule = "__import__(1)" }\n' + FITS, "plural.rule: "),
            ('plural = { forms = ["one", "other"], rule = "n % 5" }\n' + FITS, "plural.rule: expected 0 to 1"),
        ],
    )
    def test_one_that_does_not(self, text: str, message: str) -> None:
        with pytest.raises(InputError, match=message):
            read(text)

    def test_a_language_that_counts_otherwise(self) -> None:
        rule = "n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2"
        polish = read(
            f'plural = {{ forms = ["one", "few", "many"], rule = "{rule}" }}\n'
            '[page]\ntitle = "Strona {number}"\npoints = { one = "{count} punkt", few = "{count} punkty", many = "{count} punktów" }\n'
        )
        counted = [polish.phrase("page.points", {"count": number}) for number in (1, 2, 5, 12, 22)]
        assert counted == ["1 punkt", "2 punkty", "5 punktów", "12 punktów", "22 punkty"]
        assert polish.phrase("page.points", {"count": 2.5}) == "2.5 punktów"
