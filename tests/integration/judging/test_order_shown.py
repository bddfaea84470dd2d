"""What a judge sees of a work says nothing about when it was entered, and nothing about what another judge sees."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from factories.panels import entries_of, make_panel, make_works, open_judging, sign_everything
from flask.testing import FlaskClient

from contest.domain.actors import Actor, Role
from contest.infra.clock import SteppedClock
from contest.infra.wiring import Services
from contest.models.account import Account
from contest.operations.sessions import begin_session
from judging.domain.agreement import spearman

TILE = re.compile(
    r'<li[^>]*>\s*<a href="/desk/work/([a-z0-9]+)".*?src="/desk/thumb/([^"]+)".*?\b([A-Z]{2}-\d{3})\b',
    re.DOTALL,
)
#: Of unrelated values |rho| < 0.1 in all but 1 of 130,000 pairs of this size (4.5 standard deviations of 1/sqrt(n - 1)).
WORKS = 2000


def tiles_shown(client: FlaskClient) -> list[tuple[str, str, str]]:
    """(work, picture, code) of every tile of the contact sheet, as its pages show them."""
    found: list[tuple[str, str, str]] = []
    for page in range(1, 1 + WORKS // 100):
        text = client.get(f"/desk?page={page}").get_data(as_text=True)
        found += TILE.findall(text)
    return found


def at_the_desk(services: Services, client: FlaskClient, judge: Actor) -> FlaskClient:
    with services.database.write() as uow:
        account = uow.session.get_one(Account, judge.id)
        clock = services.clock
        token, _ = begin_session(
            uow, account, actor=judge, now=clock.now(), wall=clock.wall(), second_factor=True
        )
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client


def places(values: list[str]) -> list[Fraction]:
    """The rank of each value among all, as somebody would find it who sorts by it."""
    rank = {value: Fraction(place) for place, value in enumerate(sorted(values))}
    assert len(rank) == len(values)
    return [rank[value] for value in values]


@pytest.mark.full
def test_nothing_a_judge_can_sort_by_follows_the_order_of_entry(
    services: Services, clock: SteppedClock, *, app, edition, make_account
) -> None:
    operator = make_account(Role.OPERATOR)
    arrived = {
        entry: Fraction(number) for number, entry in enumerate(make_works(services, edition.id, WORKS))
    }
    judges = make_panel(services, edition.id, operator, 3)
    sign_everything(services, judges)
    open_judging(services, clock, edition, operator)
    seen: list[dict[str, list[Fraction]]] = []
    for judge in judges[:2]:
        entry_of = {work: entry for entry, work in entries_of(services, judge).items()}
        shown = tiles_shown(at_the_desk(services, app.test_client(), judge))
        assert len({work for work, _, _ in shown}) == WORKS
        when = [arrived[entry_of[work]] for work, _, _ in shown]
        looks = {
            "position": [Fraction(place) for place in range(WORKS)],
            "address": places([work for work, _, _ in shown]),
            "picture": places([picture for _, picture, _ in shown]),
            "code": places([code for _, _, code in shown]),
        }
        for name, values in looks.items():
            rho = spearman(values, when)
            assert rho is not None, name
            assert abs(rho) < Fraction(1, 10), f"{name} follows the order of entry: {float(rho):.3f}"
        by_entry = sorted(range(WORKS), key=when.__getitem__)
        seen.append({name: [values[at] for at in by_entry] for name, values in looks.items()})
    for name in seen[0]:
        rho = spearman(seen[0][name], seen[1][name])
        assert rho is not None
        assert abs(rho) < Fraction(1, 10), f"two judges share their {name}: {float(rho):.3f}"
