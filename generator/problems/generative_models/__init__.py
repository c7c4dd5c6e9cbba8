r"""Three generative models in exact numbers: a variational autoencoder, a GAN on a finite set, and a diffusion of one number.

Kingma and Welling, *Auto-Encoding Variational Bayes* (2014), appendix B for the divergence and section 2.4 for the reparameterization;
Goodfellow and others, *Generative Adversarial Nets* (2014), propositions 1 and 2 and theorem 1; Ho, Jain and Abbeel, *Denoising Diffusion
Probabilistic Models* (2020), equations 2, 4, 6 and 7.  Deviations are powers of 2, and the roots of a diffusion are fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Content, Draw, InputError, Level, Number, Part, Problem, Values, Vector,
    array, expected, log, one_of, optional, read_number, read_vector, require_length, required, some_of, sqrt, steps, where,
    zeros,
)  # fmt: skip
from generator.problems._drawing import first_good, written_length
from generator.problems._numeric import complex_slopes
from generator.problems.generative_models import pieces
from generator.problems.generative_models.figures import chain_figure, distributions_figure

# ------------------------------------------------------------------------------------------ the sampler

MOST_EXPONENT = 20
"""Beyond a deviation of 2^20 floats are no second opinion any more."""

LENGTHS = {1: range(93, 135), 2: range(125, 173), 3: range(153, 210)}
"""What the numbers of a variant with so many coordinates may have to be written, so that no paper is much more work than another."""


def _sample(
    draw: Draw, level: str, latents: int, exponents: Sequence[int], outcomes: int, chain: pieces.Signals
) -> Mapping[str, Any]:
    """Each of the three models drawn by itself, again and again until it is a good one."""
    with_zero = level == "hard" and draw.choice((True, False))
    given = {
        **first_good(draw.fork("vae"), partial(pieces.autoencoder, latents=latents, exponents=exponents)),
        **first_good(draw.fork("gan"), partial(pieces.adversaries, outcomes=outcomes, with_zero=with_zero)),
        **first_good(draw.fork("diffusion"), partial(pieces.diffusion, chain=chain)),
    }
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


EASY_END, OTHER_END = pieces.TWO_STEPS
sample_easy = partial(
    _sample, level="easy", latents=1, exponents=(-1, 1), outcomes=2, chain=partial(pieces.two_steps, lasts=[EASY_END])
)
sample = partial(
    _sample,
    level="standard",
    latents=2,
    exponents=pieces.EXPONENTS,
    outcomes=3,
    chain=partial(pieces.two_steps, lasts=[EASY_END] * 3 + [OTHER_END] * 2),
)
sample_hard = partial(
    _sample, level="hard", latents=3, exponents=pieces.EXPONENTS, outcomes=4, chain=pieces.three_steps
)


def accept(
    residual: Array, shift: Array, kl_gradient_logvar: Array, gradient_mu: Array, gradient_logvar: Array, kl_terms: Array,
    kl: Any, discriminator: Array, value: Any, js: Any, betas: Array, alpha_bars: Array, signal: Any, spread: Any,
    coefficients: Array, noisy: Any, posterior_mean: Any, posterior_variance: Any, x0: Any,
) -> bool:  # fmt: skip
    """the numbers are much more or much less to write than on other papers"""
    once = (*gradient_mu, *gradient_logvar, *kl_terms, kl, value, js, *alpha_bars, posterior_mean, posterior_variance)
    twice = (
        *residual, *shift, *kl_gradient_logvar, *discriminator, *betas, signal, spread, *coefficients, noisy, x0,
    )  # fmt: skip
    return sum(map(written_length, once)) + 2 * sum(map(written_length, twice)) in LENGTHS[len(residual)]


def require(mu: Array, k: Array, noise: Array, x: Array, p: Array, q: Array, betas: Array) -> None:
    """One entry for each coordinate, two distributions on the same outcomes, and βs between 0 and 1."""
    for field, values in (("k", k), ("noise", noise), ("x", x)):
        require_length(field, values, len(mu), "entry of mu")
    for one in k:
        if not one.is_Rational or abs(one) > MOST_EXPONENT:
            raise InputError(expected(f"fractions from -{MOST_EXPONENT} to {MOST_EXPONENT}", one), field="k")
    require_length("q", q, len(p), "entry of p")
    for field, weights in (("p", p), ("q", q)):
        if any(one < 0 for one in weights) or sum(weights) != 1:
            raise InputError(expected("probabilities that add up to 1", [*map(str, weights)]), field=field)
    for place, (one, other) in enumerate(zip(p, q, strict=True), start=1):
        if one == other == 0:
            raise InputError(
                f"outcome {place} has probability 0 in p and in q: no discriminator is best there", field="q"
            )
    for beta in betas:
        if not 0 < beta < 1:
            raise InputError(expected("numbers between 0 and 1", beta), field="betas")


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def cumulative(factors: Array) -> Array:
    """The products of the first factor, of the first two, and so on."""
    found: list[Any] = []
    for factor in factors:
        found.append(factor * found[-1] if found else factor)
    return array(found)


def weighted_logs(weights: Array, numbers: Array) -> Any:
    """Σ w ln x, where a weight of 0 contributes nothing."""
    chosen = weights > 0
    return (weights * log(where(chosen, numbers, 1))).sum()


def before_last(alpha_bars: Array) -> Any:
    """ᾱ before the last step: 1 if that is the only one."""
    return alpha_bars[-2] if len(alpha_bars) > 1 else 1


def value_of(p: Array, q: Array, discriminator: Array) -> Any:
    """What the discriminator maximizes."""
    return weighted_logs(p, discriminator) + weighted_logs(q, 1 - discriminator)


def posterior_weights(alphas: Array, betas: Array, alpha_bars: Array) -> Array:
    """How much x₀ and x_t weigh in the posterior mean."""
    before, last = before_last(alpha_bars), alpha_bars[-1]
    return array([sqrt(before) * betas[-1], sqrt(alphas[-1]) * (1 - before)]) / (1 - last)


SOLUTION = steps(
    sigma=lambda k: 2**k,
    sigma_squared=lambda sigma: sigma**2,
    log_variance=lambda k: 2 * k * log(2),
    kl_terms=lambda mu, sigma_squared, log_variance: (mu**2 + sigma_squared - log_variance - 1) / 2,
    kl=lambda kl_terms: kl_terms.sum(),
    shift=lambda sigma, noise: sigma * noise,
    z=lambda mu, shift: mu + shift,
    residual=lambda z, x: z - x,
    kl_gradient_mu=lambda mu: mu,
    kl_gradient_logvar=lambda sigma_squared: (sigma_squared - 1) / 2,
    gradient_mu=lambda residual, kl_gradient_mu: residual + kl_gradient_mu,
    gradient_logvar=lambda residual, shift, kl_gradient_logvar: residual * shift / 2 + kl_gradient_logvar,
    discriminator=lambda p, q: p / (p + q),
    value=value_of,
    js=lambda value: (value + 2 * log(2)) / 2,
    alphas=lambda betas: 1 - betas,
    alpha_bars=lambda alphas: cumulative(alphas),
    signal=lambda alpha_bars: sqrt(alpha_bars[-1]),
    spread=lambda alpha_bars: sqrt(1 - alpha_bars[-1]),
    noisy=lambda signal, spread, x0, eps: signal * x0 + spread * eps,
    coefficients=posterior_weights,
    posterior_mean=lambda coefficients, x0, noisy: coefficients[0] * x0 + coefficients[1] * noisy,
    posterior_variance=lambda alpha_bars, betas: (1 - before_last(alpha_bars)) / (1 - alpha_bars[-1]) * betas[-1],
)


def two_steps(betas: Array) -> bool:
    """There are two steps or more."""
    return len(betas) > 1


BANK = Bank.beside(
    __file__,
    two_steps,
    t=lambda betas: len(betas),
    beta_t=lambda betas: betas[-1],
    alpha_t=lambda betas: 1 - betas[-1],
    alpha_bar_t=lambda alpha_bars: alpha_bars[-1],
    one_minus=lambda alpha_bars: 1 - alpha_bars[-1],
    one_minus_before=lambda alpha_bars: 1 - before_last(alpha_bars),
    weight_x0=lambda coefficients: coefficients[0],
    weight_xt=lambda coefficients: coefficients[1],
    heavier=lambda coefficients: "x_0" if coefficients[0] > coefficients[1] else "x_t",
    outcomes=lambda p: len(p),
    minus_mu=lambda mu: -mu,
    half_distance=lambda mu, x: ((mu - x) ** 2).sum() / 2,
    ratio=lambda p, q: next(a / b for a, b in zip(p, q, strict=True) if b > 0),
    place=lambda q: next(place for place, b in enumerate(q, start=1) if b > 0),
    two_sigma=lambda sigma: 2 * sigma[0],
    rest=lambda betas: 1 - (1 - betas[0]) * (1 - betas[1]),
    signal_before=lambda alpha_bars: sqrt(before_last(alpha_bars)),
)

# ------------------------------------------------------------------------------ what students do instead


def both_everywhere(p: Array, q: Array) -> bool:
    return all(p) and all(q)


MISTAKES = [
    BANK.mistake("log_sigma", log_variance=lambda k: k * log(2), applies=lambda k: k.sum() != 0),
    BANK.mistake("sigma_not_squared", sigma_squared=lambda sigma: sigma, applies=lambda k: any(k)),
    BANK.mistake(
        "half_forgotten", kl_terms=lambda mu, sigma_squared, log_variance: mu**2 + sigma_squared - log_variance - 1
    ),
    BANK.mistake(
        "minus_one_forgotten",
        kl_terms=lambda mu, sigma_squared, log_variance: (mu**2 + sigma_squared - log_variance) / 2,
    ),
    BANK.mistake("noise_times_variance", shift=lambda sigma, noise: sigma**2 * noise, applies=lambda k: any(k)),
    BANK.mistake(
        "chain_half_forgotten",
        gradient_logvar=lambda residual, shift, kl_gradient_logvar: residual * shift + kl_gradient_logvar,
    ),
    BANK.mistake("kl_not_differentiated", kl_gradient_logvar=lambda mu: zeros(len(mu)), applies=lambda k: any(k)),
    BANK.mistake("reconstruction_only", gradient_mu=lambda residual: residual, applies=lambda mu: any(mu)),
    BANK.mistake("real_and_fake_exchanged", discriminator=lambda p, q: q / (p + q), applies=both_everywhere),
    BANK.mistake("real_half_only", value=lambda p, discriminator: weighted_logs(p, discriminator)),
    BANK.mistake("js_not_halved", js=lambda value: value + 2 * log(2)),
    BANK.mistake("beta_product", alphas=lambda betas: betas),
    BANK.mistake("roots_forgotten", noisy=lambda alpha_bars, x0, eps: alpha_bars[-1] * x0 + (1 - alpha_bars[-1]) * eps),
    BANK.mistake(
        "one_step_only",
        noisy=lambda alphas, x0, eps: sqrt(alphas[-1]) * x0 + sqrt(1 - alphas[-1]) * eps,
        applies=lambda betas: len(betas) > 1,
    ),
    BANK.mistake(
        "coefficients_exchanged",
        coefficients=lambda alphas, betas, alpha_bars: posterior_weights(alphas, betas, alpha_bars)[::-1],
    ),
    BANK.mistake(
        "current_alpha_bar",
        coefficients=lambda alphas, betas, alpha_bars: array(
            [sqrt(alpha_bars[-1]) * betas[-1] / (1 - alpha_bars[-1]), sqrt(alphas[-1])]
        ),
    ),
    BANK.mistake("forward_variance", posterior_variance=lambda betas: betas[-1]),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    mu: np.ndarray, k: np.ndarray, noise: np.ndarray, x: np.ndarray, p: np.ndarray, q: np.ndarray, betas: np.ndarray,
    x0: float, eps: float,
) -> Mapping[str, Any]:  # fmt: skip
    """numpy: the divergence by quadrature and gradients by complex steps, D by a search, JS by its definition, the chain step by step."""
    points, weights = np.polynomial.hermite_e.hermegauss(6)
    weights = weights / weights.sum()
    at = np.array([mu, 2 * k * np.log(2)])

    def divergence(at: np.ndarray) -> Any:
        """The mean of ln N(z; μ, σ²) − ln N(z; 0, 1) under the first one, which is a polynomial in z."""
        means, logs = at[0][:, None], at[1][:, None]
        z = means + np.exp(logs / 2) * points
        return ((-logs / 2 - points**2 / 2 + z**2 / 2) @ weights).sum()

    def objective(at: np.ndarray) -> complex:
        z = at[0] + np.exp(at[1] / 2) * noise
        return complex(((z - x) ** 2).sum() / 2 + divergence(at))

    slopes = complex_slopes(objective, at.astype(complex))
    middle = (p + q) / 2
    kept, signal, spread = [1.0], 1.0, 0.0
    for beta in betas:
        signal, spread = np.sqrt(1 - beta) * signal, (1 - beta) * spread + beta
        kept.append(signal**2)
    noisy = signal * x0 + np.sqrt(spread) * eps
    before = np.sqrt(kept[-2])
    mean, variance = conditioned(before * x0, 1 - kept[-2], betas[-1], noisy)
    return {
        "kl": float(divergence(at)),
        "shift": np.exp(at[1] / 2) * noise,
        "z": mu + np.exp(at[1] / 2) * noise,
        "gradient_mu": slopes[0],
        "gradient_logvar": slopes[1],
        "discriminator": [best(a, b) for a, b in zip(p, q, strict=True)],
        "value": relative_entropy(p, middle) + relative_entropy(q, middle) - 2 * np.log(2),
        "js": (relative_entropy(p, middle) + relative_entropy(q, middle)) / 2,
        "alpha_bars": kept[1:],
        "noisy": noisy,
        "posterior_mean": mean,
        "posterior_variance": variance,
    }


def conditioned(mean: float, variance: float, beta: float, noisy: float) -> tuple[float, float]:
    """Mean and variance of a Gaussian after one more step of the chain was seen: the product of two Gaussians, whose precisions add up."""
    if variance == 0:
        return mean, 0.0
    precision = 1 / variance + (1 - beta) / beta
    return (mean / variance + np.sqrt(1 - beta) / beta * noisy) / precision, 1 / precision


def best(p: float, q: float) -> float:
    """The D that maximizes p ln D + q ln(1 − D), by halving the interval in which its slope changes its sign."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if p * (1 - middle) > q * middle else (low, middle)
    return (low + high) / 2


