"""The questions about the training error and the test error under a moderate penalty.

Every bank holds questions of equal worth, so that any draw is as hard as another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from generator import Essay, Values
from generator.document.prose import Content

Question = tuple[Content, Essay]
Bank = Mapping[str, Question | Callable[[Values], Question]]
"""Questions by name; some depend on a variant's numbers by more than slots."""

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
