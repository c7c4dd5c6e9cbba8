"""Checks of an author's problem: its definition when the file is read, and the parts of each variant.

Each error names the slip itself, before anything that follows from it can fail.
"""

from __future__ import annotations

import inspect
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from generator.document.markup import check_tex
from generator.document.slots import SLOT
from generator.errors import AuthoringError, InputError, did_you_mean, expected, shown
from generator.numbers.encoding import encode
from generator.problem.answers import Answer
from generator.problem.author_code import (
    AuthorCode,
    line_of_argument,
    line_of_function,
    line_of_mistake,
    line_of_part,
    line_with,
)
from generator.problem.choices import Choice
from generator.problem.draw import Draw
from generator.problem.mistake import Mistake
from generator.problem.parameters import Parameter
from generator.problem.parts import Part, walk
from generator.problem.solution import arguments_of, needed_arguments
from generator.problem.values import Values

Problem: TypeAlias = Any
"""A :class:`generator.problem.problem.Problem`, whose module uses this one, while its arguments are still anything."""

MOST_PARTS = 26
"""Parts are lettered a to z."""

MOST_INNER_PARTS = 10


_ARGUMENTS = {
    "sample": "draw", "parts": "the values", "preamble": "the values", "canonical": "the parameters",
    "signature": "the values",
}  # fmt: skip
"""What functions of one argument get."""


_NO_STEPS: Mapping[str, Callable[[Any], bool]] = {
    "a class": inspect.isclass,
    "a coroutine": inspect.iscoroutinefunction,
    "a generator": inspect.isgeneratorfunction,
}
"""What can be called like a step, and does not return a value."""


def check_definition(problem: Problem) -> None:
    """Raise :class:`AuthoringError` for what cannot work whatever the numbers are."""
    check = _Definition(problem)
    check.texts()
    check.files()
    check.functions()
    check.parameters()
    check.solution()
    check.arguments()
    check.mistakes()
    check.tables()
    if problem.bank is not None:
        if not hasattr(problem.bank, "check_names"):
            raise check.bank_error()
        problem.bank.check_names(problem.parameters, problem.graph.names)


