"""The blueprints of contest, in one list."""

from contest.web import accounts, display, health, home, media, staff_home

PAGES = (
    health.blueprint,
    home.blueprint,
    accounts.blueprint,
    display.blueprint,
    media.blueprint,
    staff_home.blueprint,
)
