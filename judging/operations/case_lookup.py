"""Looking up a case: number and secret; unknown and wrong are one answer, and tries are counted."""

from __future__ import annotations

from contest.domain.errors import Invalid
from contest.infra.wiring import Services
from contest.operations.throttles import admit, forget, throttle_key
from judging.operations.objections import secret_digest
from judging.queries.objections import case_by_number

#: Wrong tries of one network that cost nothing: behind one address may sit many people.
FREE_FOR_NETWORK = 20


def open_case(services: Services, number: str, secret: str, *, network: str) -> str:
    """The id of the case of a number and its secret.

    Raises Throttled, counted for the number as typed, whether it exists or not, and for the network: of the
    number by network too, for nobody elsewhere may keep its objector out;
    Invalid `objection.secret`, the same for an unknown number and a wrong secret.
    """
    plain = "".join(number.split()).upper()
    wall = services.clock.wall()
    with services.database.write() as uow:
        key = throttle_key(uow, "objection.number", plain, network)
        admit(uow, key, wall=wall)
        admit(uow, throttle_key(uow, "objection.network", network), wall=wall, free=FREE_FOR_NETWORK)
    with services.database.read() as session:
        case_id, digest = case_by_number(session, plain) or ("", "")
    given = secret_digest(services.crypto, case_id, secret)
    if not services.crypto.matches(given, digest) or not case_id:
        raise Invalid("objection.secret")
    with services.database.write() as uow:
        forget(uow, key)
    return case_id
