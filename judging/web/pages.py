"""The blueprints of judging, in one list."""

from flask import Blueprint

from judging.web import (
    cases,
    deliberation,
    desk,
    dossier,
    exclusions,
    invitations,
    panel,
    progress,
    reopen,
    repair,
    results,
    runoff,
    same_hand,
    verification,
)

PAGES: tuple[Blueprint, ...] = (
    invitations.blueprint,
    desk.blueprint,
    panel.blueprint,
    progress.blueprint,
    repair.blueprint,
    reopen.blueprint,
    deliberation.blueprint,
    runoff.blueprint,
    results.blueprint,
    dossier.blueprint,
    same_hand.blueprint,
    exclusions.blueprint,
    cases.blueprint,
    verification.blueprint,
)
