"""Screening desk, submissions, pictures for staff, the stage page."""

from access_matrix.audiences import ADMINISTRATOR, APPROVER, AUDITOR, OPERATOR, STAFF

CASEWORKERS = OPERATOR | APPROVER
VIEWERS = CASEWORKERS | AUDITOR

ROWS = {
    "staff_papers.take": VIEWERS,
    "staff_papers.confirm_guardian": CASEWORKERS,
    "screening.queue": VIEWERS,
    "screening.work": VIEWERS,
    "screening.fit": CASEWORKERS,
    "screening.propose": CASEWORKERS,
    "screening.send_back": CASEWORKERS,
    "screening.confirm": APPROVER,
    "screening.undo": CASEWORKERS,
    "screening.look_again": CASEWORKERS,
    "screening.save_texts": CASEWORKERS,
    "screening_bulk.clean": CASEWORKERS,
    "screening_bulk.find_fit": CASEWORKERS,
    "screening_bulk.undo": CASEWORKERS,
    "pairs.index": VIEWERS,
    "pairs.decide": CASEWORKERS,
    "library.index": STAFF,
    "library.remove": OPERATOR | ADMINISTRATOR,
    "people.index": VIEWERS,
    "people.search": VIEWERS,
    "people.show": VIEWERS,
    "people.show_full": VIEWERS,
    "people.new_link": CASEWORKERS,
    "people.withdraw": CASEWORKERS,
    "people.persons": CASEWORKERS,
    "people.walk_in": CASEWORKERS,
    "intake.index": VIEWERS,
    "grades.index": VIEWERS,
    "grades.apply": CASEWORKERS,
    "recheck.index": STAFF,
    "recheck.begin": OPERATOR | ADMINISTRATOR,
    "ledger.index": VIEWERS,
    "ledger.take": VIEWERS,
    "supplements.ask": CASEWORKERS,
    "supplements.close": CASEWORKERS,
    "supplements.take": VIEWERS,
    "stages.index": STAFF,
    "stages.move": CASEWORKERS,
    "staff_photos.show": VIEWERS,
    "staff_photos.take_original": VIEWERS,
}
