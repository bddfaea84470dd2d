"""The blueprints of contest, in one list."""

from contest.web import accounts, call, display, health, home, media, staff_home

PAGES = (
    health.blueprint,
    home.blueprint,
    call.blueprint,
    accounts.blueprint,
    display.blueprint,
    media.blueprint,
    staff_home.blueprint,
)
