r"""Concept questions about the size of a network: essays with their rubrics, and claims with their reasons.

The texts may use the values of the problem ``model-size``.
"""

from __future__ import annotations

from collections.abc import Mapping

from generator.problem.words import Claim, Essay

Question = tuple[str, Essay]

SOFTMAX_QUESTIONS: Mapping[str, Question] = {
    "to_probabilities": (
        "How do the logits become probabilities of the classes? Name the function and the axis along which it works.",
        Essay(
            r"""
            By the softmax over the class axis, the second one of $[<batch>, <classes>]$: for each example,
            $p_j = e^{\ell_j} / \sum_k e^{\ell_k}$, where $\ell$ is its row of the logits. Every row of the result is positive
            and adds up to 1.
            """,
            ((1, "softmax: exponentials over their sum"), (1, "along the classes, for each example by itself")),
        ),
    ),
    "shifted_logits": (
        "Somebody adds 5 to all logits of one example. What happens to its probabilities, and why?",
        Essay(
            r"""
            Nothing. The softmax becomes $e^{\ell_j + 5} / \sum_k e^{\ell_k + 5}$; the factor $e^5$ stands above and below and
            cancels. Only differences of logits matter.
            """,
            ((1, "the probabilities stay as they are"), (1, "the common factor cancels")),
        ),
    ),
    "wrong_axis": (
        """
        Somebody takes the softmax of the logits along the batch axis instead of the class axis. What adds up to 1 then, and
        why is the result of no use as probabilities of the classes?
        """,
        Essay(
            """
            Then each class's column, taken over the <batch> examples, adds up to 1. The examples compete with each other, so
            an example's row need not add up to 1, and its values depend on which other examples are in the batch.
            """,
            (
                (1, "the values of all examples add up to 1, one sum for each class"),
                (1, "a row is no distribution over the classes, or depends on the other examples"),
            ),
        ),
    ),
    "most_likely": (
        "At test time only the most likely class is wanted. Must the softmax be computed? Why, or why not?",
        Essay(
            """
            No. The exponential is increasing and all classes are divided by the same positive sum, so the class with the
            largest logit is the one with the largest probability.
            """,
            ((1, "it need not be computed"), (1, "the softmax keeps the order of the logits")),
        ),
    ),
    "logits_themselves": (
        "Why does a classifier not simply divide each logit by the sum of the logits? Name two things that can go wrong.",
        Essay(
            """
            Logits are any real numbers: negative ones can give negative “probabilities” or ones above 1, and the sum can be 0.
            The softmax first makes all of them positive by the exponential.
            """,
            ((1, "quotients can be negative, or above 1"), (1, "the sum can be zero")),
        ),
    ),
    "equal_logits": (
        """
        Before training, suppose that all logits of an example are equal. Which probability does each of the <classes>
        classes get, and why does the common value not matter?
        """,
        Essay(
            r"""
            Each gets $\frac{1}{<classes>}$: all exponentials are equal, so each is that share of their sum, whatever the
            common value is.
            """,
            ((1, r"$\frac{1}{<classes>}$ each"), (1, "equal exponentials cancel, whatever their value")),
        ),
    ),
    "doubled_logits": (
        """
        All logits of an example are multiplied by 2. If class $j$ was 3 times as likely as class $k$ before, how many times as
        likely is it now, and why?
        """,
        Essay(
            r"""
            9 times. The ratio of two probabilities is $e^{\ell_j - \ell_k}$, and doubling the logits squares it. The
            distribution becomes more peaked.
            """,
            ((1, "9 times"), (1, "the ratio is the exponential of the difference, so it is squared")),
        ),
    ),
}
"""How logits become probabilities."""

