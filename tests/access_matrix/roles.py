"""Sign-in, accounts, trail, staff home, the frame."""

from access_matrix.audiences import EVERYBODY, SIGNED_IN, STAFF

ROWS = {
    "health.healthz": EVERYBODY,
    "health.readyz": EVERYBODY,
    "display.choose": EVERYBODY,
    "home.index": EVERYBODY,
    "accounts.sign_in_page": EVERYBODY,
    "accounts.code": EVERYBODY,
    "accounts.enter_demonstration": EVERYBODY,
    "accounts.confirm": SIGNED_IN,
    "accounts.leave": EVERYBODY,
    "staff_home.index": STAFF,
}
