"""The dossier of an allocation, computed outside any transaction and kept once."""

from __future__ import annotations

from contest.infra.quantiles import f_quantile
from contest.infra.wiring import Services
from judging.domain.dossier import make_document
from judging.models.award import Dossier
from judging.queries.dossier import question


def make_dossier(services: Services, edition_id: str) -> None:
    """Compute and keep the dossier of the newest allocation from ranks; rung again it does nothing."""
    with services.database.read() as session:
        asked = question(session, edition_id)
    if asked is None:
        return
    document = make_document(asked.stake, asked.order, asked.seed, f_quantile, asked.again, talk=asked.talk)
    with services.database.write() as uow:
        if uow.session.get(Dossier, asked.allocation_id) is None:
            uow.session.add(
                Dossier(allocation_id=asked.allocation_id, document=document, made_at=services.clock.now())
            )
