r"""Four blocks on language models: the score of a sentence, decoding, byte-pair merges, and a step of skip-gram.

Jurafsky and Martin, *Speech and Language Processing* (third edition, draft of 2024), chapters 2, 3, 6 and 13; Sennrich,
Haddow and Birch, *Neural Machine Translation of Rare Words with Subword Units* (2016), algorithm 1; Mikolov and others, *Distributed
Representations of Words and Phrases and their Compositionality* (2013), equation 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Content, Draw, Figure, InputError, Level, Number, Part, Problem, Values, Vector, Words,
    array, expected, log, one_of, optional, read_matrix, read_vector, require_length, required, say, some_of, steps, whole,
)  # fmt: skip
from generator.document.figures.tree import Branch, tree_scene
from generator.document.prose import Say
from generator.numbers import notation
from generator.problems import _language as lm
from generator.problems import _language_blocks as blocks
from generator.problems._numeric import complex_slopes

# --------------------------------------------------------------------------------------------- reading

NAMES = "ABCDEF"
"""The words of the model."""

MOST_SEQUENCES = 4096


def read_word(raw: Any, *, field: str) -> str:
    """A word of lower-case letters."""
    if not isinstance(raw, str) or not re.fullmatch("[a-z]{1,40}", raw):
        raise InputError(expected("a word of the letters a to z", repr(raw)[:60]), field=field)
    return raw


def read_corpus(raw: Any, *, field: str) -> tuple[tuple[str, Any], ...]:
    """Words, each with how often it occurs."""
    example = 'such as [["net", 3], ["test", 2]]'
    if not isinstance(raw, list | tuple) or not raw:
        raise InputError(expected(f"a list of words and counts {example}", repr(raw)[:60]), field=field)
    found = []
    for place, one in enumerate(raw, start=1):
        where = f"{field}[{place}]"
        if not isinstance(one, list | tuple) or len(one) != 2:
            raise InputError(expected(f"a word and its count {example}", repr(one)[:60]), field=where)
        found.append((read_word(one[0], field=where), whole(1, 10**6)(one[1], field=where)))
    if len({word for word, _ in found}) < len(found):
        raise InputError("a word stands there twice", field=field)
    return tuple(found)


# ------------------------------------------------------------------------------------------ the sampler


def _sample(draw: Draw, level: str, parts: Sequence[Callable[[Draw], Mapping[str, Any] | None]]) -> Mapping[str, Any]:
    """Four blocks, each of them drawn until it is good."""
    given: dict[str, Any] = {}
    for block in parts:
        given |= blocks.drawn_until_good(draw, block)
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


sample_easy = partial(
    _sample,
    level="easy",
    parts=(
        partial(blocks.sentence, (4,)),
        partial(blocks.decoding, 2, range(20, 32)),
        partial(blocks.merging, 3, 2, range(11, 14)),
        partial(blocks.skip_gram, 2, (0, 1, 2), (2, 3, 4, 5), range(8, 13)),
    ),
)
sample = partial(
    _sample,
    level="standard",
    parts=(
        partial(blocks.sentence, (4, 5, 6)),
        partial(blocks.decoding, 3, range(46, 61)),
        partial(blocks.merging, 4, 3, range(15, 18)),
        partial(blocks.skip_gram, 3, (-1, 0, 1), (2, 3, 4, 5, *blocks.FRACTIONS), range(13, 22)),
    ),
)
sample_hard = partial(
    _sample,
    level="hard",
    parts=(
        partial(blocks.sentence, (4, 5, 6)),
        partial(blocks.decoding, 3, range(46, 62)),
        partial(blocks.merging, 5, 3, range(19, 22)),
        partial(blocks.skip_gram, 3, (-1, 0, 1, 2), (2, 3, 4, 5, *blocks.FRACTIONS), range(14, 24)),
    ),
)


def require(
    halvings: Array,
    start: Array,
    table: Array,
    length: Any,
    corpus: lm.Corpus,
    merge_count: Any,
    others: Array,
    b: Array,
) -> None:
    """Numbers of which exact answers follow, probabilities that add up to 1, and no tie that would decide an answer."""
    if not all(one.is_Integer and 0 <= one <= 1000 for one in halvings):
        raise InputError(expected("whole numbers k of p = 2^(-k), up to 1000", [*map(str, halvings)]), field="halvings")
    _require_model(start, table, length)
    if lm.learned(corpus, int(merge_count)) is None:
        problem = f"two pairs are equally frequent at one of the {merge_count} merges, or no pair is left"
        raise InputError(problem, field="corpus")
    require_length("others", others[0], len(b), "entry of b")
    for row in others:
        if not all(one.is_Integer and abs(one) <= 20 for one in row):
            raise InputError(expected("vectors of whole numbers from -20 to 20", [*map(str, row)]), field="others")
    if not all(one.is_Rational and one > 0 for one in b):
        raise InputError(expected("positive fractions, of which v has the logarithms", [*map(str, b)]), field="b")


def _require_model(start: Array, table: Array, length: Any) -> None:
    if not 2 <= len(start) <= len(NAMES):
        raise InputError(expected(f"2 to {len(NAMES)} words", len(start)), field="start")
    require_length("table", table, len(start), "word of start")
    require_length("table[1]", table[0], len(start), "word of start")
    for field, row in (("start", start), *((f"table[{place}]", row) for place, row in enumerate(table, start=1))):
        if not all(one.is_Rational and one >= 0 for one in row) or sum(row) != 1:
            raise InputError(expected("probabilities that add up to 1", [*map(str, row)]), field=field)
    if len(start) ** length > MOST_SEQUENCES:
        raise InputError(expected(f"at most {MOST_SEQUENCES} sequences", len(start) ** length), field="length")
    model = plain(start), plain_rows(table), int(length)
    for find, what in ((lm.greedy_ids, "next words"), (lm.beam_ids, "prefixes"), (lm.best_ids, "sequences")):
        if find(*model) is None:
            raise InputError(f"two {what} are equally probable, and it is not said which one is taken", field="table")


def plain(row: Sequence[Any]) -> list[Fraction]:
    """Fractions of Python, which are compared and multiplied much faster."""
    return [Fraction(int(one.p), int(one.q)) for one in row]


def plain_rows(table: Any) -> list[list[Fraction]]:
    return [plain(row) for row in table]


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def decoded(find: Callable[..., lm.Ids | None], start: Array, table: Array, length: Any, **how: Any) -> lm.Ids:
    """The sequence that a way of decoding finds."""
    found = find(plain(start), plain_rows(table), int(length), **how)
    return found or ()


def name_of(ids: Sequence[Any]) -> str:
    return "".join(NAMES[int(one)] for one in ids)


def probability_of(ids: Sequence[Any], start: Array, table: Array) -> Any:
    return lm.probability(tuple(map(int, ids)), start, table)


def tokens_of(corpus: lm.Corpus, pairs: Sequence[lm.Pair]) -> list[tuple[tuple[str, ...], Any]]:
    """Each word of the corpus, cut into tokens, with its count."""
    return [(lm.segmented(word, pairs), count) for word, count in corpus]


SOLUTION = steps(
    log2_probability=lambda halvings: -halvings.sum(),
    bits=lambda log2_probability, halvings: -log2_probability / len(halvings),
    nats=lambda bits: bits * log(2),
    perplexity=lambda bits: 2**bits,
    greedy_ids=lambda start, table, length: decoded(lm.greedy_ids, start, table, length),
    best_ids=lambda start, table, length: decoded(lm.best_ids, start, table, length),
    beam_ids=lambda start, table, length: decoded(lm.beam_ids, start, table, length),
    greedy=lambda greedy_ids: name_of(greedy_ids),
    greedy_probability=lambda greedy_ids, start, table: probability_of(greedy_ids, start, table),
    beam=lambda beam_ids: name_of(beam_ids),
    beam_probability=lambda beam_ids, start, table: probability_of(beam_ids, start, table),
    best=lambda best_ids: name_of(best_ids),
    merge_pairs=lambda corpus, merge_count: lm.learned(corpus, int(merge_count)),
    merges=lambda merge_pairs: tuple("+".join(pair) for pair in merge_pairs),
    tokens_after=lambda merge_pairs, corpus: sum(
        len(tokens) * count for tokens, count in tokens_of(corpus, merge_pairs)
    ),
    segmentation=lambda merge_pairs, new_word: lm.segmented(new_word, merge_pairs),
    dot_ratios=lambda others, b: array([ratio_of(u, b) for u in others]),
    sigmas=lambda dot_ratios: dot_ratios / (1 + dot_ratios),
    pair_loss=lambda sigmas: -log(sigmas[0]) - sum(log(1 - one) for one in sigmas[1:]),
    residuals=lambda sigmas: array([sigmas[0] - 1, *sigmas[1:]]),
    gradient_center=lambda residuals, others: residuals @ others,
)


def ratio_of(u: Array, b: Array) -> Any:
    """The number whose logarithm is u·v."""
    found: Any = 1
    for exponent, base in zip(u, b, strict=True):
        found = found * base**exponent
    return found


def fork(greedy_ids: Any, best_ids: Any) -> Any:
    """The first place, from 1, at which greedy decoding leaves the best sequence; the last one if it never does."""
    places = [place for place, (one, other) in enumerate(zip(greedy_ids, best_ids, strict=True), 1) if one != other]
    return (places or [len(greedy_ids)])[0]


def product_of(ids: Any, start: Array, table: Array) -> str:
    """The probabilities that a sequence multiplies, as TeX."""
    return r" \cdot ".join(map(notation.factor, lm.factors(tuple(map(int, ids)), start, table)))


def after_first(word: str, corpus: lm.Corpus, merge_count: Any) -> str:
    """A word after the first merge, with a hyphen between its tokens."""
    return "-".join(lm.segmented(word, (lm.learned(corpus, int(merge_count)) or ())[:1]))


def misses(start: Array, table: Array, length: Any) -> bool:
    """Greedy decoding does not find the best sequence."""
    model = plain(start), plain_rows(table), int(length)
    return lm.greedy_ids(*model) != lm.best_ids(*model)


def has_negatives(others: Array) -> bool:
    """There is a negative beside the true context."""
    return len(others) > 1


def starts_with_letters(corpus: lm.Corpus) -> Any:
    """The number of tokens before any merge."""
    return sum(len(word) * count for word, count in corpus)


BANK = Bank.beside(
    __file__,
    fork,
    misses,
    has_negatives,
    count=lambda halvings: len(halvings),
    bits_total=lambda halvings: halvings.sum(),
    share=lambda halvings: Fraction(1, len(halvings)),
    arithmetic=lambda halvings: sum(2**one for one in halvings) / len(halvings),
    inverses=lambda halvings: array([2**one for one in halvings]),
    even=lambda halvings: 2 ** halvings.max(),
    even_bits=lambda halvings: halvings.max(),
    sequences=lambda start, length: len(start) ** length,
    looked_at=lambda start, length: len(start) * length,
    vocabulary=lambda start: len(start),
    kept_twice=lambda start: 2 * len(start),
    prefixes=lambda start, length: len(start) ** (length - 1),
    pairs_of_words=lambda start: len(start) ** 2,
    best_product=lambda best_ids, start, table: product_of(best_ids, start, table),
    greedy_product=lambda greedy_ids, start, table: product_of(greedy_ids, start, table),
    beam_product=lambda beam_ids, start, table: product_of(beam_ids, start, table),
    best_probability=lambda best_ids, start, table: probability_of(best_ids, start, table),
    tokens_before=starts_with_letters,
    saved=lambda corpus, tokens_after: starts_with_letters(corpus) - tokens_after,
    types_before=lambda corpus: sum(len(word) for word, _ in corpus),
    first_word=lambda corpus: corpus[0][0],
    first_count=lambda corpus: corpus[0][1],
    first_doubled=lambda corpus: 2 * corpus[0][1],
    largest_start=lambda start: start.max(),
    last_merge=lambda merges: merges[-1],
    first_merge=lambda merges: merges[0],
    first_new=lambda merge_pairs: "".join(merge_pairs[0]),
    new_cut=lambda new_word, corpus, merge_count: after_first(new_word, corpus, merge_count),
    center=lambda b: log(b),
    u1=lambda others: others[0],
    negatives=lambda others: len(others) - 1,
    towards=lambda sigmas: 1 - sigmas[0],
    away=lambda sigmas: r", \quad ".join(notation.tex(one) for one in sigmas[1:]),
    longer_u1=lambda others: 2 * others[0],
    longer_sigma=lambda dot_ratios: dot_ratios[0] ** 2 / (1 + dot_ratios[0] ** 2),
)

# ------------------------------------------------------------------------------ what students do instead


def by_marginals(start: Array, table: Array, length: Any) -> lm.Ids | None:
    return lm.marginal_ids(plain(start), plain_rows(table), int(length))


def by_last_step(start: Array, table: Array, length: Any) -> lm.Ids | None:
    return lm.beam_ids(plain(start), plain_rows(table), int(length), by_last=True)


def of_types(corpus: lm.Corpus, merge_count: Any) -> tuple[lm.Pair, ...] | None:
    return lm.learned([(word, 1) for word, _ in corpus], int(merge_count))


def at_once(corpus: lm.Corpus, merge_count: Any) -> tuple[lm.Pair, ...] | None:
    return lm.learned_at_once(corpus, int(merge_count))


MISTAKES = [
    BANK.mistake("not_averaged", bits=lambda log2_probability: -log2_probability),
    BANK.mistake("sign_lost", log2_probability=lambda halvings: halvings.sum()),
    BANK.mistake("arithmetic_mean", perplexity=lambda halvings: sum(2**one for one in halvings) / len(halvings)),
    BANK.mistake(
        "inverse_mean_probability",
        perplexity=lambda halvings: len(halvings) / sum(Fraction(1, 2 ** int(one)) for one in halvings),
    ),
    BANK.mistake("divided_by_ln2", nats=lambda bits: bits / log(2)),
    BANK.mistake(
        "each_step_most_likely_marginal",
        greedy_ids=by_marginals,
        applies=lambda start, table, length, greedy_ids: by_marginals(start, table, length) not in (None, greedy_ids),
    ),
    BANK.mistake(
        "beam_is_greedy",
        beam_ids=lambda greedy_ids: greedy_ids,
        applies=lambda greedy_ids, beam_ids: greedy_ids != beam_ids,
    ),
    BANK.mistake(
        "beam_by_last_step",
        beam_ids=by_last_step,
        applies=lambda start, table, length, greedy_ids, beam_ids, best_ids: (
            by_last_step(start, table, length) not in (None, greedy_ids, beam_ids, best_ids)
        ),
    ),
    BANK.mistake(
        "beam_is_exact",
        beam_ids=lambda best_ids: best_ids,
        applies=lambda beam_ids, best_ids: beam_ids != best_ids,
    ),
    BANK.mistake(
        "word_types_counted",
        merge_pairs=of_types,
        applies=lambda corpus, merge_count, merge_pairs: (
            of_types(corpus, merge_count) not in (None, merge_pairs, at_once(corpus, merge_count))
        ),
    ),
    BANK.mistake(
        "not_recounted",
        merge_pairs=at_once,
        applies=lambda corpus, merge_count, merge_pairs: at_once(corpus, merge_count) not in (None, merge_pairs),
    ),
    BANK.mistake(
        "tokens_of_types",
        tokens_after=lambda corpus, merge_pairs: sum(len(tokens) for tokens, _ in tokens_of(corpus, merge_pairs)),
    ),
    BANK.mistake("sigma_complement", sigmas=lambda dot_ratios: 1 / (1 + dot_ratios)),
    BANK.mistake("negatives_pushed_up", residuals=lambda sigmas: sigmas - 1, applies=has_negatives),
    BANK.mistake("positive_without_minus_one", residuals=lambda sigmas: sigmas),
    BANK.mistake("negatives_not_flipped", pair_loss=lambda sigmas: -log(sigmas).sum(), applies=has_negatives),
    BANK.mistake("ascent_direction", gradient_center=lambda residuals, others: -(residuals @ others)),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    halvings: np.ndarray, start: np.ndarray, table: np.ndarray, length: float, corpus: lm.Corpus, merge_count: float,
    new_word: str, others: np.ndarray, b: np.ndarray,
) -> Mapping[str, Any]:  # fmt: skip
    """numpy: natural logarithms; all sequences as one array; a beam on log-probabilities; merges by replacing in texts; complex steps."""
    entropy = -np.log(0.5**halvings).mean()
    words = int(length)
    joint = start.copy()
    for _ in range(words - 1):
        joint = joint[..., None] * table
    with np.errstate(divide="ignore"):
        first, after = np.log(start), np.log(table)
    path = [int(np.argmax(start))]
    kept: list[tuple[lm.Ids, float]] = [((), 0.0)]
    for _ in range(words - 1):
        path.append(int(np.argmax(table[path[-1]])))
    for _ in range(words):
        longer = [
            ((*ids, word), score + (after[ids[-1]] if ids else first)[word])
            for ids, score in kept
            for word in range(len(start))
        ]
        kept = sorted(longer, key=lambda one: -one[1])[:2]
    beam = kept[0][0]
    texts, new, merges = {f" {' '.join(word)} ": int(count) for word, count in corpus}, f" {' '.join(new_word)} ", []
    for _ in range(int(merge_count)):
        counts: dict[str, int] = {}
        for text, count in texts.items():
            tokens = text.split()
            for left, right in pairwise(tokens):
                counts[f"{left}+{right}"] = counts.get(f"{left}+{right}", 0) + count
        merges.append(max(counts, key=lambda pair: counts[pair]))
        pair, joined = f"(?<= ){merges[-1].replace('+', ' ')}(?= )", merges[-1].replace("+", "")
        texts = {re.sub(pair, joined, text): count for text, count in texts.items()}
        new = re.sub(pair, joined, new)
    signs = np.where(np.arange(len(others)) == 0, 1.0, -1.0)

    def loss(v: np.ndarray) -> complex:
        return complex(np.log1p(np.exp(-signs * (others @ v))).sum())

    v = np.log(b)
    return {
        "log2_probability": np.log2(0.5**halvings).sum(),
        "bits": entropy / np.log(2),
        "nats": entropy,
        "perplexity": np.exp(entropy),
        "greedy": name_of(path),
        "greedy_probability": joint[tuple(path)],
        "beam": name_of(beam),
        "beam_probability": joint[beam],
        "best": name_of(np.unravel_index(int(joint.argmax()), joint.shape)),
        "merges": merges,
        "tokens_after": sum(len(text.split()) * count for text, count in texts.items()),
        "segmentation": new.split(),
        "dot_ratios": np.exp(others @ v),
        "sigmas": 1 / (1 + np.exp(-(others @ v))),
        "residuals": 1 / (1 + np.exp(-(others @ v))) - (signs > 0),
        "pair_loss": loss(v).real,
        "gradient_center": complex_slopes(loss, v),
    }


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    return BANK.text("preamble", v)


def parts(v: Values) -> Iterator[Part]:
    yield BANK.part(
        "sentence",
        v,
        parts=[
            BANK.part("log2_probability", v, Number("log2_probability", r"\log_2 p")),
            BANK.part("bits", v, Number("bits")),
            BANK.part("nats", v, Number("nats")),
            BANK.part("perplexity", v, Number("perplexity")),
        ],
        probabilities=sentence(v),
    )
    yield Part("decoding", [BANK.text("decoding", v), say(model_table(v)), BANK.text("beams", v)], parts=[*decoding(v)])
    yield Part("merging", BANK.text("merging", v, words=corpus_words(v)), parts=[*merging(v)])
    yield Part("embedding", BANK.text("embedding", v), parts=[*embedding(v)])
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


def sentence(v: Values) -> str:
    """The probabilities of the tokens, as TeX."""
    return ", ".join(rf"2^{{-{k}}}" for k in v.halvings)


def model_table(v: Values) -> str:
    """The probabilities of the next word, a row for the start and one for each word before."""
    names = NAMES[: len(v.start)]
    lines = [["", *names], ["---"] * (len(names) + 1)]
    for name, row in zip(("start", *(f"after {name}" for name in names)), (v.start, *v.table), strict=True):
        lines.append([name, *(f"${notation.tex(one)}$" for one in row)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def decoding(v: Values) -> Iterator[Part]:
    yield BANK.part("greedy", v, Words("greedy"))
    yield BANK.part("greedy_probability", v, Number("greedy_probability"))
    model = plain(v.start), plain_rows(v.table), int(v.length)
    searched = lm.beam_steps(*model) or []
    rows = [
        {"n": place, "candidates": scored(candidates), "kept": " and ".join(map(name_of, kept))}
        for place, (candidates, kept) in enumerate(searched, start=1)
    ]
    yield BANK.part("beam", v, Words("beam"), for_each=rows, steps=[tree_figure(v, searched)] if drawable(v) else [])
    yield BANK.part("beam_probability", v, Number("beam_probability"))
    ends = [
        {"n": place, "candidates": scored(found)} for place, found in enumerate(lm.best_by_last_word(*model), start=1)
    ]
    yield BANK.part("best", v, Words("best"), for_each=ends)


def scored(candidates: Sequence[lm.Scored]) -> Say:
    """Sequences with their probabilities."""
    return say(", ".join(rf"{name_of(ids)} ${notation.tex(p)}$" for ids, p in candidates))


def drawable(v: Values) -> bool:
    return len(v.start) * v.length <= 12


def tree_figure(v: Values, searched: Sequence[tuple[Sequence[lm.Scored], Sequence[lm.Ids]]]) -> Figure:
    """What a beam of width 2 looks at, with what it keeps shaded."""

    def branch(ids: lm.Ids) -> Branch:
        depth = len(ids)
        edge = notation.plain(lm.factors(ids, v.start, v.table)[-1]) if ids else ""
        kept = not ids or ids in searched[depth - 1][1]
        grows = kept and depth < len(searched)
        longer = [branch((*ids, word)) for word in range(len(v.start))] if grows else []
        return Branch((name_of(ids) or "start",), edge, bool(ids) and kept, longer)

    kept = "; ".join(" and ".join(map(name_of, kept)) for _, kept in searched)
    description = f"A search with a beam of width 2, from the start to sequences of {v.length} words. Shaded, since they are kept: {kept}."
    return Figure("beam-search", tree_scene("A beam of width 2", branch(()), description))


def corpus_words(v: Values) -> Say:
    return say(", ".join(f"*{word}* ({count})" for word, count in v.corpus))


def counted_pair(cut: lm.Cut, pair: lm.Pair) -> str:
    """How often a pair occurs, word by word, as TeX."""
    times = [count * sum(one == pair for one in pairwise(tokens)) for tokens, count in cut]
    summed = " + ".join(f"{one}" for one in times if one) or "0"
    return f"{summed} = {sum(times)}" if "+" in summed else summed


def merging(v: Values) -> Iterator[Part]:
    rows = []
    cut = lm.letters_of(v.corpus)
    for place, pair in enumerate(v.merge_pairs, start=1):
        times = counted_pair(cut, pair)
        cut = lm.merged(cut, pair)
        words = ", ".join(" ".join(tokens) for tokens, _ in cut)
        rows.append({"n": place, "pair": "+".join(pair), "times": times, "words": words})
    yield BANK.part("merges", v, Words("merges"), for_each=rows)
    counted = " + ".join(rf"{count} \cdot {len(tokens)}" for tokens, count in cut)
    yield BANK.part("tokens_after", v, Number("tokens_after"), counted=counted)
    places = range(len(v.merge_pairs) + 1)
    stages = [" ".join(lm.segmented(v.new_word, v.merge_pairs[:place])) for place in places]
    changed = [stage for stage, before in zip(stages, ["", *stages], strict=False) if stage != before]
    yield BANK.part("segmentation", v, Words("segmentation"), stages="; ".join(changed))


def embedding(v: Values) -> Iterator[Part]:
    rows = [
        {"k": place, "r": ratio, "p": ratio.p, "q": ratio.q, "s": sigma}
        for place, (ratio, sigma) in enumerate(zip(v.dot_ratios, v.sigmas, strict=True), start=1)
    ]
    yield BANK.part("dot_ratios", v, Vector("dot_ratios", r"e^{Uv}", like="rows of others"), for_each=rows)
    yield BANK.part("sigmas", v, Vector("sigmas", r"\sigma", like="rows of others"), for_each=rows)
    flipped = "".join(rf"-\ln {notation.bracketed(1 - one)}" for one in v.sigmas[1:])
    yield BANK.part("pair_loss", v, Number("pair_loss", "L"), flipped=flipped)
    yield BANK.part("residuals", v, Vector("residuals", "f", like="rows of others"))
    terms = " + ".join(
        rf"{notation.bracketed(one)} \cdot {notation.tuple_(u)}" for one, u in zip(v.residuals, v.others, strict=True)
    )
    yield BANK.part(
        "gradient_center",
        v,
        Vector("gradient_center", r"\frac{\partial L}{\partial v}", like="columns of others"),
        terms=terms,
    )


# ------------------------------------------------------------------------------------- what makes it fair

NUMBERS = ("start", "table", "length", "merge_count", "new_word", "others", "b")


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers, with tokens and words in any order; not the questions in words."""
    return [sorted(params["halvings"]), sorted(params["corpus"]), *(params[name] for name in NUMBERS)]


