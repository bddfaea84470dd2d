"""Quantiles of distributions that the standard library lacks."""

from __future__ import annotations


def f_quantile(probability: float, above: float, below: float) -> float:
    """The value of F with these degrees of freedom that is not exceeded with the probability."""
    from scipy.special import fdtri  # noqa: PLC0415  half of a start-up, once a year

    return float(fdtri(above, below, probability))
