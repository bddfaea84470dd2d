"""The blueprints of contest, in one list."""

from contest.web import accounts, call, display, health, home, media, outbox, staff_home

PAGES = (
    health.blueprint,
    home.blueprint,
    call.blueprint,
    accounts.blueprint,
    display.blueprint,
    media.blueprint,
    outbox.blueprint,
    staff_home.blueprint,
)
