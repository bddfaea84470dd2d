"""The call, editions, amendments, holidays, spots."""

from access_matrix.audiences import ADMINISTRATOR, APPROVER, EVERYBODY, OPERATOR, STAFF

ROWS = {
    "call.show": EVERYBODY,
    "call.notice": EVERYBODY,
    "call.notice_text": EVERYBODY,
    "call.application": EVERYBODY,
    "call.qr": EVERYBODY,
    "editions.index": STAFF,
    "editions.new": OPERATOR,
    "editions.copy": OPERATOR,
    "editions.overview": STAFF,
    "editions.preview": STAFF,
    "editions.opening": STAFF,
    "editions.open_": APPROVER,
    "edition_subjects.edit": STAFF,
    "edition_subjects.save": OPERATOR,
    "edition_subjects.check": OPERATOR,
    "amendments.propose": OPERATOR,
    "amendments.check": OPERATOR,
    "amendments.show": STAFF,
    "amendments.approve": APPROVER,
    "amendments.reject": OPERATOR | APPROVER,
    "holidays.index": STAFF,
    "holidays.add": OPERATOR | ADMINISTRATOR,
    "holidays.remove": OPERATOR | ADMINISTRATOR,
    "spots.index": STAFF,
    "spots.export": STAFF,
    "spots.new": OPERATOR,
    "spots.edit": OPERATOR,
    "spots.show": OPERATOR,
}
