"""Banks: within a level all questions of a group have one kind and one effort, and many depend on the variant's numbers."""

from __future__ import annotations

import pytest

from generator.document.slots import SLOT
from generator.problem.bank import Bank
from generator.problem.bank_file import LEVELS, Entry
from generator.problem.catalogue import catalogue, find_problem

NAMES = tuple(catalogue())
LEAST_QUESTIONS, LEAST_AT_A_LEVEL, LEAST_CLAIMS = 15, 6, 16
KIND = {"easy": "recall", "standard": "explain", "hard": "prove"}
KIND_OF_PROOFS = {"easy": "explain", "standard": "prove", "hard": "prove"}  # of what the printed sheet asks to prove


def bank_of(name: str) -> Bank:
    bank = find_problem(name).bank
    assert bank is not None
    return bank


GROUPS = [
    (name, group)
    for name in NAMES
    for group, entries in bank_of(name).contents.groups.items()
    if all(entry.claim is None for entry in entries.values())
]


def drawn(name: str, group: str, level: str) -> list[Entry]:
    # A reason is worded for the batches compared: the samplers compare two.
    return [
        entry for entry in bank_of(name)[group].values() if entry.is_drawn_at(level) and "reason_" not in entry.name
    ]


def has_numbers(entry: Entry) -> bool:
    return any(SLOT.search(text) for text in entry.texts.values())


@pytest.mark.parametrize(("name", "group"), GROUPS)
def test_questions_are_many_and_of_one_kind_and_effort_at_a_level(name: str, group: str) -> None:
    levels = {level: drawn(name, group, level) for level in LEVELS}
    assert len({entry.name for entries in levels.values() for entry in entries}) >= LEAST_QUESTIONS
    for level, entries in levels.items():
        assert len(entries) >= LEAST_AT_A_LEVEL
        assert {entry.kind for entry in entries} == {(KIND_OF_PROOFS if group == "norm_question" else KIND)[level]}
        assert len({(entry.essay.points, entry.essay.lines) for entry in entries if entry.essay}) == 1
        assert sum(map(has_numbers, entries)) >= len(entries) / 2


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("level", LEVELS)
def test_claims_are_many_and_balanced_and_many_have_numbers(name: str, level: str) -> None:
    parameters = {"follow_ups", "running_mean"}  # what every sampler gives
    claims = [
        entry
        for entry in bank_of(name)["claims"].values()
        if entry.is_drawn_at(level) and not parameters & {*entry.not_with}
    ]
    true = sum(entry.claim.verdict for entry in claims if entry.claim)
    assert len(claims) >= LEAST_CLAIMS
    assert 0.35 <= true / len(claims) <= 0.65
    assert sum(bool(SLOT.search(entry.texts["claim"])) for entry in claims) >= len(claims) / 3


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_says_what_it_asks(name: str) -> None:
    for entries in bank_of(name).contents.groups.values():
        for entry in entries.values():
            assert entry.asks or entry.tells, entry.key
            assert not {*entry.asks} & {*entry.tells}, entry.key