def signature(v: Values) -> Mapping[str, Any]:
    """The sizes of the blocks, and how many claims there are to judge."""
    sizes = {"length": int(v.length), "corpus": len(v.corpus), "merges": int(v.merge_count), "vectors": len(v.others)}
    return {**sizes, "claims": len(v.claims)}


POSSIBLE = {"bits": 6, "nats": 6, "perplexity": 6}

PROBLEM = Problem(
    id="language-model-scores",
    title="Scoring, decoding, merging, embedding",
    topic="language models",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "halvings": required(read_vector),
        "start": required(read_vector),
        "table": required(read_matrix),
        "length": required(whole(1, 12)),
        "corpus": required(read_corpus),
        "merge_count": required(whole(1, 100)),
        "new_word": required(read_word),
        "others": required(read_matrix),
        "b": required(read_vector),
        "question": optional(one_of(BANK["question"]), "where_greedy_fails"),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    sample=sample,
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={
        "halvings": [1, 3, 2, 6],
        "start": ["1/2", "2/5", "1/10"],
        "table": [["2/5", "3/10", "3/10"], ["1/10", 0, "9/10"], ["1/5", "7/10", "1/10"]],
        "length": 2,
        "corpus": [["nest", 5], ["net", 3], ["test", 2]],
        "merge_count": 3,
        "new_word": "honest",
        "others": [[1, 0], [0, 1], [1, 1]],
        "b": [3, "1/2"],
        "claims": ["same_base", "greedy_finds_best"],
    },
    canonical=canonical,
    signature=signature,
    standard={"length": 3, "corpus": 4, "merges": 3, "vectors": 3, "claims": 2},
    possible=POSSIBLE,
    variants=10_000_000,
    easy=Level(
        sample_easy,
        {"length": 2, "corpus": 3, "merges": 2, "vectors": 2, "claims": 2},
        possible={**POSSIBLE, "log2_probability": 6, "greedy_probability": 5, "beam_probability": 6},
        variants=10_000_000,
    ),
    hard=Level(
        sample_hard,
        {"length": 3, "corpus": 5, "merges": 3, "vectors": 3, "claims": 2},
        possible=POSSIBLE,
        variants=10_000_000,
    ),
)
