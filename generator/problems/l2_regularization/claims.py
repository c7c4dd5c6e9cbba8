"""Claims to judge, and the questions that would give them away."""

from __future__ import annotations

from generator import Claim

CLAIMS = {
    "every_coordinate": Claim(
        r"For every $j$, $\lvert\theta_{\lambda,j}\rvert \le \lvert\theta^\star_j\rvert$.",
        False,
        r"Only the norm is sure to shrink. Inputs $(1,0)$, $(1,1)$, $(0,1)$ with targets $(8, 8, 0)$ have "
        r"$\theta^\star = (8, 0)$ but $\theta_1 = (5, 1)$.",
    ),
    "exact_zeros": Claim(
        r"A finite but large $\lambda$ sets most coordinates of $\theta_\lambda$ exactly to 0.",
        False,
        r"The penalty's gradient $2\lambda\theta_j$ fades as $\theta_j$ nears 0, so coordinates get small, not zero; a penalty on "
        r"$\lvert\theta_j\rvert$ would do that.",
    ),
    "test_improves": Claim(
        r"The test error never rises as $\lambda$ grows.",
        False,
        r"As $\lambda$ grows, $\theta_\lambda$ tends to 0 and the model underfits: in the end the test error rises.",
    ),
    "training_improves": Claim(
        r"With a well-chosen $\lambda > 0$, the training loss $L(\theta_\lambda)$ can be lower than $L(\theta^\star)$.",
        False,
        r"$\theta^\star$ minimizes $L$, so no $\theta$ at all has a lower training loss.",
    ),
    "half": Claim(
        r"Writing the penalty as $\frac{\lambda}{2}\lVert\theta\rVert^2$ makes some minimizers unreachable that "
        r"$\lambda\lVert\theta\rVert^2$ can reach.",
        False,
        r"Doubling $\lambda$ undoes the factor; the same minimizers are reached at other values of $\lambda$.",
    ),
    "scale": Claim(
        r"Measuring one feature in millimetres instead of metres leaves the predictions of ridge regression unchanged "
        r"(same $\lambda > 0$).",
        False,
        r"Its coefficient becomes a thousand times smaller and is hardly penalized any more; only without a penalty do the "
        r"predictions stay.",
    ),
    "same_lambda": Claim(
        r"With the sum of the losses as $L$, doubling the training set by a copy of each example leaves $\theta_\lambda$ "
        r"unchanged.",
        False,
        r"The loss is doubled and the penalty is not: it acts like $\lambda / 2$. (With the mean, nothing would change.)",
    ),
    "mean": Claim(
        r"If the sum of the losses of $n$ examples is replaced by their mean, $\lambda$ must be divided by $n$ to keep the "
        r"minimizer.",
        True,
        r"$\frac{1}{n} L + \frac{\lambda}{n} \lVert\theta\rVert^2$ is $J_\lambda / n$, which has the same minimizer as $J_\lambda$.",
    ),
    "training_monotone": Claim(
        r"As $\lambda$ grows, the training loss $L(\theta_\lambda)$ never falls.",
        True,
        r"If $\lambda < \mu$, $L(\theta_\lambda) - L(\theta_\mu) \le \lambda(\lVert\theta_\mu\rVert^2 - "
        r"\lVert\theta_\lambda\rVert^2) \le 0$.",
    ),
    "unique": Claim(
        r"For every $\lambda > 0$, ridge regression has exactly one minimizer, even with more features than examples.",
        True,
        r"$X^\top X + \lambda I$ is positive definite, hence invertible, whatever $X$ is.",
    ),
    "smallest_norm": Claim(
        r"No $\theta$ with the same training loss as $\theta_\lambda$ has a smaller norm.",
        True,
        r"With the same loss and a smaller penalty it would make $J_\lambda$ smaller than $\theta_\lambda$ does.",
    ),
    "curvature": Claim(
        r"The penalty shrinks a coordinate less, in proportion, the more sharply the loss curves along it "
        r"($L$ quadratic, without products of different coordinates).",
        True,
        r"For $\frac{1}{2} h (\theta - t)^2 + \lambda\theta^2$ the minimizer is $\frac{h}{h + 2\lambda} t$, and the factor grows "
        r"with $h$.",
    ),
    "scaled_objective": Claim(
        r"Multiplying both the loss and $\lambda$ by 10 leaves $\theta_\lambda$ unchanged.",
        True,
        r"The whole objective is multiplied by 10, which does not move its minimum.",
    ),
}

ANSWERS_CLAIM = {
    "every_coordinate": {"every_coordinate", "which_minimizer"},
    "exact_zeros": {"exact_zeros"},
    "test_improves": {"always", "curves", "limit", "compare"},
    "training_improves": {"compare", "better_loss", "accuracy", "logged_total"},
    "training_monotone": {"two_strengths", "curves"},
    "smallest_norm": {"budget"},
}
"""The questions whose answer gives a claim away."""
