"""The blueprints of contest, in one list."""

from contest.web import accounts, health, home, media

PAGES = (health.blueprint, home.blueprint, accounts.blueprint, media.blueprint)
