"""One person under several names: what of a file tells, and which entrants it puts together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.domain.exif import RawExif
from contest.domain.hand_marks import Mark, read_hand_marks
from contest.domain.same_hand import TELLING, Sign, Trace, clusters, common, network_of

CAMERA = {"make": "Canon", "model": "Canon EOS R6"}


@pytest.mark.parametrize(
    "nothing",
    [
        "", "0", "0000000000", "000000", "1111111", "12345678", "0123456789", "987654321", "none", "N/A", "unknown",
        "NO SERIAL", "XXXXXXXX", "123", "١٢٣٤٥٦٧", "SN:<b>4711</b>", "4" * 60, "10101010",
    ],
)  # fmt: skip
def test_a_serial_number_that_none_is_tells_nothing(nothing: str) -> None:
    assert read_hand_marks(RawExif(**CAMERA, body_serial=nothing, lens="RF50mm", lens_serial=nothing)) == {}


@pytest.mark.parametrize(
    "nobody",
    [
        "", "???", "Canon", "OLYMPUS DIGITAL CAMERA", "samsung", "Canon Inc.", "EOS R6", "owner", "Your Name", "me",
        "Photographer", "작가", "none", "unknown", "aaaa", "1234", "Kim", "Adobe Photoshop", "촬영자 이름",
    ],
)  # fmt: skip
def test_a_name_that_is_anybodys_tells_nothing(nobody: str) -> None:
    assert read_hand_marks(RawExif(**CAMERA, owner=nobody, artist=nobody)) == {}


def test_marks_are_equal_however_they_are_written() -> None:
    one = RawExif(
        **CAMERA, body_serial="023021001234", lens="RF50mm", lens_serial="a-4711", artist="Hong Gildong"
    )
    other = RawExif(
        **CAMERA, body_serial=" 023021001234\0", lens="RF50mm", lens_serial="A4711", artist="HONG  GILDONG "
    )
    assert read_hand_marks(one) == read_hand_marks(other)
    assert set(read_hand_marks(one)) == {Mark.BODY, Mark.LENS, Mark.ARTIST}
    # Makers count for themselves: the same number of another camera is another camera.
    nikon = read_hand_marks(RawExif(make="NIKON", model="Z 5", body_serial="023021001234"))
    assert nikon[Mark.BODY] != read_hand_marks(one)[Mark.BODY]
    assert read_hand_marks(RawExif(body_serial="023021001234", lens_serial="A4711")) == {}


TRACES = st.lists(
    st.builds(
        Trace,
        person=st.sampled_from("abcdefgh"),
        holder=st.integers(0, 9).map(str),
        sign=st.sampled_from(list(Sign)),
        value=st.sampled_from("123"),
    ),
    max_size=24,
)


@given(TRACES, st.randoms())
def test_clusters_do_not_depend_on_the_order(traces: list[Trace], chance) -> None:
    mixed = list(traces)
    chance.shuffle(mixed)
    assert clusters(mixed) == clusters(traces)
    assert common(mixed) == common(traces)


@given(TRACES, TRACES)
def test_more_evidence_only_makes_clusters_larger(traces: list[Trace], more: list[Trace]) -> None:
    before, after = clusters(traces), clusters(traces + more)
    assert all(any(set(one.persons) <= set(other.persons) for other in after) for one in before)


@given(TRACES)
def test_a_cluster_is_of_several_persons_whose_coincidences_hold_it_together(traces: list[Trace]) -> None:
    found = clusters(traces)
    everyone = [person for one in found for person in one.persons]
    assert len(everyone) == len(set(everyone))
    for one in found:
        assert len(one.persons) > 1
        for what in one.coincidences:
            assert len(what.persons) > 1
            assert set(what.persons) <= set(one.persons)
            assert set(what.holders) <= {trace.holder for trace in traces if trace.person in one.persons}
        reached = {one.persons[0]}
        for _ in one.persons:
            reached |= {p for what in one.coincidences if reached & set(what.persons) for p in what.persons}
        assert reached == set(one.persons)


@pytest.mark.parametrize("sign", list(Sign))
def test_one_weak_sign_is_none_and_one_telling_sign_is_enough(sign: Sign) -> None:
    alike = [Trace(person, person, sign, "1") for person in "abc"]
    assert len(clusters(alike)) == (sign in TELLING)
    assert clusters([*alike[:1], Trace("a", "other", sign, "1")]) == ()


def test_two_weak_signs_of_two_kinds_are_enough() -> None:
    family = [Trace(p, p, sign, "1") for p in "ab" for sign in (Sign.NETWORK, Sign.ENDING)]
    school = [Trace(p, p, Sign.NETWORK, "1") for p in "cd"]
    (found,) = clusters(family + school)
    assert found.persons == ("a", "b")
    assert [what.sign for what in found.coincidences] == [Sign.NETWORK, Sign.ENDING]


def test_what_a_crowd_shares_is_left_out_but_never_a_camera() -> None:
    crowd = [Trace(str(n), str(n), sign, "1") for n in range(6) for sign in Sign]
    assert {sign for sign, _ in common(crowd)} == set(Sign) - {Sign.BODY, Sign.LENS}
    assert common(crowd[: 5 * len(Sign)]) == frozenset()
    (found,) = clusters(crowd, common(crowd))
    assert {what.sign for what in found.coincidences} == {Sign.BODY, Sign.LENS}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7/32"), ("::ffff:203.0.113.7", "203.0.113.7/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("127.0.0.1", None), ("::1", None), ("", None), (None, None), ("unix:", None), ("1.2.3", None),
    ],
)  # fmt: skip
def test_a_network_is_told_by_its_prefix(address: str | None, network: str | None) -> None:
    assert network_of(address) == network
