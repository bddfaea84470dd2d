"""Assembles contest/: services, access, pages, jobs, commands."""

from __future__ import annotations

from flask import Flask

from contest import cli, tasks
from contest.domain.actors import STAFF, Role
from contest.domain.data_classes import CLASSES
from contest.infra import texts
from contest.infra.registry import NavItem, Section
from contest.infra.texts import (
    accounts,
    acts,
    checks,
    data_classes,
    destruction,
    edition_fields,
    edition_pages,
    editions,
    entries,
    findings,
    general,
    judging,
    messages,
    people,
    photographs,
    screening,
    staff,
    stage_page,
    stages,
    supplements,
)
from contest.infra.wiring import Services
from contest.operations.check import CHECKS
from contest.operations.compare import sweep_comparisons
from contest.operations.demonstration import seed_demonstration
from contest.operations.editions import freeze_at_opening, opening_gate
from contest.operations.examine import sweep_examinations
from contest.operations.links import guardian_path, submission_path
from contest.operations.news import news_path, tell_of_opening
from contest.operations.retention import erasures
from contest.operations.send import send_due_messages
from contest.operations.stages import begin_screening_when_closed
from contest.operations.strays import FOLDERS
from contest.operations.timely import send_timely
from contest.operations.uploads import sweep_uploads
from contest.queries.editions import may_still_enter
from contest.queries.messages import sending_steps, undelivered
from contest.queries.person_requests import person_steps
from contest.queries.screening_gate import screening_gate
from contest.queries.screening_work_left import screening_card, screening_steps
from contest.queries.supplements import asked_supplements
from contest.web.access import init_access
from contest.web.body_limits import init_body_limits
from contest.web.clock import init_clock
from contest.web.context import init_context
from contest.web.csrf import init_csrf
from contest.web.destruction import destruction_card
from contest.web.errors import init_errors
from contest.web.filters import init_filters
from contest.web.json_requests import SmallJsonRequest
from contest.web.kiosk import init_kiosk
from contest.web.locale import init_locale
from contest.web.pages import PAGES
from contest.web.request_log import init_request_log
from contest.web.screening_menu import screening_menu
from contest.web.staff_menu import staff_menu
from contest.web.whole_numbers import init_whole_numbers

TEXTS = (
    accounts,
    acts,
    checks,
    data_classes,
    destruction,
    edition_fields,
    edition_pages,
    editions,
    entries,
    findings,
    general,
    judging,
    messages,
    photographs,
    staff,
    screening,
    stage_page,
    stages,
    supplements,
    people,
)


def init_app(app: Flask, services: Services) -> None:
    """Give the application its services and everything of this package."""
    app.extensions["contest"] = services
    services.registry.gates.append(opening_gate)
    services.registry.gates.append(screening_gate)
    services.registry.on_stage.extend((freeze_at_opening, tell_of_opening))
    services.registry.navigation.append(
        NavItem(texts.mark("응모하기"), "entry_start.start", 20, shown=may_still_enter)
    )
    services.registry.navigation.append(NavItem(texts.mark("내 응모 확인"), "lookup.show", 30))
    services.registry.navigation += [
        NavItem(texts.mark("공고"), "call.show", 10),
        NavItem("회차", "editions.index", 20, STAFF, group="준비"),
        NavItem("공휴일", "holidays.index", 21, STAFF, group="준비"),
        NavItem("사진 명소", "spots.index", 22, STAFF, group="준비"),
    ]
    services.registry.navigation.extend(screening_menu())
    services.registry.next_steps.append(screening_steps)
    services.registry.next_steps.append(person_steps)
    services.registry.duty_pages.update(entry_closes="people.index", screening_closes="screening.queue")
    services.registry.staff_sections.append(
        Section("contest/destruction/_card.html", destruction_card(services.registry), 90)
    )
    services.registry.receipt_sections.append(
        Section("contest/entries/_supplements.html", asked_supplements(services.crypto), 10)
    )
    services.registry.staff_sections.append(Section("contest/screening/card.html", screening_card, 20))
    services.registry.sweeps.append(begin_screening_when_closed)
    services.registry.sweeps.extend((send_timely, send_due_messages))
    services.registry.sweeps.extend((sweep_uploads, sweep_examinations, sweep_comparisons))
    services.registry.erasures.extend(erasures(services))
    services.registry.links.update(
        submission=submission_path, draft=submission_path, guardian=guardian_path, news=news_path
    )
    services.registry.navigation.append(
        NavItem("메시지", "outbox.index", 70, frozenset({Role.OPERATOR, Role.APPROVER, Role.AUDITOR}))
    )
    services.registry.staff_sections.append(Section("contest/outbox/card.html", undelivered, 40))
    services.registry.next_steps.append(sending_steps)
    services.registry.links["account"] = lambda _services, _session, _id: "/staff"
    services.registry.checks.extend(CHECKS)
    services.registry.folders.extend(FOLDERS)
    services.registry.data_classes.extend(CLASSES)
    if services.settings.demonstration:
        services.registry.preparations.append(seed_demonstration)
    services.registry.navigation.extend(staff_menu(is_demonstration=services.settings.demonstration))
    init_request_log(app)
    init_locale(app)
    init_clock(app)
    init_body_limits(app)
    init_csrf(app)
    init_kiosk(app)
    init_access(app)
    init_context(app)
    init_filters(app)
    init_errors(app)
    init_whole_numbers(app)
    app.request_class = SmallJsonRequest
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    tasks.init_tasks(app, services)
    cli.init_commands(app)
