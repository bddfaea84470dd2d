"""The sweep of messages to judges, and to operators about them, that the clock asks for."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from sqlalchemy.orm import Session

from contest.domain.stages import Stage
from contest.domain.timely import Due
from contest.infra.wiring import Services
from contest.models.edition import Edition
from contest.operations.timely import operators, reconcile
from contest.queries.editions import current_edition
from judging.domain.duties import Judging, Seat, duties
from judging.models.round import RoundState
from judging.queries.panel import members, recusals, round_of

CODES = ("J2", "J4", "J5", "O3")
_JUDGED = (Stage.OPEN, Stage.SCREENING, Stage.JUDGING, Stage.VERIFICATION)


def send_duties(services: Services, now: dt.datetime) -> None:
    """Sweep: judges and operators are told what is due, once; what is due no longer is taken back."""
    with services.database.read() as session:
        edition = current_edition(session)
        if edition is None or edition.stage not in _JUDGED:
            return
        edition_id, due = edition.id, duty_messages(session, edition, now)
    reconcile(services, edition_id, CODES, due, now=now)


def duty_messages(session: Session, edition: Edition, now: dt.datetime) -> list[Due]:
    """Everything that the jury's duties ask for now."""
    held = round_of(session, edition.id)
    stepped_back = Counter(one.judge_id for one in recusals(session, edition.id) if one.by_judge)
    seats = [
        Seat(
            one.judge_id, one.account_id, one.name, one.has_pledged, one.works, one.scored,
            one.signed_at is not None, stepped_back[one.judge_id],
        )
        for one in members(session, edition.id)
        if one.is_seated
        and one.invited_at is not None
        and (held is None or held.is_result or held.rule.panel.takes(is_external=one.is_external))
    ]  # fmt: skip
    judging = Judging(
        opens=edition.judging_opens,
        closes=held.ends(edition.judging_closes) if held else edition.judging_closes,
        verification_opens=edition.verification_opens,
        judging_open=edition.stage is Stage.JUDGING and held is not None and held.state is RoundState.OPEN,
        opened_at=held.opened_at if held else None,
        sealed_at=held.sealed_at if held and held.is_result else None,
        is_over=edition.stage is Stage.VERIFICATION,
    )
    return duties(judging, seats, operators(session), now)
