"""A 변경 공고: one proposes, another approves; it shows on the call page and everybody who entered is told."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from factories.submissions import make_submission
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.domain.actors import Actor, Role
from contest.domain.amending import passed_dates
from contest.domain.edition_values import Content
from contest.domain.errors import Conflict, ContestError, Denied, Invalid
from contest.domain.schedule import Schedule
from contest.domain.stages import Stage
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.edition import Amendment, Edition
from contest.models.outbox import Message
from contest.operations.amend import approve_amendment, propose_amendment, reject_amendment
from contest.queries.editions import schedule_of

LoginAs = Callable[..., FlaskClient]


def propose(services: Services, edition: Edition, actor: Actor, **changes: Any) -> int:
    """Propose these values: `phone`, or names of the schedule, or a whole `document`."""
    document = json.loads(json.dumps(changes.pop("document", edition.document)))
    if phone := changes.pop("phone", None):
        document["contact"]["phone"] = phone
    reason = changes.pop("reason", "태풍으로 접수기간을 늘립니다.")
    schedule = Schedule(**{**dict(schedule_of(edition).instants()), **changes})
    with services.database.write() as uow:
        return propose_amendment(
            uow,
            edition.id,
            Content(document, schedule),
            reason,
            version=edition.version,
            actor=actor,
            now=services.clock.now(),
        ).ordinal


def approve(services: Services, edition: Edition, ordinal: int, actor: Actor) -> None:
    with services.database.write() as uow:
        approve_amendment(uow, edition.id, ordinal, actor=actor, now=services.clock.now())


def current(services: Services, edition: Edition) -> tuple[int, dt.datetime | None, str]:
    with services.database.read() as session:
        held = session.get_one(Edition, edition.id)
        return held.version, held.entry_closes, held.document["contact"]["phone"]


def test_two_persons_change_the_dates_and_everybody_is_told(
    services: Services, edition: Edition, make_account, client: FlaskClient
) -> None:
    operator, approver = make_account(Role.OPERATOR), make_account(Role.APPROVER)
    told = make_submission(services, edition)
    later = edition.entry_closes + dt.timedelta(days=2)
    ordinal = propose(services, edition, operator, entry_closes=later)
    assert current(services, edition)[:2] == (edition.version, edition.entry_closes)
    assert "변경 공고</h2>" not in client.get("/call").text
    approve(services, edition, ordinal, approver)
    assert current(services, edition)[:2] == (edition.version + 1, later)
    page = client.get("/call").text
    assert "태풍으로 접수기간을 늘립니다." in page
    assert "<del>2024. 8. 30.(금) 18:00</del>" in page
    assert "<ins>2024. 9. 1.(일) 18:00</ins>" in page
    with services.database.read() as session:
        messages = session.scalars(select(Message).where(Message.code == "A9")).all()
        assert {message.subject_id for message in messages} == {told.id}
        body = services.crypto.open(messages[0].body_sealed, f"message.body:{messages[0].id}")
    assert "접수 마감 2024. 9. 1.(일) 18:00" in body


def test_the_proposer_cannot_approve_and_nobody_decides_twice(
    services: Services, edition: Edition, make_account
) -> None:
    operator, approver = make_account(Role.OPERATOR), make_account(Role.APPROVER)
    ordinal = propose(services, edition, operator, phone="02-2627-9999")
    with pytest.raises(Denied):
        approve(services, edition, ordinal, operator)
    with pytest.raises(Denied, match="same_person"):
        approve(services, edition, ordinal, Actor("account", operator.id, Role.APPROVER))
    with pytest.raises(Conflict, match=r"amendment\.pending"):
        propose(services, edition, operator, phone="02-2627-8888")
    approve(services, edition, ordinal, approver)
    with pytest.raises(Conflict, match=r"amendment\.settled"):
        approve(services, edition, ordinal, approver)
    assert current(services, edition)[2] == "02-2627-9999"


def test_a_proposal_taken_back_changes_nothing_and_frees_the_way(
    services: Services, edition: Edition, make_account, client: FlaskClient
) -> None:
    operator = make_account(Role.OPERATOR)
    ordinal = propose(services, edition, operator, phone="02-2627-9999")
    with services.database.write() as uow:
        reject_amendment(uow, edition.id, ordinal, actor=operator, now=services.clock.now())
    assert "02-2627-9999" not in client.get("/call").text
    assert propose(services, edition, operator, phone="02-2627-7777") == ordinal + 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("prizes.winners", 26),
        ("rounds.0.criteria.0.weight", 31),
        ("ties", ["lot"]),
        ("entry.works_per_person", 3),
        ("succession", "fill_hole"),
        ("consents.privacy.ko.title", "다른 문구"),
        ("reserves", 9),
    ],
)
def test_what_was_promised_never_changes(
    services: Services, edition: Edition, make_account, path: str, value: Any
) -> None:
    document = json.loads(json.dumps(edition.document))
    holder: Any = document
    *way, last = path.split(".")
    for key in way:
        holder = holder[int(key)] if key.isdigit() else holder[key]
    holder[last] = value
    with pytest.raises(Invalid, match=r"amendment\.frozen"):
        propose(services, edition, make_account(Role.OPERATOR), document=document)


def test_refusals(services: Services, edition: Edition, make_account, clock: SteppedClock) -> None:
    operator = make_account(Role.OPERATOR)
    now = clock.now()
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("amendment.nothing", {}),
        ("amendment.reason_missing", {"phone": "02-2627-9999", "reason": " "}),
        ("edition.phone_number", {"phone": "02-1"}),
        ("amendment.into_past", {"entry_closes": now - dt.timedelta(hours=1)}),
        ("amendment.passed", {"entry_opens": edition.entry_opens - dt.timedelta(days=1)}),
        ("edition.schedule_order", {"publish_at": edition.verification_opens}),
        (
            "edition.verification_short",
            {"verification_closes": edition.verification_opens + dt.timedelta(days=1)},
        ),
    ]
    for code, changes in wrong:
        with pytest.raises(ContestError) as refused:
            propose(services, edition, operator, **changes)
        assert refused.value.code == code
    clock.move_to(edition.entry_closes)
    later = edition.entry_closes + dt.timedelta(days=1)
    with pytest.raises(Invalid, match=r"amendment\.passed"):
        propose(services, edition, operator, entry_closes=later)


def test_an_approval_that_comes_too_late_is_refused(
    services: Services, edition: Edition, make_account, clock: SteppedClock
) -> None:
    operator, approver = make_account(Role.OPERATOR), make_account(Role.APPROVER)
    later = edition.entry_closes + dt.timedelta(days=1)
    ordinal = propose(services, edition, operator, entry_closes=later)
    clock.move_to(edition.entry_closes)
    with pytest.raises(Invalid, match=r"amendment\.passed"):
        approve(services, edition, ordinal, approver)
    assert current(services, edition)[1] == edition.entry_closes
    with services.database.read() as session:
        assert session.scalar(select(Amendment.approved_at)) is None


def test_a_late_jury_may_be_given_days_but_citizens_windows_stay_shut(edition: Edition) -> None:
    old = schedule_of(edition)
    assert old.judging_closes is not None
    assert old.verification_closes is not None
    longer = Schedule(**{**dict(old.instants()), "judging_closes": old.judging_closes + dt.timedelta(days=2)})
    now = old.judging_closes + dt.timedelta(hours=1)
    assert list(passed_dates(old, longer, Stage.JUDGING, now)) == []
    assert [p.code for p in passed_dates(old, longer, Stage.VERIFICATION, now)] == ["amendment.passed"]
    shut = Schedule(
        **{**dict(old.instants()), "verification_closes": old.verification_closes + dt.timedelta(days=9)}
    )
    after = old.verification_closes
    assert [p.code for p in passed_dates(old, shut, Stage.VERIFICATION, after)] == ["amendment.passed"]


def test_the_pages_from_proposal_to_notice(
    services: Services, edition: Edition, login_as: LoginAs, client: FlaskClient
) -> None:
    operator, approver = login_as(Role.OPERATOR), login_as(Role.APPROVER)
    address = f"/staff/editions/{edition.id}/amendments/new"
    page = operator.get(address).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    values = dict(
        re.findall(r'<input[^>]*name="((?:schedule|contact|texts)\.[^"]+)"[^>]*value="([^"]*)"', page)
    )
    texts = re.findall(r'<textarea[^>]*name="([^"]+)">\r?\n?(.*?)</textarea>', page, re.DOTALL)
    values = {name: html.unescape(value) for name, value in values.items()}
    values |= {name: html.unescape(text) for name, text in texts if name.startswith("texts.")}
    sent = {**values, "csrf_token": token[1], "version": "1", "reason": "", "contact.phone": "02-2627-5555"}
    refused = operator.post(address, data=sent)
    assert refused.status_code == 422
    assert "02-2627-5555" in refused.text
    assert "까닭을 적어 주세요" in refused.text
    done = operator.post(address, data={**sent, "reason": "담당 전화가 바뀌었습니다."})
    assert done.status_code == 303
    shown = operator.get(done.headers["Location"]).text
    assert re.findall(r"<(?:del|ins)>([^<]+)<", shown) == ["02-2627-1234", "02-2627-5555"]
    assert "/approve" not in shown
    held = approver.get(done.headers["Location"]).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', held)
    assert token is not None
    answer = approver.post(f"{done.headers['Location']}/approve", data={"csrf_token": token[1]})
    assert answer.status_code == 303
    assert "담당 전화가 바뀌었습니다." in client.get("/call").text
    assert "02-2627-5555" in client.get("/").text
