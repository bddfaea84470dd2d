"""The factory of submissions makes rows that the database accepts and that read back."""

from __future__ import annotations

import pytest
from factories.submissions import make_submission

from contest.domain.screening import DEFAULT_GRADES, FindingKind, find
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.models.entry import Entry, EntryState
from contest.models.submission import Submission, SubmissionState


def test_a_made_submission_reads_back(services: Services, edition: Edition) -> None:
    doubtful = find(FindingKind.NEAR_BOUNDARY, DEFAULT_GRADES, metres=120)
    made = make_submission(services, edition, name="김금천", entries=2, findings=[doubtful])
    again = make_submission(services, edition, name="김 금천", phone="01012345678")
    with services.database.read() as session:
        row = session.get_one(Submission, made.id)
        other = session.get_one(Submission, again.id)
        entry = session.get_one(Entry, made.entries[0])
        opened = services.crypto.open(row.name_sealed or b"", f"submission.name:{row.id}")
        assert (opened, row.receipt_number, other.receipt_number) == (
            "김금천",
            "2024-02-0001",
            "2024-02-0002",
        )
        assert row.person_key == other.person_key
        assert (entry.entry_number, entry.verdict) == ("2024-02-0001-1", "doubtful")


@pytest.mark.parametrize("state", list(SubmissionState))
@pytest.mark.parametrize("entry_state", [None, EntryState.FIT, EntryState.UNFIT])
def test_every_state_can_be_made(
    services: Services, edition: Edition, state: SubmissionState, entry_state: EntryState | None
) -> None:
    made = make_submission(services, edition, state=state, entry_state=entry_state, photo=False)
    assert len(made.entries) == 1