class _Definition:
    def __init__(self, problem: Problem) -> None:
        self._problem = problem

    def _error(self, message: str, function: Any = None, line: str = "") -> AuthoringError:
        home = self._problem.home
        line = line or (line_of_function(function, home) if function is not None else "")
        argument = re.match(r"(\w+)=|(original) ", message)
        line = line or (line_of_argument(home, argument[1] or argument[2]) if argument else "")
        return AuthoringError(message).locate(context=f"problem {self._problem.id}", line=line)

    def bank_error(self) -> AuthoringError:
        """Return the error of a ``bank=`` that is none."""
        return self._error(f"bank=: {expected('a Bank, such as Bank.beside(__file__)', shown(self._problem.bank))}")

    def texts(self) -> None:
        for name in ("id", "title", "topic"):
            text = getattr(self._problem, name)
            if not isinstance(text, str) or not text.strip():
                raise self._error(f"{name}=: {expected('a text', shown(text))}")
            if not text.isprintable() and any(unicodedata.category(char) == "Cc" for char in text):
                raise self._error(f"{name}=: {expected('a text in one line, without control characters', shown(text))}")

    def files(self) -> None:
        """``source`` is a path, and ``pictures`` are names of files."""
        problem = self._problem
        if not isinstance(problem.source, str):
            raise self._error(f"source=: {expected('the path of a file, such as __file__', shown(problem.source))}")
        if not isinstance(problem.pictures, list | tuple) or not all(isinstance(one, str) for one in problem.pictures):
            raise self._error(f"pictures=: {expected('a list of names of files', shown(problem.pictures))}")

    def functions(self) -> None:
        problem = self._problem
        for name in ("sample", "check", "parts"):
            self._check_function(name, getattr(problem, name))
        for name in ("preamble", "require", "accept", "canonical", "signature"):
            if getattr(problem, name) is not None:
                self._check_function(name, getattr(problem, name))
        if problem.standard and problem.signature is None:
            raise self._error("standard= needs signature= to be compared with")
        for name in ("easy", "hard"):
            if getattr(problem, name) is not None:
                self._check_level(name, getattr(problem, name))

    def _check_function(self, name: str, function: Any) -> None:
        if not callable(function):
            raise self._error(f"{name}=: {expected('a function', shown(function))}")
        argument = _ARGUMENTS.get(name)
        if argument is not None and not _takes_one(function):
            raise self._error(f"{name}() must take one argument, {argument}", function)

    def _check_level(self, name: str, level: Any) -> None:
        if not (hasattr(level, "sample") and hasattr(level, "signature")):
            raise self._error(f"{name}=: {expected('a Level(...)', shown(level))}")
        if self._problem.signature is None:
            raise self._error(f"{name}= needs signature= to be compared with")
        if not (callable(level.sample) and _takes_one(level.sample)):
            raise self._error(f"{name}=: the sample of a Level must be a function of one argument, draw")
        if not isinstance(level.signature, Mapping):
            raise self._error(f"{name}=: {expected('the signature of a Level, a dictionary', shown(level.signature))}")

    def parameters(self) -> None:
        parameters: Any = self._problem.parameters
        if not isinstance(parameters, Mapping):
            raise self._error(f"parameters=: {expected('a dictionary', shown(parameters))}")
        for name, parameter in parameters.items():
            if not str(name).isidentifier() or keyword.iskeyword(str(name)):
                raise self._error(f"parameters=: {expected('names that Python can have', shown(name))}")
            if not isinstance(parameter, Parameter):
                wanted = "required(reader) or optional(reader, default)"
                raise self._error(f"parameter {name}: {expected(wanted, shown(parameter))}")
            reader: Any = parameter.read
            if not callable(reader):
                wanted = "a reader, such as read_number"
                raise self._error(f"parameter {name}: {expected(wanted, shown(reader))}")
            if not _takes_field(reader):
                raise self._error(f"parameter {name}: a reader is called as reader(raw, field={name!r})", reader)
            self._check_default(name, parameter)

    def _check_default(self, name: str, parameter: Parameter) -> None:
        if parameter.default is None:
            return
        line = line_with(self._problem.home, f'"{name}":') or line_of_argument(self._problem.home, "parameters")
        with AuthorCode(self._problem.home, f"parameter {name}", parameter.read):
            try:
                parameter.read(parameter.default, field=name)
            except InputError as error:
                raise self._error(f"its default is refused: {error.message}", line=line) from error

    def solution(self) -> None:
        problem = self._problem
        if not isinstance(problem.solution, list | tuple):
            raise self._error(f"solution=: {expected('a list of functions', shown(problem.solution))}")
        for step in problem.solution:
            if not callable(step):
                raise self._error(f"solution=: {expected('a list of functions', shown(step))}")
            if getattr(step, "__name__", "<lambda>") == "<lambda>":
                named = "a step is a function with a name, which names what it computes"
                got = "a lambda" if hasattr(step, "__name__") else shown(step)
                raise self._error(f"{named}; got {got}: write def name(…)", step)
            for kind, is_one in _NO_STEPS.items():
                if is_one(step):
                    raise self._error(
                        f"the step {step.__name__} is {kind}: write a plain function that returns its value", step
                    )
        try:
            names = problem.graph.names
        except AuthoringError as error:
            raise self._error(error.message) from error
        for name in names:
            parameter = problem.parameters.get(name)
            if parameter is not None and (parameter.is_required or parameter.default is not None):
                raise self._error(
                    f"{name} is both a parameter and a step: that can be only a parameter that may be left out, without a default"
                )

    def arguments(self) -> None:
        """Every function takes what there is."""
        problem = self._problem
        known = [*problem.parameters, *problem.graph.names]
        for step in problem.solution:
            for name in arguments_of(step):
                if name not in known:
                    text = f"the solution needs {name} in {step.__name__}(), which is neither a step nor a parameter"
                    raise self._error(text + did_you_mean(name, known), step)
        for name in needed_arguments(problem.accept) if problem.accept is not None else ():
            if name not in known:
                text = f"accept() takes {name}, which is neither a step nor a parameter"
                raise self._error(text + did_you_mean(name, known), problem.accept)
        functions: dict[str, Any] = {"check": problem.check, "require": problem.require}
        for called, function in functions.items():
            for name in needed_arguments(function) if function is not None else ():
                if name in known and name not in problem.parameters:
                    text = f"{called}() takes {name}, which is a step; it gets the parameters alone"
                    raise self._error(text, function)
                if name not in known and not _takes_any(function, name):
                    text = f"{called}() takes {name}, which is no parameter"
                    raise self._error(text + did_you_mean(name, problem.parameters), function)

    def mistakes(self) -> None:
        problem = self._problem
        if not isinstance(problem.mistakes, list | tuple):
            raise self._error(f"mistakes=: {expected('a list of Mistake(...)', shown(problem.mistakes))}")
        steps, known = [*problem.graph.names], [*problem.graph.names, *problem.parameters]
        for mistake in problem.mistakes:
            if not isinstance(mistake, Mistake):
                raise self._error(f"mistakes=: {expected('a list of Mistake(...)', shown(mistake))}")
            asked = [name for function in mistake.functions for name in needed_arguments(function)]
            strange = [name for name in mistake.replaced if name not in steps]
            among = steps
            if not strange:
                strange, among = [name for name in asked if name not in known], known
            if strange:
                raise self._error(
                    f"the mistake {mistake.name!r} names {', '.join(sorted(set(strange)))}, which is neither a step nor a "
                    f"parameter{did_you_mean(strange[0], among)}",
                    line=line_of_mistake(problem.home, mistake.name),
                )
        names = Counter(mistake.name for mistake in problem.mistakes)
        if names and max(names.values()) > 1:
            twice = names.most_common(1)[0][0]
            raise self._error(f"two mistakes are called {twice!r}", line=line_of_mistake(problem.home, twice))

    def tables(self) -> None:
        problem = self._problem
        for name in ("original", "standard", "possible", "symbols"):
            table = getattr(problem, name)
            if table is not None and not isinstance(table, Mapping):
                raise self._error(f"{name}=: {expected('a dictionary', shown(table))}")
        for name, tex in problem.symbols.items():
            if name not in problem.graph.names and name not in problem.parameters:
                raise self._error(f"symbols= names {name!r}, which is no step{did_you_mean(name, problem.graph.names)}")
            if not isinstance(tex, str):
                raise self._error(f"symbols=: {expected('a text of TeX', shown(tex))}")
            try:
                check_tex(tex)
            except AuthoringError as error:
                raise self._error(f"symbols=: {error.message}") from error
        self._check_original()
        self._check_sizes()

    def _check_original(self) -> None:
        problem = self._problem
        if problem.original is None:
            return
        for name in problem.original:
            if name not in problem.parameters:
                near = did_you_mean(str(name), problem.parameters)
                raise self._error(f"original names {name!r}, which is no parameter{near}")
        needed = [name for name, parameter in problem.parameters.items() if parameter.is_required]
        missing = [name for name in needed if problem.original.get(name) is None]
        if missing:
            raise self._error(f"original lacks {', '.join(missing)}")

    def _check_sizes(self) -> None:
        problem = self._problem
        for name in ("possible", *(f"{level}: possible" for level in ("easy", "hard") if getattr(problem, level))):
            level, _, _ = name.rpartition(": ")
            table = getattr(problem, level).possible if level else problem.possible
            for part, count in (table or {}).items():
                if type(count) is not int or count < 1:
                    raise self._error(f"{name}=: {expected(f'a positive whole number for {part}', shown(count))}")
        sizes = {"variants": problem.variants}
        sizes |= {f"{name}: variants": level.variants for name in ("easy", "hard") if (level := getattr(problem, name))}
        for name, size in sizes.items():
            if size is not None and (type(size) is not int or size < 1):
                raise self._error(f"{name}=: {expected('a positive whole number', shown(size))}")


