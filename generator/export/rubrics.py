"""What teachers mark answers in words by, as a file of Markdown beside an export: model answers, and rubrics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.export.tree import Block, Blocks, Criterion, Export, Figure, Inline, Line, Part

NAME = "-rubrics.md"


@dataclass(frozen=True)
class ByHand:
    """A question that a person marks: the variant it is of, a model answer, and how the points are given."""

    part: Part
    variant: str
    points: int
    model: Blocks
    rubric: tuple[Criterion, ...] = ()


def rubrics(export: Export, questions: Iterable[ByHand]) -> dict[str, bytes]:
    """Return the file, by its name's end; no file where there is nothing to mark."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in questions:
        title = f"## {one.part.title} ({one.points} {'point' if one.points == 1 else 'points'})"
        lines = "\n".join([*_blocks(one.model, export.figures), *_rubric(one.rubric)]).strip()
        found.setdefault((title, lines), []).append(f"(id {one.part.id} {one.variant})")
    if not found:
        return {}
    text = [f"# {export.title}: what is marked by hand", ""]
    for (title, lines), names in found.items():
        text += [title, "", f"Questions that end in {', '.join(dict.fromkeys(names))}.", "", lines, ""]
    return {NAME: "\n".join(text).encode()}


def _rubric(rubric: Iterable[Criterion]) -> list[str]:
    return [f"- {one.points}: {_line(one.text)}" for one in rubric]


def _blocks(content: Blocks, figures: Mapping[str, Figure]) -> list[str]:
    return [line for block in content for line in [*_block(block, figures), ""]]


def _block(block: Block, figures: Mapping[str, Figure]) -> list[str]:
    match block:
        case {"p": content}:
            return [_line(content)]
        case {"display": tex}:
            return [f"$${tex}$$"]
        case {"list": items} | {"ordered": items}:
            sign = "-" if "list" in block else "1."
            return [
                f"{sign if place == 0 else ' ' * len(sign)} {line}".rstrip()
                for item in items
                for place, line in enumerate(_blocks(item, figures))
            ]
        case {"table": rows}:
            return ["| " + " | ".join(_line(cell) for cell in row) + " |" for row in rows]
        case {"code": code}:
            return ["```", *code.splitlines(), "```"]
        case {"figure": name}:
            return [f"[picture: {figures[name].alt}]"]
    raise ValueError(f"no block: {block!r}")


def _line(content: Line) -> str:
    return "".join(map(_inline, content))


def _inline(node: Inline) -> str:
    match node:
        case str():
            return node
        case {"tex": tex}:
            return f"${tex}$"
        case {"code": code}:
            return f"`{code}`"
        case {"em": inner}:
            return f"*{_line(inner)}*"
        case {"strong": inner}:
            return f"**{_line(inner)}**"
        case {"link": inner, "url": url}:
            return f"[{_line(inner)}]({url})"
    raise ValueError(f"nothing for a line: {node!r}")
