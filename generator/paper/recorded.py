"""Whether a record's key is made today as it was printed; and the key as it was recorded, where it is not.

Nobody is marked by another key than the printed one.  What differs stops the command that asks; with ``--recorded`` the
parameters and answers of the record are used, and the problem's own code only to say what is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import msgspec

from generator import __version__
from generator.errors import InputError
from generator.numbers.arrays import as_array
from generator.numbers.encoding import decode, encode
from generator.paper.asked import asked_parts
from generator.paper.record import ProblemRecord, Record
from generator.paper.sheet import Entry, Sheet
from generator.paper.sources import changed_sources, problem_sources
from generator.problem.problem import Variant
from generator.problem.solution import Values

_REMEDY = (
    "Give the files as they were when the papers were made, or say --recorded, which uses the parameters and answers "
    "in the manifest alone"
)


def check_sources(record: Record, sheet: Sheet) -> None:
    """Raise :class:`InputError` that names the sheet's and the problems' files that are not as when the paper was made.

    ``sheet`` is that of :func:`generator.paper.rebuild.sheet_of`.  Records of version 0.1 do not say.
    """
    if not record.sources:
        return
    if not sheet.text:  # its file was not named: what it asks of the generator's own problems is in the record
        own = sorted(name for name in record.sources if name.endswith(".py"))
        if own:
            raise InputError(
                f"the papers are made from {', '.join(own)} too: name the sheet's file, {record.sheet_file}",
                field="--sheet",
            )
        return
    changed = changed_sources(record.sources, sheet.sources)
    if changed:
        raise InputError(
            f"{', '.join(changed)}: not as it was when the papers were made, by the digest in the manifest; the key "
            f"could be another than the printed one. {_REMEDY}"
        )


def check_answers(record: Record, sheet: Sheet, variants: tuple[Variant, ...]) -> None:
    """Raise :class:`InputError` that says which recomputed value or answer differs from the record's."""
    found = next(differences(record, sheet, variants), "")
    if found:
        version = "" if record.version == __version__ else f" (made by version {record.version}, this is {__version__})"
        raise InputError(f"{found}{version}. {_REMEDY}")


def differences(record: Record, sheet: Sheet, variants: tuple[Variant, ...]) -> Iterator[str]:
    """Yield the values and answers that are not in the record as they come out today."""
    same_version = record.is_as_made_now
    for variant, entry, stored in zip(variants, sheet.entries, record.problems, strict=True):
        yield from _problem_differences(variant, entry, stored, same_version=same_version)


def _problem_differences(variant: Variant, entry: Entry, stored: ProblemRecord, *, same_version: bool) -> Iterator[str]:
    where = variant.problem.id
    computed = encode(variant.values.computed)
    answers = encode(variant.answers(asked_parts(variant, entry)))
    yield from _differences(f"{where}, values", stored.values, computed, same_version)
    yield from _differences(f"{where}, answers", stored.answers, answers, same_version)


def _differences(where: str, stored: Mapping[str, Any], now: Mapping[str, Any], same_version: bool) -> Iterator[str]:
    """Of another version only what both know is compared, and not the words, which may have been written anew."""
    for name in sorted(stored.keys() | now.keys()):
        if name in stored and name in now:
            if stored[name] != now[name] and (same_version or not _is_words(stored[name])):
                yield f"{where}: {name} is {shown_json(stored[name])} in the manifest and {shown_json(now[name])} when solved again"
        elif same_version:
            yield f"{where}: {name} is {'missing in' if name in now else 'only in'} the manifest"


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and " " in value and any(len(word) > 3 and word.isalpha() for word in value.split())


def shown_json(value: Any) -> str:
    """Return a value of a manifest as messages show it."""
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 80 else text[:77] + "..."


# ---------------------------------------------------------------------------------------- by the record


@dataclass(frozen=True)
class RecordedVariant:
    """A variant with the recorded values.

    ``is_unchanged`` says that the problem is today what it was: its files, and all that it computes.
    """

    variant: Variant
    is_unchanged: bool


def as_recorded(record: Record, sheet: Sheet) -> tuple[RecordedVariant, ...]:
    """Return the variants of a record with its values; the problems' own code need not be able to solve them any more."""
    return tuple(
        _as_recorded(record, sheet, entry, stored) for entry, stored in zip(sheet.entries, record.problems, strict=True)
    )


def _as_recorded(record: Record, sheet: Sheet, entry: Entry, stored: ProblemRecord) -> RecordedVariant:
    problem = entry.problem
    params = problem.read(stored.params)
    try:
        fresh = replace(problem.variant(params), level=entry.level)
        same_version = record.is_as_made_now
        differs = any(_problem_differences(fresh, entry, stored, same_version=same_version))
    except Exception:  # noqa: BLE001 - whatever an author's code raises, the record has what it once gave
        fresh, differs = Variant(problem, params, Values.of(params, dict(params)), entry.level), True
    files = problem_sources(sheet.path, problem) if sheet.text else {}
    changed = any(record.sources.get(name) != digest for name, digest in files.items())
    values = replace(fresh, values=_recorded_values(fresh.values, stored))
    return RecordedVariant(values, not (differs or changed))


def _recorded_values(values: Values, stored: ProblemRecord) -> Values:
    everything = values.everything()
    for name, raw in stored.values.items():
        if name not in values or encode(values[name]) != raw:
            everything[name] = as_array(decode(raw, values.get(name)))
    return Values.of(values.params, everything)


def key_digest(record: Record) -> str:
    """Return sixteen hexadecimal digits, equal for records with the same parameters and answers."""
    key = [(problem.id, problem.params, problem.answers) for problem in record.problems]
    return blake2b(msgspec.json.encode(key), digest_size=8).hexdigest()
