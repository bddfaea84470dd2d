"""Assembles gallery/: pages, sections, menus, jobs."""

from __future__ import annotations

from flask import Flask

from contest.domain.actors import STAFF
from contest.infra.registry import NavItem, Section
from contest.infra.texts import mark, publication
from contest.infra.wiring import Services
from gallery import tasks
from gallery.domain.data_classes import CLASSES
from gallery.operations.approve import withdraw_if_postponed
from gallery.operations.check import check_published
from gallery.operations.erase_exhibits import erasures
from gallery.queries.announcement import announced_at
from gallery.queries.fairness import own_scores
from gallery.web.fairness import is_committed
from gallery.web.home import is_published, load_home
from gallery.web.pages import PAGES
from gallery.web.staff import load_card, next_steps

TEXTS = (publication,)


def init_app(app: Flask) -> None:
    """Give the application everything of this package."""
    services: Services = app.extensions["contest"]
    registry = services.registry
    registry.home_sections.append(Section("gallery/_home.html", load_home, order=10))
    registry.staff_sections.append(Section("gallery/staff/_card.html", load_card, order=50))
    registry.receipt_sections.append(Section("gallery/_own_scores.html", own_scores, order=70))
    registry.checks.append(check_published)
    registry.data_classes.extend(CLASSES)
    registry.erasures.extend(erasures(registry))
    registry.announced.append(announced_at)
    registry.next_steps.append(next_steps)
    registry.duty_pages["publish_at"] = "publication.index"
    registry.on_amendment.append(withdraw_if_postponed)
    registry.navigation += [
        NavItem(mark("결과"), "gallery.results_page", 40, shown=is_published),
        NavItem(mark("갤러리"), "gallery.wall", 50, shown=is_published),
        NavItem(mark("사진 명소"), "gallery.spots", 60, shown=is_published),
        NavItem(mark("공정성 기록"), "fairness.page", 70, shown=is_committed),
        NavItem("발표", "publication.index", 560, roles=STAFF, group="발표와 전시"),
        NavItem("작품 설명", "publication.texts", 561, roles=STAFF, group="발표와 전시"),
        NavItem("전시 자료", "exhibition.index", 562, roles=STAFF, group="발표와 전시"),
    ]
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    tasks.init_tasks(app, services)
