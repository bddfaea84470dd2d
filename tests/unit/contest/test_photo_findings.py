"""Findings follow from facts, and every one has its sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from contest.domain.exif import KST, RawExif, read_exif
from contest.domain.fingerprints import Likeness, PairVerdict
from contest.domain.photo_findings import CaptureWindow, OtherWork, find_in_pair, find_in_photograph
from contest.domain.place import Placing, Whereabouts
from contest.domain.provenance import Provenance
from contest.domain.screening import FACTS, Finding, Grade, verdict
from contest.infra.texts import findings as _sentences  # noqa: F401  registers the sentences of findings
from contest.infra.texts import text

WINDOW = CaptureWindow(datetime(2023, 7, 1, tzinfo=KST), datetime(2024, 8, 30, 18, tzinfo=KST))
GOOD = {
    "date_original": "2024:05:01 10:00:00",
    "make": "Canon",
    "latitude": (37.4569,),
    "latitude_ref": "N",
    "longitude": (126.8955,),
    "longitude_ref": "E",
}


def found(
    exif: dict[str, Any] | None = None, placing: Placing | None = None, **provenance: Any
) -> tuple[Finding, ...]:
    raw = RawExif(**(GOOD | (exif or {})))
    return find_in_photograph(read_exif(raw), Provenance(**provenance), placing, window=WINDOW, grades={})


def test_an_honest_photograph_has_no_finding() -> None:
    assert found(placing=Placing(Whereabouts.INSIDE, 479, is_inside=True)) == ()


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({"exif": {"date_original": "0000:00:00 00:00:00"}}, ["impossible_date"]),
        ({"exif": {"date_original": "2019:05:01 10:00:00"}}, ["taken_outside_window"]),
        ({"exif": {"latitude": None, "longitude": None}}, ["no_gps"]),
        ({"exif": dict.fromkeys(GOOD)}, ["no_exif"]),
        ({"placing": Placing(Whereabouts.NEAR, 71, is_inside=False)}, ["near_boundary"]),
        ({"placing": Placing(Whereabouts.OUTSIDE, 634, is_inside=False)}, ["outside_district"]),
        ({"source_types": ("trainedAlgorithmicMedia",)}, ["ai_declared"]),
        ({"generators": ("PNG: prompt",), "editors": ("GIMP",)}, ["generator_mark", "editor_mark"]),
        ({"credentials": "remote", "has_c2pa": True}, ["credentials_unchecked"]),
        ({"credentials": "read", "signed_by": "anybody", "has_c2pa": True}, []),
        ({"exif": {"make": "DJI", "model": "FC3582"}}, ["drone"]),
        ({"exif": {"make": "NORITSU KOKI", "model": "QSS"}}, ["scanned"]),
        ({"screenshot": "Screenshot", "messenger": "1440×1080"}, ["screenshot", "messenger"]),
    ],
)
def test_each_fact_gives_its_finding_with_a_sentence(facts: dict[str, Any], kinds: list[str]) -> None:
    findings = found(**facts)
    assert [finding.kind.value for finding in findings] == kinds
    for finding in findings:
        assert set(finding.facts) == FACTS[finding.kind]
        assert text("ko", finding.code, **finding.facts)


def test_dates_are_said_as_they_are_read() -> None:
    (finding,) = found({"date_original": "2019:05:01 10:00:00"})
    assert finding.facts["taken"] == "2019. 5. 1.(수) 10:00"
    assert finding.facts["closes"] == "2024. 8. 30.(금) 18:00"


def test_missing_exif_or_an_editor_holds_nobody_up() -> None:
    findings = found(dict.fromkeys(GOOD), editors=("Adobe Lightroom",))
    assert {finding.grade for finding in findings} == {Grade.NOTE}
    assert verdict(findings) == "fit"


@pytest.mark.parametrize(
    ("likeness", "same_person", "edition", "kind"),
    [
        (Likeness.IDENTICAL, True, None, "same_file_same_person"),
        (Likeness.IDENTICAL, False, None, "same_file_other"),
        (Likeness.NEAR_IDENTICAL, True, None, "near_copy_same_person"),
        (Likeness.SUSPECTED, False, None, "near_copy_other"),
        (Likeness.IDENTICAL, True, "제1회", "earlier_edition_copy"),
    ],
)
def test_a_pair_leaves_its_finding(
    likeness: Likeness, *, same_person: bool, edition: str | None, kind: str
) -> None:
    pair = PairVerdict(likeness, 12, 30, 4, vote=True, orientation=0)
    finding = find_in_pair(pair, OtherWork("2024-02-0137-1", same_person, edition), grades={})
    assert finding.kind == kind
    assert set(finding.facts) == FACTS[finding.kind]
    assert text("ko", finding.code, **finding.facts)
