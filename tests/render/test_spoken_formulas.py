"""Formulas as a listener hears them: what a speech engine says of every formula of every problem.

The engine is the npm package speech-rule-engine, found by Node.js: ``npm install speech-rule-engine`` in a folder, and
``NODE_PATH`` is its ``node_modules``.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from generator.paper.paper import exercise
from generator.paper.sheet import Entry
from generator.problem.catalogue import catalogue
from generator.render.mathml import formula
from generator.render.renderer import FORMATS, renderer
from tests.drawn import drawn

SPEAK = Path(__file__).parent / "speak.js"
SEEDS = range(1, 5)


@cache
def why_not() -> str:
    """Why nothing can be spoken here; nothing if it can."""
    if shutil.which("node") is None:
        return "no node on the PATH"
    found = subprocess.run(["node", "-e", "require.resolve('speech-rule-engine')"], capture_output=True)
    return "no speech-rule-engine for node (npm install, and NODE_PATH)" if found.returncode else ""


def said(formulas: Sequence[str]) -> list[tuple[str, str]]:
    """What two sets of rules say of each formula."""
    if why_not():
        pytest.skip(why_not())
    spoken = subprocess.run(
        ["node", str(SPEAK)], input=json.dumps(formulas), capture_output=True, text=True, check=True
    ).stdout
    return [tuple(one) for one in json.loads(spoken)]


MISLEADING = re.compile(
    r"[Mm]etric|raised to the \S+ power|Superscript (?:star|asterisk)|down tack|circled|nabla|Modifying|normal|parallel"
    r"|\b[a-z] [a-z] [a-z] [a-z]\b|[^\x00-\x7f]"
)
"""Words of a sign's look, of a power that is none, a word that is spelled, and signs that are not spoken at all."""


def faults(mathml: str, speech: str) -> list[str]:
    """What a listener would misunderstand, or not hear."""
    found = MISLEADING.findall(speech)
    blanks = mathml.count('class="blank"')
    if len(re.findall(r"\bblank\b", speech)) != blanks:
        found.append(f"not {blanks} blanks")
    return found if speech.strip() else ["nothing is said"]


@pytest.mark.heavy
@pytest.mark.parametrize("problem", catalogue())
def test_every_formula_is_spoken_as_it_is_meant(problem: str) -> None:
    one = catalogue()[problem]
    pages = [
        str(renderer(FORMATS["html"]).node(exercise(drawn(problem, seed, level), 1, entry)))
        for level in one.levels
        for entry in (Entry(one, level=level), Entry(one, level=level, guided=True))
        for seed in SEEDS
    ]
    formulas = sorted({found for page in pages for found in re.findall(r"<math\b.*?</math>", page, re.DOTALL)})
    assert len(formulas) > 30
    wrong = {
        speech: found
        for mathml, both in zip(formulas, said(formulas), strict=True)
        for speech in both
        if (found := faults(mathml, speech))
    }
    assert wrong == {}


@pytest.mark.heavy
def test_what_is_said_of_signs_that_have_no_word_of_their_own() -> None:
    spoken = {
        r"\lVert\theta\rVert^2": "the norm of theta squared",
        r"\|\theta - 1\|": "the norm of theta minus 1, end of norm,",
        r"\theta^\star = 0": "theta star equals 0",
        r"\hat x": "x hat",
        r"X^\top X": "X transpose X",
        r"W_2^\top g": "W sub 2 transpose g",
        r"\mathrm{d} x": "d x",
        r"\Delta = 1": "capital delta equals 1",
        r"\nabla L": "the gradient of L",
        r"\mathrm{Var}[y]": "variance of y",
        r"\mathrm{Linear}_{2}(\underline{\hspace{2em}}, 4)": "Linear sub 2 of open paren blank comma 4 close paren",
        r"C = 15\,357": "C equals 15357",
        r"\gamma \odot x": "gamma times, entry by entry, x",
    }
    assert [clear for _, clear in said([formula(tex).mathml for tex in spoken])] == [*spoken.values()]


def test_speech_that_misleads_is_found() -> None:
    """Else the tests above would pass whatever is said."""
    for speech in ("the metric of theta", "theta raised to the star power", "upper L i n e a r 1", "x ˆ", ""):
        assert faults("<math></math>", speech)
    assert faults('<mtext class="blank">', "open paren comma close paren")
    assert not faults('<mtext class="blank">', "theta star equals blank")


@pytest.mark.parametrize(
    "tex", [r"\lVert x - \lVert y \rVert \rVert", r"\| a \|", r"\Vert a \Vert^2_2 + \Vert b \Vert"]
)
def test_a_norm_is_one_element_with_its_intent(tex: str) -> None:
    root = ET.fromstring(formula(tex).mathml)  # noqa: S314 - our own
    norms = [one for one in root.iter() if one.get("intent") == "norm($x)"]
    assert norms
    assert all([child.get("arg") for child in norm] == [None, "x", None] for norm in norms)
