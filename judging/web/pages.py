"""The blueprints of judging, in one list."""

from flask import Blueprint

from judging.web import desk, invitations, panel, progress

PAGES: tuple[Blueprint, ...] = (
    invitations.blueprint,
    desk.blueprint,
    panel.blueprint,
    progress.blueprint,
)