def relative_entropy(p: np.ndarray, q: np.ndarray) -> float:
    return float(sum(a * np.log(a / b) for a, b in zip(p, q, strict=True) if a > 0))


# -------------------------------------------------------------------------------------------- the prose


def parts(v: Values) -> Iterator[Part]:
    last = len(v.betas)
    by_mu, by_variance = r"\frac{\partial J}{\partial \mu}", r"\frac{\partial J}{\partial \ln \sigma^2}"
    yield BANK.part(
        "vae",
        v,
        parts=[
            BANK.part(
                "kl",
                v,
                Number("kl", r"\mathrm{KL}"),
                for_each=[*coordinates(v)],
                steps=[BANK.text("kl_sum", v)] if len(v.mu) > 1 else [],
            ),
            BANK.part("shift", v, Vector("shift", r"\sigma \odot \varepsilon", like="mu")),
            BANK.part("z", v, Vector("z", "z", like="mu")),
            BANK.part("gradient_mu", v, Vector("gradient_mu", by_mu, like="mu")),
            BANK.part("gradient_logvar", v, Vector("gradient_logvar", by_variance, like="mu")),
        ],
    )
    yield BANK.part(
        "gan",
        v,
        figure=distributions_figure(v),
        parts=[
            BANK.part("discriminator", v, Vector("discriminator", "D", like="p"), sums=v.p + v.q),
            BANK.part("value", v, Number("value", "V"), rests=1 - v.discriminator),
            BANK.part("js", v, Number("js", r"\mathrm{JS}")),
        ],
    )
    yield BANK.part(
        "diffusion",
        v,
        figure=chain_figure(v),
        parts=[
            BANK.part("alpha_bars", v, Vector("alpha_bars", r"\bar\alpha", like="betas")),
            BANK.part("noisy", v, Number("noisy", f"x_{{{last}}}")),
            BANK.part(
                "posterior_mean",
                v,
                Number("posterior_mean", r"\tilde\mu"),
                root_before=sqrt(before_last(v.alpha_bars)),
                root_alpha=sqrt(v.alphas[-1]),
            ),
            BANK.part("posterior_variance", v, Number("posterior_variance", r"\tilde\beta")),
        ],
    )
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


