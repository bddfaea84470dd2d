"""Marks of photographs and networks of entrants, kept so that nobody can compare them before scores are sealed.

Of each a keyed digest, made for one edition alone, is sealed once more under the row it belongs to: two equal
marks are different bytes in the database. Only judging/queries/same_hand.py opens them, after the seal.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from contest.domain.hand_marks import Mark
from contest.domain.same_hand import SIGNS, Sign, network_of
from contest.infra.unit_of_work import UnitOfWork
from contest.models.photo import HandMark, Photo
from contest.models.submission import Submission


def keep_marks(uow: UnitOfWork, photo: Photo, marks: Mapping[Mark, str]) -> None:
    """Keep the marks of a photograph of an entrant, in place of any before."""
    forget_marks(uow, photo.id)
    if photo.edition_id is None or photo.submission_id is None:
        return
    uow.session.add_all(
        HandMark(
            photo_id=photo.id,
            mark=mark.value,
            sealed=uow.crypto.seal(
                uow.crypto.digest(f"hand.{SIGNS[mark]}", f"{photo.edition_id}\0{value}"),
                f"hand_mark.{mark}:{photo.id}",
            ),
        )
        for mark, value in marks.items()
    )


def forget_marks(uow: UnitOfWork, photo_id: str) -> None:
    """Erase the marks of a photograph."""
    uow.session.execute(delete(HandMark).where(HandMark.photo_id == photo_id))


def keep_network(uow: UnitOfWork, submission: Submission, address: str | None) -> None:
    """Keep which network a submission was handed in from; an office that enters for somebody is not theirs."""
    network = network_of(address)
    if network is None or submission.entered_by is not None:
        return
    digest = uow.crypto.digest(f"hand.{Sign.NETWORK}", f"{submission.edition_id}\0{network}")
    submission.network_sealed = uow.crypto.seal(digest, f"submission.network:{submission.id}")


def marks_kept(session: Session, submission_id: str) -> list[str]:
    """Which marks are kept of a submission's photographs: the entrant may know."""
    return list(
        session.scalars(
            select(HandMark.mark)
            .join(Photo, Photo.id == HandMark.photo_id)
            .where(Photo.submission_id == submission_id)
            .distinct()
            .order_by(HandMark.mark)
        )
    )