def _takes_one(function: Callable[..., Any]) -> bool:
    try:
        inspect.signature(function).bind(None)
    except (TypeError, ValueError):
        return False
    return True


def _takes_field(function: Callable[..., Any]) -> bool:
    try:
        inspect.signature(function).bind(None, field="")
    except (TypeError, ValueError):  # a ValueError: such as int, which has no signature
        return False
    return True


def _takes_any(function: Callable[..., Any], name: str) -> bool:
    parameter = inspect.signature(function).parameters[name]
    return parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)


# ------------------------------------------------------------------------------------------------ the parts


def checked_parts(made: Any, values: Values, problem: Problem) -> list[Part]:
    """Return the parts that an author's ``parts()`` made, each of them checked against the values it is about."""
    if made is None:
        raise AuthoringError("parts() returned nothing: yield each Part, or return a list of them")
    if isinstance(made, str | Mapping | Part) or not isinstance(made, Iterable):
        raise AuthoringError(f"parts(): {expected('a list of Part(...), or yields of them', shown(made))}")
    parts = [*made]
    if not parts:
        raise AuthoringError("parts() gives no part: a problem asks something")
    for part in parts:
        if not isinstance(part, Part):
            raise AuthoringError(f"parts(): {expected('Part(...)', shown(part))}")
    every = [*walk(parts)]
    twice = [name for name, count in Counter(part.id for part in every).items() if count > 1]
    if twice:
        raise _of_part(problem, twice[0], f"two parts have the id {twice[0]!r}")
    if len(parts) > MOST_PARTS:
        raise AuthoringError(f"parts() gives {len(parts)} parts; they are lettered a to z")
    for part in every:
        message = _fault(part, values, problem)
        if message:
            raise _of_part(problem, part.id, message)
    return [_with_options_shuffled(part, values, problem) for part in parts]


