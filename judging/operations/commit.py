"""The commitment of a round, made in the transaction that seals it: public numbers, pseudonyms, one digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contest.infra.unit_of_work import UnitOfWork
from judging.domain.blinding import common_numbers
from judging.models.round import Round, RoundEntry
from judging.operations.rounds import random_bytes
from judging.queries.commitments import root_of


def name_in_public(
    uow: UnitOfWork, held: Round, works: Mapping[str, RoundEntry], judges: Iterable[str]
) -> None:
    """Draw the numbers and pseudonyms under which the round's scores are committed to.

    works: entry id -> its row in the round; judges: everybody who was seated, released ones too.
    """
    draw = random_bytes(uow)
    for entry, number in common_numbers(works, draw).items():
        works[entry].public_number = number
    held.pseudonyms = {judge: int(number) for judge, number in common_numbers(judges, draw).items()}
    uow.session.flush()


def commit_to_scores(uow: UnitOfWork, held: Round) -> tuple[str, str]:
    """The digest over every score that stands, and the salt it was made with: the public may read the digest now."""
    salt = uow.ids.seed().hex()
    return root_of(uow.session, held, salt), salt
