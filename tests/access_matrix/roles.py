"""Sign-in, accounts, trail, staff home, the frame."""

from access_matrix.audiences import ADMINISTRATOR, APPROVER, AUDITOR, EVERYBODY, SIGNED_IN, STAFF

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
    "activation.begin": EVERYBODY,
    "activation.password": EVERYBODY,
    "activation.code": EVERYBODY,
    "staff_accounts.index": ADMINISTRATOR | APPROVER | AUDITOR,
    "staff_accounts.show": ADMINISTRATOR | APPROVER | AUDITOR,
    "staff_accounts.new": ADMINISTRATOR,
    "staff_accounts.link": ADMINISTRATOR,
    "staff_accounts.ask": ADMINISTRATOR,
    "staff_accounts.disable_account": ADMINISTRATOR,
    "staff_accounts.decide": ADMINISTRATOR | APPROVER,
    "own_account.sessions": STAFF,
    "own_account.end_session": STAFF,
    "own_account.password": STAFF,
    "own_account.recovery": STAFF,
    "trail.index": AUDITOR | ADMINISTRATOR,
    "trail.export": AUDITOR | ADMINISTRATOR,
    "demo.clock": STAFF,
    "demo.move": STAFF,
}
