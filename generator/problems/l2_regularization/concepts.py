"""The questions about a moderate penalty: the norm, the training error and the test error.

Every bank holds questions of equal worth, so that any draw is as hard as another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from generator import Essay, Values, say
from generator import exact as ex
from generator.prose import Content

Question = tuple[Content, Essay]
Bank = Mapping[str, Question | Callable[[Values], Question]]
"""Questions by name; some depend on a variant's numbers by more than slots."""

NEEDS = {"which_minimizer": "pair_y", "every_coordinate": "pair_y", "logistic": "labels"}
"""The parameters of certain questions about the norm."""


# --------------------------------------------------------------------------------------------- the norm


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

# ----------------------------------------------------------------------------------- the training error

TRAINING: Bank = {
    "compare": (
        r"How do the metrics on the training data (the loss, the accuracy) compare for $\theta_\lambda$ and $\theta^\star$? Why?",
        Essay(
            r"""
            The training loss is never better: $\theta^\star$ has the smallest there is, so $L(\theta_\lambda) \ge
            L(\theta^\star)$. Other metrics, such as the accuracy, are usually equal or somewhat worse too; since nobody
            minimized them directly, they have no such guarantee.
            """,
            ((1, "equal or worse"), (1, r"because $\theta^\star$ minimizes the training loss by definition")),
        ),
    ),
    "better_loss": (
        r"""
        Two runs on the same data differ in their penalty only. The one with $\lambda > 0$ ends with the *lower* training loss
        $L$. What does that tell about the run without a penalty?
        """,
        Essay(
            r"""
            It has not reached $\theta^\star$. At its minimizer, $L(\theta^\star) \le L(\theta)$ for every $\theta$, the
            end of the other run included; so the run without a penalty stopped too early, its steps were too large or
            too small, or it is stuck at a point that is not the global minimum.
            """,
            (
                (1, r"the run without a penalty did not find $\theta^\star$"),
                (1, r"because no $\theta$ has a smaller loss than $\theta^\star$"),
            ),
        ),
    ),
    "accuracy": (
        r"""
        $L$ is the cross-entropy on the training data. Which of these can be better for $\theta_\lambda$ than for
        $\theta^\star$: the training loss $L$, the training accuracy? Why?
        """,
        Essay(
            r"""
            Only the accuracy. $\theta^\star$ has the smallest training loss of all $\theta$, so $L(\theta_\lambda)$
            cannot be smaller. The accuracy is not what $\theta^\star$ minimizes: it may trade a few examples just
            across the boundary for lower losses elsewhere, and a penalty can happen to undo that. As a rule it
            suffers too.
            """,
            (
                (1, r"not the loss: $\theta^\star$ minimizes it"),
                (1, "the accuracy can, since it is not what is minimized"),
            ),
        ),
    ),
    "equality": (
        r"""
        Let $L$ be differentiable and $\lambda > 0$. When is the training loss of $\theta_\lambda$ *equal* to that of
        $\theta^\star$?
        """,
        Essay(
            r"""
            If and only if $\theta^\star = 0$. $\theta^\star$ is the only minimizer of $L$, so equal losses mean
            $\theta_\lambda = \theta^\star$. There $\nabla L = 0$, and $\nabla L + 2\lambda\theta = 0$ as well, so
            $\theta^\star = 0$. Conversely, if $\theta^\star = 0$, it minimizes loss and penalty alike, and
            $\theta_\lambda = \theta^\star$. Otherwise the training loss is strictly larger.
            """,
            (
                (1, r"only if $\theta_\lambda = \theta^\star$, the one minimizer of $L$"),
                (1, r"then both gradients vanish, so $\theta^\star = 0$"),
            ),
        ),
    ),
    "two_strengths": (
        r"""
        Let $0 < \lambda < \mu$. Which of $\theta_\lambda$ and $\theta_\mu$ has the smaller training loss? Show it from what the
        two minimize. (Hint: divide each inequality by its strength.)
        """,
        Essay(
            r"""
            $L(\theta_\lambda) \le L(\theta_\mu)$: the training loss never falls as the strength grows. The two minimizers give
            $$\tfrac{1}{\lambda} L(\theta_\lambda) + \lVert\theta_\lambda\rVert^2 \le \tfrac{1}{\lambda} L(\theta_\mu) +
            \lVert\theta_\mu\rVert^2, \qquad \tfrac{1}{\mu} L(\theta_\mu) + \lVert\theta_\mu\rVert^2 \le
            \tfrac{1}{\mu} L(\theta_\lambda) + \lVert\theta_\lambda\rVert^2.$$
            Added up, the norms cancel, and
            $\left(\frac{1}{\lambda} - \frac{1}{\mu}\right) \left(L(\theta_\lambda) - L(\theta_\mu)\right) \le 0$ remains, where
            the first factor is positive.
            """,
            (
                (1, r"$\theta_\lambda$, that of the smaller strength (equality is possible)"),
                (1, "the inequalities of the two minimizers, combined so that the norms cancel"),
            ),
            lines=4,
        ),
    ),
    "logged_total": (
        r"""
        A training log shows the value of $J_\lambda$, penalty included. Of two runs, both at their minimum, one has $\lambda = 0$
        and one $\lambda > 0$. Can the second show a smaller value than the first? Can its loss $L$ alone be smaller?
        """,
        Essay(
            r"""
            Neither. $J_\lambda(\theta_\lambda) \ge L(\theta_\lambda) \ge L(\theta^\star)$: the penalty is not
            negative, and $\theta^\star$ minimizes $L$. So the log cannot be smaller, and where $\theta^\star \ne 0$ it is larger for two reasons, the
            penalty that it adds and the training loss; only the second says something about the predictions.
            """,
            (
                (1, r"the loss cannot, since $\theta^\star$ minimizes it"),
                (1, "nor can the sum, to which the penalty adds something that is not negative"),
            ),
        ),
    ),
}

