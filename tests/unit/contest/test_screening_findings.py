"""Findings: grades, verdicts, what an entrant may see, and a sentence for each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from contest.domain.screening import (
    DEFAULT_GRADES,
    FACTS,
    STAFF_ONLY,
    Finding,
    FindingKind,
    Grade,
    Verdict,
    find,
    shown_to_entrant,
    verdict,
)
from contest.infra.texts import findings as _findings  # noqa: F401  registers its sentences
from contest.infra.texts import text

FINDINGS = st.lists(st.builds(Finding, st.sampled_from(FindingKind), st.sampled_from(Grade)))


def test_every_kind_has_a_default_grade_and_named_facts() -> None:
    assert set(DEFAULT_GRADES) == set(FindingKind) == set(FACTS)


def test_every_kind_has_a_sentence_that_uses_only_its_facts() -> None:
    for kind in FindingKind:
        facts = dict.fromkeys(FACTS[kind], 1)
        sentence = text("ko", f"finding.{kind.value}", **facts)
        assert sentence.endswith(("다.", "요."))
        assert "{" not in sentence
        assert text("ko", f"finding_name.{kind.value}")


@given(FINDINGS)
def test_the_gravest_grade_decides(findings: list[Finding]) -> None:
    grades = [f.grade for f in findings]
    expected = (
        Verdict.UNFIT
        if Grade.UNFIT in grades
        else Verdict.DOUBTFUL
        if Grade.DOUBTFUL in grades
        else Verdict.FIT
    )
    assert verdict(findings) is expected


def test_an_entrant_never_learns_of_others() -> None:
    everything = [find(kind, {}) for kind in FindingKind]
    assert {f.kind for f in shown_to_entrant(everything)} == set(FindingKind) - STAFF_ONLY


def test_missing_exif_and_gps_never_hold_a_work_up() -> None:
    found = [find(k, {}) for k in (FindingKind.NO_EXIF, FindingKind.NO_GPS, FindingKind.EDITOR_MARK)]
    assert verdict(found) is Verdict.FIT
