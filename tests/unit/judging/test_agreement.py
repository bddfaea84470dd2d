"""Agreement figures against published examples, and what each judge's use of the scale says."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import f as f_distribution

from judging.domain.agreement import intraclass, krippendorff_alpha, scale_use, spearman

# Shrout and Fleiss (1979), table 2: six targets, four judges.
SHROUT = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]
# Krippendorff (2011), example C without its observer D's gaps: interval alpha 0.849.
KRIPPENDORFF = {
    "A": "1 2 3 3 2 1 4 1 2 . . .", "B": "1 2 3 3 2 2 4 1 2 5 . 3",
    "C": ". 3 3 3 2 3 4 2 2 5 1 .", "D": "1 2 3 3 2 4 4 1 2 5 1 .",
}  # fmt: skip


def quantile(probability: float, above: float, below: float) -> float:
    return float(f_distribution.ppf(probability, above, below))


def table(rows: list[tuple[int, ...]]) -> dict[str, dict[str, Fraction]]:
    return {f"w{n}": {f"j{m}": Fraction(v) for m, v in enumerate(row)} for n, row in enumerate(rows)}


def test_intraclass_as_published() -> None:
    found = intraclass(table(SHROUT), quantile)
    assert found is not None
    single, panel = found
    assert (round(single.value, 2), round(panel.value, 2)) == (0.29, 0.62)
    assert (round(single.low, 2), round(single.high, 2)) == (0.02, 0.76)
    assert (round(panel.low, 2), round(panel.high, 2)) == (0.07, 0.93)


def test_krippendorff_as_published() -> None:
    scores: dict[str, dict[str, Fraction]] = {}
    for judge, line in KRIPPENDORFF.items():
        for number, value in enumerate(line.split()):
            if value != ".":
                scores.setdefault(f"u{number}", {})[judge] = Fraction(value)
    alpha = krippendorff_alpha(scores)
    assert alpha is not None
    assert round(float(alpha), 3) == 0.849


@given(st.lists(st.integers(0, 100), min_size=2, max_size=8, unique=True), st.integers(2, 5))
def test_judges_who_agree_agree_fully(values: list[int], judges: int) -> None:
    scores = table([(value,) * judges for value in values])
    assert krippendorff_alpha(scores) == 1
    found = intraclass(scores, quantile)
    assert found is not None
    assert found[0].value == found[1].value == 1


def test_too_little_says_nothing() -> None:
    assert krippendorff_alpha(table([(5,), (6,)])) is None
    assert krippendorff_alpha(table([(5, 5), (5, 5)])) is None
    assert intraclass(table([(5, 6)]), quantile) is None
    assert intraclass(table([(5, 5), (5, 5)]), quantile) is None
    assert spearman([Fraction(1), Fraction(2)], [Fraction(1), Fraction(2)]) is None
    assert spearman([Fraction(1)] * 4, [Fraction(n) for n in range(4)]) is None


def test_spearman_by_hand() -> None:
    assert spearman([Fraction(n) for n in (1, 2, 3, 4)], [Fraction(n) for n in (4, 3, 2, 1)]) == -1
    assert spearman([Fraction(n) for n in (1, 2, 3, 4)], [Fraction(n) for n in (10, 20, 90, 91)]) == 1


def test_scale_use_tells_generous_and_drifting_judges() -> None:
    works = [f"w{n}" for n in range(8)]
    scores = {work: {"kind": Fraction(80), "tired": Fraction(70 - 5 * n), "third": Fraction(50 + n)}
              for n, work in enumerate(works)}  # fmt: skip
    kind, third, tired = scale_use(scores, dict.fromkeys(("kind", "tired", "third"), works))
    assert (kind.judge, kind.drift, kind.deviation, kind.agreement) == ("kind", 0, 0.0, None)
    assert kind.leaning is not None
    assert kind.leaning > 0
    assert tired.drift == Fraction(-30)
    assert third.agreement == -1
    assert (tired.lowest, tired.highest, tired.works) == (35, 70, 8)
