"""The commitment of a round, made in the transaction that seals it: public numbers, pseudonyms, one digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contest.infra.unit_of_work import UnitOfWork
from judging.domain.blinding import common_numbers
from judging.models.round import Round, RoundEntry
from judging.operations.rounds import random_bytes
from judging.queries.commitments import root_of


def commit_to_scores(
    uow: UnitOfWork, held: Round, works: Mapping[str, RoundEntry], judges: Iterable[str]
) -> str:
    """Commit the round to every score that stands; the digest. From now on the public may read it.

    works: entry id -> its row in the round; judges: everybody who was seated, released ones too.
    """
    draw = random_bytes(uow)
    for entry, number in common_numbers(works, draw).items():
        works[entry].public_number = number
    held.pseudonyms = {judge: int(number) for judge, number in common_numbers(judges, draw).items()}
    uow.session.flush()
    salt = uow.ids.seed().hex()
    held.commitment, held.commitment_salt = root_of(uow.session, held, salt), salt
    return held.commitment
