"""Results, public verification, cases, exclusions."""

from access_matrix.audiences import APPROVER, AUDITOR, EVERYBODY, OPERATOR

_READERS = OPERATOR | APPROVER | AUDITOR

ROWS = {
    "results.overview": _READERS,
    "results.preview": _READERS,
    "results.tally": _READERS,
    "results.scorecard": _READERS,
    "dossier.page": _READERS,
    "dossier.pdf": _READERS,
    "same_hand.door": _READERS,
    "same_hand.show": _READERS,
    "results.minutes": _READERS,
    "results.allocate": OPERATOR | APPROVER,
    "results.advance": OPERATOR | APPROVER,
    "verification.index": EVERYBODY,
    "verification.work": EVERYBODY,
    "verification.marked_picture": EVERYBODY,
    "verification.objection": EVERYBODY,
    "verification.lookup": EVERYBODY,
    "verification.status": EVERYBODY,
    "verification.status_link": EVERYBODY,
    "verification.statement": EVERYBODY,
    "verification.statement_link": EVERYBODY,
    "cases.listing": _READERS,
    "cases.show": _READERS,
    "cases.download": OPERATOR | APPROVER,
    "cases.new": OPERATOR,
    "cases.take": OPERATOR,
    "cases.act": OPERATOR,
    "cases.ask": OPERATOR,
    "cases.identity": OPERATOR,
    "cases.propose": OPERATOR,
    "cases.confirm": APPROVER,
    "cases.reject": OPERATOR | APPROVER,
    "exclusions.listing": _READERS,
    "exclusions.show": _READERS,
    "exclusions.propose": OPERATOR,
    "exclusions.confirm": APPROVER,
    "exclusions.reject": OPERATOR | APPROVER,
}
