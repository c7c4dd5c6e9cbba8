"""The questions about the norm under a moderate penalty, of equal worth as in every bank."""

from __future__ import annotations

from generator import Essay, Values, say
from generator.numbers import exact as ex
from generator.problems.l2_regularization.concepts import Bank, Question

NEEDS = {"which_minimizer": "pair_y", "every_coordinate": "pair_y", "logistic": "labels"}
"""The parameters of certain questions about the norm."""


def _which_minimizer(v: Values) -> Question:
    penalized_first = ex.to_float(v.pair_after) < ex.to_float(v.pair_before)
    places = (1, 0) if penalized_first else (0, 1)
    pair = (v.pair_before, v.pair_after)
    slots = {
        "a": pair[places[0]],
        "b": pair[places[1]],
        "norm_a": v.pair_norms_squared[places[0]],
        "norm_b": v.pair_norms_squared[places[1]],
        "penalized": "A" if penalized_first else "B",
        "plain": "B" if penalized_first else "A",
    }
    return (
        say(
            r"""
            For the inputs $(1, 0)$, $(1, 1)$, $(0, 1)$ with targets $<pair_y|tuple>$ and the sum of squared residuals as
            $L$, one of $\theta_A = <a|tuple>$ and $\theta_B = <b|tuple>$ is $\theta^\star$ and the other is
            $\theta_1$ (that is, $\lambda = 1$). Which is which? Decide without solving for them, and prove the fact that
            you use.
            """,
            **slots,
        ),
        Essay(
            say(
                r"""
                $\lVert\theta_A\rVert^2 = <norm_a>$ and $\lVert\theta_B\rVert^2 = <norm_b>$. The penalized minimizer has the
                smaller norm, so $\theta_<penalized> = \theta_1$ and $\theta_<plain> = \theta^\star$.

                Proof: $L(\theta_1) + \lVert\theta_1\rVert^2 \le L(\theta^\star) + \lVert\theta^\star\rVert^2$, since
                $\theta_1$ minimizes the penalized objective, and $L(\theta^\star) \le L(\theta_1)$. Adding the two leaves
                $\lVert\theta_1\rVert^2 \le \lVert\theta^\star\rVert^2$.
                """,
                **slots,
            ),
            (
                (1, "both norms, and the smaller one goes with the penalty"),
                (1, "each minimizer gives an inequality"),
                (1, "their sum leaves the two norms"),
            ),
            lines=5,
        ),
    )


def _every_coordinate(v: Values) -> Question:
    sizes = [(ex.absolute(a), ex.absolute(b)) for a, b in zip(v.pair_before, v.pair_after, strict=True)]
    grown = next((j for j, (a, b) in enumerate(sizes) if ex.subtract(b, a).is_positive), 0)
    return (
        r"""
        A student says: "The penalty makes every $\lvert\theta_j\rvert$ smaller." Inputs $(1, 0)$, $(1, 1)$, $(0, 1)$ with
        targets $<pair_y|tuple>$ and the sum of squared residuals as $L$ give $\theta^\star = <pair_before|tuple>$ and, at
        $\lambda = 1$, $\theta_1 = <pair_after|tuple>$. Is the student right? What does become smaller, and why?
        """,
        Essay(
            say(
                r"""
                No: $\lvert\theta_<j>\rvert$ has grown from $<before>$ to $<after>$. What becomes smaller is the norm, here from
                $\lVert\theta^\star\rVert^2 = <pair_norms_squared[0]>$ to $\lVert\theta_1\rVert^2 = <pair_norms_squared[1]>$.

                It must: $L(\theta_1) + \lVert\theta_1\rVert^2 \le L(\theta^\star) + \lVert\theta^\star\rVert^2$ and
                $L(\theta^\star) \le L(\theta_1)$ add up to $\lVert\theta_1\rVert^2 \le \lVert\theta^\star\rVert^2$. Nothing of
                the kind holds for one coordinate, because the loss couples them.
                """,
                j=grown + 1,
                before=sizes[grown][0],
                after=sizes[grown][1],
            ),
            (
                (1, "no, with the coordinate that has grown"),
                (1, "the norm becomes smaller"),
                (1, "because the inequalities of the two minimizers add up to that"),
            ),
            lines=5,
        ),
    )


