"""Assembles judging/: pages, gates, jobs, commands."""

from __future__ import annotations

from flask import Flask

from contest.domain.actors import STAFF, Role
from contest.infra.registry import NavItem
from contest.infra.texts import panel, results
from contest.infra.wiring import Services
from judging.cli import init_commands
from judging.domain.data_classes import CLASSES
from judging.operations.allocate import settle_awards
from judging.operations.check import CHECKS
from judging.operations.erase_jury import erasures as jury_erasures
from judging.operations.erase_objections import EVIDENCE, erasures
from judging.operations.round_days import move_round_days
from judging.operations.rounds import on_stage
from judging.queries.entrance import demonstration_entrances, link_of
from judging.queries.gates import decision_gate, verification_gate
from judging.queries.readiness import gate
from judging.queries.round_days import days_that_stand
from judging.queries.winners import prize_holders
from judging.tasks import init_tasks
from judging.web.pages import PAGES
from judging.web.sections import register_sections

TEXTS = (panel, results)


def init_app(app: Flask) -> None:
    """Give the application everything of this package."""
    services: Services = app.extensions["contest"]
    registry = services.registry
    registry.checks.extend(CHECKS)
    registry.folders.append(EVIDENCE)
    registry.data_classes.extend(CLASSES)
    registry.gates.append(gate)
    registry.winners.append(prize_holders)
    registry.erasures.extend((*erasures(), *jury_erasures(registry)))
    registry.on_stage.append(on_stage)
    registry.on_amendment.append(move_round_days)
    registry.amendment_checks.append(days_that_stand)
    registry.on_stage.append(settle_awards)
    registry.gates.extend((verification_gate, decision_gate))
    registry.duty_pages.update(
        judging_opens="panel.index",
        judging_closes="progress.index",
        verification_closes="cases.listing",
        decides_by="results.overview",
    )
    registry.demo_entrances.append(demonstration_entrances)
    registry.doors[Role.JUDGE] = "invitations.pin"
    registry.links["judge"] = lambda held, session, account_id: link_of(held.crypto, session, account_id)
    registry.navigation.append(NavItem("심사위원회", "panel.index", 500, STAFF, group="심사"))
    registry.navigation.append(NavItem("심사 진행", "progress.index", 510, STAFF, group="심사"))
    register_sections(services)
    init_tasks(services)
    init_commands(app)
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
