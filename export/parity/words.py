"""Every sentence of the verdict and of its report, in one place; a translation is another table with the same keys."""

from __future__ import annotations

ENGLISH = {
    "nothing_compared": "Nothing could be compared.",
    "error_too_large": "“{output}” is off by {error} of its range; {allowed} is allowed.",
    "mean_too_large": "“{output}” is off by {error} of its range on average; {allowed} is allowed.",
    "picture_too_different": "“{output}” differs visibly: {steps} on average; {allowed} is allowed.",
    "no_device": "It ran on no device.",
}


def say(key: str, **values: str) -> str:
    """The sentence of that key with its values filled in."""
    return ENGLISH[key].format(**values)


def small(value: float) -> str:
    """A share of a range in two digits, plain where it can be: 0.012, 3.1e-06."""
    return f"{value:.2g}"


def steps(value: float) -> str:
    """A visible difference in the steps of an eight-bit picture."""
    return f"{value:.2g}/255"
