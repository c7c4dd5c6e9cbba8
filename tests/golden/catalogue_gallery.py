"""Makes docs/gallery.md: of each problem a sample question with its key and drawing, its levels and the sources of its formulas."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from importlib import import_module
from itertools import groupby

from generator.document.keyless import without_key
from generator.document.nodes import BoxedAnswer, Exercise, every_question
from generator.paper.paper import exercise
from generator.paper.sheet import Entry
from generator.problem.catalogue import catalogue
from generator.problem.problem import Problem
from generator.render.renderer import FORMATS, SVG, figures_in, renderer

HEAD = """# Gallery

Of every problem that comes with the generator, the printed numbers: one question with its key, the drawing, how many variants each
level has, and the papers that its formulas come from. `worksheet show ID --original --key` shows the rest, `worksheet list` all problems by topic,
and `worksheet generate SHEET` a sheet of them. (This page is made by `python -m pytest tests/golden/test_catalogue_gallery.py --renew`.)

"""

SAMPLES = {"dropout": "y_corr", "l2-regularization": "norm"}
"""The question shown, where it is not the first computed one that is worth most."""


def gallery() -> Mapping[str, str]:
    """Return the page and its drawings, by their paths below docs/."""
    by_topic = sorted(catalogue().values(), key=lambda one: (one.topic, one.id))
    text = [HEAD]
    files: dict[str, str] = {}
    for topic, group in groupby(by_topic, key=lambda one: one.topic):
        problems = [*group]
        text.append(f"- {topic}: " + ", ".join(f"[{one.title}](#{_anchor(one.title)})" for one in problems) + "\n")
    for problem in by_topic:
        section, drawings = _section(problem)
        text.append(section)
        files |= drawings
    return {"gallery.md": "".join(text), **files}


def sources(problem: Problem) -> str:
    """Return the second paragraph of the module's docstring, where a family names its papers, in Markdown."""
    words = (inspect.getdoc(import_module(problem.parts.__module__)) or "").split("\n\n")
    found = " ".join(words[1].split()) if len(words) > 1 else ""
    return re.sub(r":math:`([^`]*)`", r"$\1$", found).replace("``", "`")


def _levels(problem: Problem) -> str:
    lines = [f"| {name} | {level.size.removesuffix(' variants')} |\n" for name, level in problem.levels.items()]
    return "| level | variants |\n| --- | --- |\n" + "".join(lines)


def _section(problem: Problem) -> tuple[str, dict[str, str]]:
    variant = problem.printed()
    whole = exercise(variant, 1)
    with_key = exercise(variant, 1, Entry(problem, only=(_sample(problem, whole),)))
    shown, completed = figures_in(without_key(whole)), figures_in(whole)
    drawings = {_file(problem, name): scene for name, scene in {**shown, **completed}.items()}
    pictures = [f"![{scene.title}]({_file(problem, name)})\n" for name, scene in completed.items() if name not in shown]
    text = "\n".join(
        [
            f"\n## {problem.title}\n",
            f"`{problem.id}`: {problem.topic}; {whole.points} points, {_count(whole)} questions.\n",
            f"Sources: {sources(problem)}\n",
            _levels(problem),
            "### A question\n",
            _markdown(problem, without_key(with_key)),
            "<details><summary>Its key</summary>\n",
            "**Solution.**" + _markdown(problem, with_key).partition("**Solution.**")[2],
            *pictures,
            "</details>\n",
        ]
    )
    return text, {name: f"{renderer(SVG).figure(scene).rstrip()}\n" for name, scene in drawings.items()}


def _sample(problem: Problem, whole: Exercise) -> str:
    """The id of the question that is shown."""
    computed = [one for one in every_question(whole) if one.key and isinstance(one.key.answer, BoxedAnswer)]
    return SAMPLES.get(problem.id) or max(computed, key=lambda one: one.points).id


def _anchor(title: str) -> str:
    """What a heading is linked by."""
    return re.sub(r"[^\w -]", "", title).lower().replace(" ", "-")


def _count(whole: Exercise) -> int:
    return sum(one.key is not None for one in every_question(whole))


def _markdown(problem: Problem, node: Exercise) -> str:
    """An exercise in Markdown, its headings and drawings those of this page."""
    text = str(renderer(FORMATS["md"]).node(node)).partition("\n")[2].strip()
    for name in figures_in(node):
        text = text.replace(f"]({name}.svg)", f"]({_file(problem, name)})")
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"


def _file(problem: Problem, name: str) -> str:
    folder, _, file = name.partition("/")
    return f"gallery/{problem.id}{'-key' if folder.startswith('key') else ''}-{file.partition('-')[2]}.svg"
