"""The fairness of a class for machines: plain dictionaries, lists, texts and numbers."""

from __future__ import annotations

from typing import Any

from generator.fairness.findings import Fairness, ProblemFairness
from generator.fairness.measures import COST_AIM, Cost


def to_dict(fairness: Fairness) -> dict[str, Any]:
    """The statistics for machines: plain dictionaries, lists, texts and numbers."""
    return {
        "sheet": fairness.sheet,
        "papers": fairness.papers,
        "aims": {"judged": fairness.aims, "missed": len(fairness.findings)},
        **({} if fairness.whole is None else {"whole_papers": {"cost": _cost_dict(fairness.whole)}}),
        "problems": [_problem_dict(problem) for problem in fairness.problems],
        "findings": [
            {"problem": one.problem, "part": one.part, "measure": one.measure, "text": one.text}
            for one in fairness.findings
        ],
    }


def _problem_dict(problem: ProblemFairness) -> dict[str, Any]:
    return {
        "problem": problem.name,
        "number": problem.number,
        "id": problem.id,
        "papers": problem.papers,
        "variants": {"distinct": problem.distinct, "most_sharing": problem.most_sharing, "missed": problem.shared},
        "cost": _cost_dict(problem.cost),
        "letters": [
            {
                "part": one.part,
                "papers": one.papers,
                "shares": {name: round(share, 6) for name, share in zip(one.names, one.shares, strict=True)},
                "aim": round(one.aim, 6),
                "judged": one.judged,
                "missed": one.missed,
            }
            for one in problem.letters
        ],
        "answers": [
            {
                "part": one.part,
                "papers": one.papers,
                "distinct": one.distinct,
                "possible": one.space or None,
                "commonest": one.commonest,
                "share": round(one.share, 6),
                "aim": round(one.aim, 6),
                "judged": one.judged,
                "missed": one.missed,
            }
            for one in problem.answers
        ],
    }


def _cost_dict(cost: Cost) -> dict[str, Any]:
    return {
        "smallest": cost.smallest,
        "largest": cost.largest,
        "mean": round(cost.mean, 6),
        "ratio": round(cost.ratio, 6),
        "aim": COST_AIM,
        "missed": cost.missed,
        "histogram": [list(pair) for pair in cost.histogram],
    }