def _with_options_shuffled(part: Part, values: Values, problem: Problem) -> Part:
    """The part with the options of its choices in an order that the variant's numbers alone decide."""
    inner = tuple([_with_options_shuffled(one, values, problem) for one in part.parts])
    if any(ours is not theirs for ours, theirs in zip(inner, part.parts, strict=True)):
        part = replace(part, parts=inner)
    if not isinstance(part.answer, Choice) or part.answer.in_order:
        return part
    draw = Draw(problem.id, part.id, repr(encode(dict(values.params))), "order of options")
    return replace(part, answer=part.answer.ordered(draw.shuffled(tuple(part.answer.options))))


def _of_part(problem: Problem, part: str, message: str) -> AuthoringError:
    return AuthoringError(message).locate(item=f"part {part}", line=line_of_part(problem.home, part))


def _fault(part: Part, values: Values, problem: Problem) -> str:
    """What is wrong with a part; nothing if it can be asked."""
    answer = part.answer
    if answer is None:
        return "" if part.parts else "it has no answer, such as Number(step), and no parts of its own"
    if isinstance(part.question, str) and not part.question.strip():
        return "its question is empty"
    if len(part.parts) > MOST_INNER_PARTS:
        return f"it has {len(part.parts)} parts; they are numbered i to x"
    step = answer.step
    if step is None:
        return ""
    strange = [
        name for line in part.rubric for name in line[2:] if name not in (*problem.graph.names, *problem.parameters)
    ]
    if strange:
        return f"its rubric names {strange[0]!r}, which is no step{did_you_mean(strange[0], problem.graph.names)}"
    return _fault_of_answer(part, answer, step, values, problem)


def _fault_of_answer(part: Part, answer: Answer, step: str, values: Values, problem: Problem) -> str:
    if step not in problem.graph.names and step not in problem.parameters:
        return f"its answer names {step!r}, which is no step{did_you_mean(step, problem.graph.names)}"
    if step not in values:
        return ""  # an optional parameter was not given
    if isinstance(part.hint, str) and any(slot[1] == step for slot in SLOT.finditer(part.hint)):
        return f"its hint shows its answer, <{step}>: say what to compute and by which formula"
    unfit: Callable[[Any], str] | None = getattr(answer, "unfit", None)
    message = unfit(values[step]) if unfit is not None else ""
    return f"{message} (step {step})" if message else ""