def preamble(v: Values) -> Content:
    return BANK.text("preamble", v)


def coordinates(v: Values) -> Iterator[Mapping[str, Any]]:
    """The divergence of each coordinate."""
    for place, (mean, square, logarithm, term) in enumerate(
        zip(v.mu, v.sigma_squared, v.log_variance, v.kl_terms, strict=True), start=1
    ):
        yield {"i": place, "m": mean, "s": square, "l": logarithm, "term": term}


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers; not the questions in words."""
    return [params[name] for name in ("mu", "k", "noise", "x", "p", "q", "betas", "x0", "eps")]


def signature(v: Values) -> Mapping[str, Any]:
    """How many coordinates, outcomes and steps there are, and how many claims to judge."""
    return {"coordinates": len(v.mu), "outcomes": len(v.p), "steps": len(v.betas), "claims": len(v.claims)}


ORIGINAL = {
    "mu": [1, -2], "k": [1, -2], "noise": ["1/2", -2], "x": [4, -1],
    "p": ["1/2", "3/8", "1/8"], "q": ["1/4", "1/8", "5/8"],
    "betas": ["9/25", "7/16"], "x0": 5, "eps": -1,
    "claims": ["zero_divergence", "posterior_as_wide"],
}  # fmt: skip

PROBLEM = Problem(
    id="generative-models",
    title="VAE, GAN and diffusion in exact numbers",
    topic="generative models",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        **{name: required(read_vector) for name in ("mu", "k", "noise", "x", "p", "q", "betas")},
        "x0": required(read_number),
        "eps": required(read_number),
        "question": optional(one_of(BANK["question"]), "which_weighs_more"),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    accept=accept,
    sample=sample,
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original=ORIGINAL,
    canonical=canonical,
    signature=signature,
    standard={"coordinates": 2, "outcomes": 3, "steps": 2, "claims": 2},
    possible={"posterior_variance": 6},
    variants=1_000_000,
    easy=Level(
        sample_easy,
        {"coordinates": 1, "outcomes": 2, "steps": 2, "claims": 2},
        possible={"kl": 6, "alpha_bars": 5, "posterior_variance": 3},
        variants=100_000,
    ),
    hard=Level(sample_hard, {"coordinates": 3, "outcomes": 4, "steps": 3, "claims": 2}, variants=10_000_000),
)
