"""The blueprints of contest, in one list."""

from contest.web import (
    accounts,
    activation,
    call,
    demo,
    display,
    health,
    home,
    media,
    outbox,
    own_account,
    staff_accounts,
    staff_home,
    staff_photos,
    stages,
    trail,
)

PAGES = (
    health.blueprint,
    home.blueprint,
    call.blueprint,
    accounts.blueprint,
    display.blueprint,
    media.blueprint,
    outbox.blueprint,
    staff_home.blueprint,
    activation.blueprint,
    staff_accounts.blueprint,
    own_account.blueprint,
    trail.blueprint,
    demo.blueprint,
    staff_photos.blueprint,
    stages.blueprint,
)