NORM: Bank = {
    "compare": (
        r"How does $\lVert\theta_\lambda\rVert$ compare with $\lVert\theta^\star\rVert$? Prove it from what the two minimize.",
        Essay(
            r"""
            $\lVert\theta_\lambda\rVert \le \lVert\theta^\star\rVert$. Since $\theta_\lambda$ minimizes $J_\lambda$ and
            $\theta^\star$ minimizes $L$,
            $$L(\theta_\lambda) + \lambda\lVert\theta_\lambda\rVert^2 \le L(\theta^\star) + \lambda\lVert\theta^\star\rVert^2
            \quad\text{and}\quad L(\theta^\star) \le L(\theta_\lambda).$$
            Add the two: the losses cancel, and division by $\lambda > 0$ leaves
            $\lVert\theta_\lambda\rVert^2 \le \lVert\theta^\star\rVert^2$.
            """,
            (
                (1, r"$\lVert\theta_\lambda\rVert \le \lVert\theta^\star\rVert$"),
                (1, "each minimizer gives an inequality"),
                (1, "their sum leaves the two norms"),
            ),
            lines=5,
        ),
    ),
    "two_strengths": (
        r"""
        Let $\lambda < \mu$. How do $\lVert\theta_\lambda\rVert$ and $\lVert\theta_\mu\rVert$ compare? Prove it from
        what the two minimize.
        """,
        Essay(
            r"""
            $\lVert\theta_\mu\rVert \le \lVert\theta_\lambda\rVert$. Each is the minimizer of its own objective:
            $$L(\theta_\lambda) + \lambda\lVert\theta_\lambda\rVert^2 \le L(\theta_\mu) + \lambda\lVert\theta_\mu\rVert^2,
            \qquad L(\theta_\mu) + \mu\lVert\theta_\mu\rVert^2 \le L(\theta_\lambda) + \mu\lVert\theta_\lambda\rVert^2.$$
            Added up, the losses cancel, and
            $(\mu - \lambda) \left(\lVert\theta_\mu\rVert^2 - \lVert\theta_\lambda\rVert^2\right) \le 0$ remains. Since
            $\mu - \lambda > 0$, the bracket is not positive.
            """,
            (
                (1, r"$\lVert\theta_\mu\rVert \le \lVert\theta_\lambda\rVert$"),
                (1, "each minimizer gives an inequality"),
                (1, r"their sum, and the sign of $\mu - \lambda$"),
            ),
            lines=5,
        ),
    ),
    "budget": (
        r"""
        Show that no $\theta$ with $\lVert\theta\rVert \le \lVert\theta_\lambda\rVert$ has a smaller loss than
        $\theta_\lambda$. What follows for $\lVert\theta_\lambda\rVert$ and $\lVert\theta^\star\rVert$?
        """,
        Essay(
            r"""
            $\theta_\lambda$ minimizes $J_\lambda$, so
            $L(\theta_\lambda) + \lambda\lVert\theta_\lambda\rVert^2 \le L(\theta) + \lambda\lVert\theta\rVert^2$ for every
            $\theta$. If $\lVert\theta\rVert \le \lVert\theta_\lambda\rVert$, the penalty on the right is not larger than that on
            the left, so $L(\theta_\lambda) \le L(\theta)$: within this budget for the norm, $\theta_\lambda$ is the best.

            Were $\lVert\theta^\star\rVert < \lVert\theta_\lambda\rVert$, then $\theta^\star$ would be within the budget, where its
            loss is not smaller: $L(\theta_\lambda) = L(\theta^\star)$ with a larger penalty, so $\theta_\lambda$ would not
            minimize $J_\lambda$. Hence $\lVert\theta_\lambda\rVert \le \lVert\theta^\star\rVert$.
            """,
            (
                (1, r"the inequality that $\theta_\lambda$ satisfies as a minimizer of $J_\lambda$"),
                (1, "the smaller penalty on one side forces the larger loss there"),
                (1, r"$\lVert\theta_\lambda\rVert \le \lVert\theta^\star\rVert$"),
            ),
            lines=6,
        ),
    ),
    "exact_zeros": (
        r"""
        Let $L$ be differentiable with $\nabla L(0) \ne 0$. Can $\theta_\lambda$ be exactly 0 for some finite $\lambda$? What
        does happen to its norm as $\lambda$ grows, and how is a penalty $\lambda \sum_j \lvert\theta_j\rvert$ different?
        """,
        Essay(
            r"""
            No. The gradient of $J_\lambda$ at 0 is $\nabla L(0) + 2\lambda \cdot 0 = \nabla L(0) \ne 0$, so a small step
            against it improves on 0 whatever $\lambda$ is. The norm never grows with $\lambda$ and tends to 0, but it does not
            arrive. The absolute value has a kink at 0: once $\lambda$ is at least the size of every entry of
            $\nabla L(0)$, no small step away from 0 pays.
            """,
            (
                (1, r"no, because the gradient of the penalty is 0 at $\theta = 0$"),
                (1, "the norm shrinks towards 0 without reaching it"),
                (1, "the absolute value has a kink at 0 and can give exact zeros"),
            ),
            lines=5,
        ),
    ),
    "which_minimizer": _which_minimizer,
    "every_coordinate": _every_coordinate,
    "logistic": (
        r"""
        A classifier has a single parameter, its bias: it predicts the probability
        $\sigma(\theta) = \frac{1}{1 + e^{-\theta}}$ for every example. The data are $<labels[0]>$ positive and
        $<labels[1]>$ negative labels, and $L$ is the sum of the losses $-\log(\text{predicted probability of the label})$.
        Find $\theta^\star$, find the $\lambda$ for which $\theta_\lambda = <logistic_minimizer>$, and say what the penalty has
        done to the predicted probability.
        """,
        Essay(
            r"""
            $L'(\theta) = -<labels[0]> \left(1 - \sigma(\theta)\right) + <labels[1]>\, \sigma(\theta)$ vanishes at
            $\sigma(\theta) = <logistic_probabilities[0]>$, that is at $\theta^\star = <logistic_optimum>$.

            At $\theta = <logistic_minimizer>$, $\sigma(\theta) = <logistic_probabilities[1]>$ and
            $L'(\theta) = <logistic_slope>$. The derivative of $J_\lambda$, $L'(\theta) + 2\lambda\theta$, vanishes there for
            $\lambda = <logistic_lambda>$; $J_\lambda$ is convex, so this is its minimizer.

            The parameter has moved towards 0 and the probability from $<logistic_probabilities[0]>$ to
            $<logistic_probabilities[1]>$, towards $\frac{1}{2}$: the prediction is less confident.
            """,
            (
                (1, r"$\theta^\star = <logistic_optimum>$"),
                (1, r"$\lambda = <logistic_lambda>$"),
                (1, r"the probability has moved towards $\frac{1}{2}$"),
            ),
            lines=6,
        ),
    ),
}