MEMORY_QUESTIONS: Mapping[str, Question] = {
    "doubling": (
        "The batch is doubled. By which factor do the numbers of activations and of parameters change, and why?",
        Essay(
            """
            The activations double, from <activations>, since every example has its own. The parameters stay <parameters>
            (a factor of 1), since all examples share them.
            """,
            (
                (1, "twice the activations, since every example has its own"),
                (1, "no more parameters, since they are shared"),
            ),
        ),
    ),
    "accumulation": (
        """
        A batch does not fit into memory. It is cut into four equal pieces that run one after another, and their gradients
        are added up before the parameters change. What becomes of the memory for activations and for parameters?
        """,
        Essay(
            """
            Only one piece's activations are held at a time, so they take a quarter of the memory. The parameters, <parameters>
            numbers, are the same as before: all pieces share them. (Batch normalization then sees one piece at a time.)
            """,
            ((1, "a quarter of the memory for activations"), (1, "as much as before for the parameters")),
        ),
    ),
    "recomputation": (
        "Name a way to train with fewer activations in memory at the same batch size, and what it costs.",
        Essay(
            """
            For example, keep only some of the activations in the forward pass and compute the others again when the backward
            pass needs them (checkpointing); this costs extra computation. Or run the batch in pieces and add up the
            gradients; this takes more steps.
            """,
            ((1, "a way that works"), (1, "its cost")),
        ),
    ),
    "precision": (
        """
        All activations and all parameters are stored in 16 bits instead of 32. What becomes of the two memories, and of the
        batch size at which they are equal? Why?
        """,
        Essay(
            r"""
            Both are halved, so the point where they meet stays: $nK$ and $C$ are counts of numbers, and both are multiplied
            by two bytes instead of four. It is still $n = \frac{C}{K} = <crossover>$.
            """,
            ((1, "both memories are halved"), (1, "the batch size stays, since both sides have the same factor")),
        ),
    ),
    "inference": (
        """
        At test time there is no backward pass. Why does the network then need less memory for its activations than in
        training, and what becomes of the parameters?
        """,
        Essay(
            """
            An activation is kept in training because the backward pass needs it. Without one it can be overwritten once the
            last operation that takes it is done. The parameters, <parameters> numbers, must all be there as before.
            """,
            (
                (1, "activations can be dropped once used, since no backward pass needs them"),
                (1, "the parameters are all still needed"),
            ),
        ),
    ),
}
"""Where the memory goes."""

CLAIMS: Mapping[str, Claim] = {
    "buffers": Claim(
        "The running mean and the running variance of a batch normalization belong to the parameters.",
        False,
        "No gradient changes them; they are updated from the batches and stored beside the parameters, as buffers.",
    ),
    "dropout": Claim(
        "Each Dropout layer adds a mask to the parameters.",
        False,
        "The mask is drawn anew in every training step and is not learned; Dropout has no parameters.",
    ),
    "batch_doubles": Claim(
        "Training with twice the batch size needs twice the parameters.",
        False,
        "All examples go through the same weights: the number of parameters does not depend on the batch.",
    ),
    "bias_size": Claim(
        "The bias of a Linear has one entry for each feature that the Linear takes.",
        False,
        "It is added to the output, so it has one entry for each feature that the Linear puts out.",
    ),
    "norm_size": Claim(
        "A batch normalization of $d$ features learns $d$ parameters.",
        False,
        r"It learns $2d$: a scale $\gamma$ and a shift $\beta$ for each feature.",
    ),
    "width_doubles": Claim(
        "Doubling the widths of all hidden layers doubles the number of parameters.",
        False,
        "A weight matrix between two hidden layers has both sides doubled and so four times the entries.",
    ),
    "relu_activations": Claim(
        "The outputs of ReLU need not be counted among the activations, since ReLU has no parameters.",
        False,
        "They are activations as wide as its inputs; having nothing to learn matters for the parameters alone.",
    ),
    "relu": Claim(
        "Taking out all ReLUs would leave the number of parameters as it is.",
        True,
        "ReLU works entry by entry with nothing to learn and keeps the width for what follows.",
    ),
    "residual": Claim(
        "A connection that adds an earlier activation of the same width brings no parameters.",
        True,
        "The sum is taken entry by entry; nothing in it is learned.",
    ),
    "plain_descent": Claim(
        "Counting each parameter, its gradient and what the optimizer remembers of it, plain gradient descent (without "
        "momentum) stores half as many numbers as Adam.",
        True,
        "It stores each parameter and its gradient, two numbers; Adam's two moments make it four.",
    ),
    "gradient_shape": Claim(
        "The gradient of the loss with respect to an activation has the shape of that activation.",
        True,
        "There is one partial derivative for each of its entries.",
    ),
    "more_classes": Claim(
        "Another class changes the number of parameters of the last Linear only.",
        True,
        "It adds a column of weights and one bias there; no earlier layer sees the classes.",
    ),
    "weight_shape": Claim(
        "The shape of a Linear's weight matrix can be told without knowing the batch size.",
        True,
        "It has one entry for each pair of an input and an output feature; examples do not enter.",
    ),
}
"""What is true or false of any network here."""

GIVEN_AWAY = {"norm_size"}
"""Claims that the preamble decides, since part (d) relies on what it says."""
SAID_BY = {"break_even_adam": {"plain_descent"}}
"""Claims that a follow-up gives away."""
