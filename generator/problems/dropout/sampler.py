"""How a pass is drawn: a mask for which the correction helps, and numbers that stay small."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from math import gcd
from typing import Any

from generator import Draw, draw_claims
from generator.problem.balance import even_weights
from generator.problem.draw import Weights
from generator.problems.dropout.claims import CLAIMS, GIVEN_AWAY, SAID_BY
from generator.problems.dropout.concepts import CLOSENESS, FOLLOW_UPS, TRAIN_TEST
from generator.problems.dropout.levels import EASY, HARD, STANDARD, Setting
from generator.problems.dropout.ways import Pass, draw_units, kept_share, passes

FOUND = tuple(f"{above}/{below}" for below in range(3, 10) for above in range(1, below) if gcd(above, below) == 1)
"""Probabilities to be found from two outputs."""


def _sample(setting: Setting, draw: Draw) -> Mapping[str, Any]:
    """Units, some of them with a negative weight, and a mask under which the correction helps."""
    p, output = draw.weighted(_outputs(setting))
    survivors, others = map(iter, draw_units(draw, setting, p, draw.weighted(_with_output(setting, p, output))))
    places = range(1, setting.units + 1)
    kept = draw.sample(places, setting.survivors[p])
    units = [next(survivors if place in kept else others) for place in places]
    sign = draw.sign() if setting.negative else 1
    seen_above, seen_below = kept_share(draw.choice([share for share in FOUND if share != p]))
    times = draw.sign() * draw.integer(2, 6)
    concept = draw.fork("concepts")
    questions = [concept.choice(tuple(bank)) for bank in (CLOSENESS, TRAIN_TEST)]
    return {
        "x": [unit.activation for unit in units],
        "w": [sign * unit.weight for unit in units],
        "p": p,
        "dropped": [place for place in places if place not in kept],
        "closeness": questions[0],
        "train_test": questions[1],
        "follow_ups": FOLLOW_UPS,
        "seen_drop": times * seen_above,
        "seen_corr": times * seen_below,
        "claims": draw_claims(concept, CLAIMS, without=GIVEN_AWAY.union(*(SAID_BY.get(one, ()) for one in questions))),
    }


sample_easy, sample, sample_hard = (partial(_sample, setting) for setting in (EASY, STANDARD, HARD))


@cache
def _with_output(setting: Setting, p: str, output: int) -> Weights[Pass]:
    """The passes whose survivors come out at ``output``, each with the number of its ways."""
    return Weights({one: ways for one, ways in passes(setting, p).items() if one.dropped == output})


@cache
def _outputs(setting: Setting) -> Weights[tuple[str, int]]:
    """Probabilities, each as likely, with the survivors' outputs: neither these nor the corrected ones are often the same."""
    every = [(p, output) for p in setting.survivors for output in sorted({one.dropped for one in passes(setting, p)})]
    answers = []
    for p, output in every:
        above, below = kept_share(p)
        answers.append((("y_drop", output), ("y_corr", output * below // above)))
    return Weights(dict(zip(every, even_weights(answers, [p for p, _ in every]), strict=True)))
