"""The call, editions, holidays, spots."""

from access_matrix.audiences import EVERYBODY

ROWS = {
    "call.show": EVERYBODY,
    "call.notice": EVERYBODY,
    "call.notice_text": EVERYBODY,
    "call.application": EVERYBODY,
    "call.qr": EVERYBODY,
}