# --------------------------------------------------------------------------------------- the test error

TEST: Bank = {
    "compare": (
        r"""
        How do the metrics on test data usually compare for $\theta_\lambda$ and $\theta^\star$? What happens if
        $\lambda$ is too large?
        """,
        Essay(
            r"""
            Usually they are better: the penalty keeps the model from following the accidents of the training data, so
            it overfits less. That is no law, and a $\lambda$ that is too large makes the model underfit, so that
            training and test metrics both get worse.
            """,
            ((1, "usually better, since the model overfits less"), (1, r"too large a $\lambda$ underfits")),
        ),
    ),
    "curves": (
        r"""
        Two curves are drawn against $\lambda$. One never falls; the other falls at first and then rises. Which is the training
        error and which the test error, and where on the second does the model underfit?
        """,
        Essay(
            r"""
            The curve that never falls is the training error, which is smallest at $\lambda = 0$. The other is the test
            error: it falls while the penalty removes overfitting. Where it rises, to the right of its lowest point, the
            model underfits.
            """,
            (
                (1, "the curve that never falls is the training error, the other the test error"),
                (1, "it underfits to the right of the lowest point"),
            ),
        ),
    ),
    "choose": (
        r"""
        Which $\lambda$ would be chosen if one compared the *training* errors of the $\theta_\lambda$? On which data should
        $\lambda$ be chosen, and why not on the test data?
        """,
        Essay(
            r"""
            The training errors would always choose the smallest, $\lambda = 0$. It should be chosen on validation data
            (or by cross-validation) that $\theta_\lambda$ was not fitted to. A test set that has chosen $\lambda$ has
            been fitted to, and its error is no longer an honest estimate.
            """,
            (
                (1, r"$\lambda = 0$, so that the training data cannot choose"),
                (1, "validation data; the test data would lose their honesty"),
            ),
        ),
    ),
    "limit": (
        r"""
        For linear regression without an intercept, where do the training error and the test error (sums of squared residuals) go
        as $\lambda$ grows without bound? What is such a model called, and how does it show in the two errors?
        """,
        Essay(
            r"""
            $\theta_\lambda$ tends to 0, so every prediction tends to 0 and both errors tend to the sum of the squared
            targets $\sum_i y_i^2$ of their own data. The model underfits: both errors are large, that on the training
            data too.
            """,
            (
                (1, r"both tend to the sum of squared targets, since $\theta_\lambda$ tends to 0"),
                (1, "underfitting: the training error is large as well"),
            ),
        ),
    ),
    "always": (
        r"""
        A colleague has seen the test error fall from $\lambda = 0$ to a small $\lambda$ and concludes: "The larger $\lambda$, the
        better the test error." Why did it fall, and why is the conclusion wrong?
        """,
        Essay(
            r"""
            It fell because a smaller norm keeps the model from fitting noise of the training data. But as $\lambda$
            grows, $\theta_\lambda$ tends to 0, whatever the data say, and the model forgets the signal along with the
            noise: past some point it underfits and the test error rises again.
            """,
            ((1, "less overfitting made it fall"), (1, r"for large $\lambda$ the model underfits, so it rises again")),
        ),
    ),
    "diagnose": (
        r"""
        Model A has training error almost 0 and a large test error. Model B has large training and test errors that hardly differ.
        Both were trained with the same kind of penalty. Whose $\lambda$ would you raise, whose would you lower, and why?
        """,
        Essay(
            r"""
            Raise A's: the gap between its errors is overfitting, which a stronger penalty reduces at the price of a
            larger training error. Lower B's: it does not even fit its training data, so it underfits, and a weaker
            penalty lets it.
            """,
            ((1, r"raise A's $\lambda$: it overfits"), (1, r"lower B's $\lambda$: it underfits")),
        ),
    ),
}
