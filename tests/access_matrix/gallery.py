"""Results, gallery, announcement, exhibition."""

from access_matrix.audiences import APPROVER, EVERYBODY, OPERATOR, STAFF

ROWS = {
    "gallery.results_page": EVERYBODY,
    "gallery.wall": EVERYBODY,
    "gallery.photo": EVERYBODY,
    "gallery.photo_picture": EVERYBODY,
    "gallery.spots": EVERYBODY,
    "feeds.as_json": EVERYBODY,
    "feeds.as_csv": EVERYBODY,
    "feeds.atom": EVERYBODY,
    "fairness.page": EVERYBODY,
    "fairness.scores": EVERYBODY,
    "fairness.table": EVERYBODY,
    "fairness.checker": EVERYBODY,
    "publication.index": STAFF,
    "publication.texts": STAFF,
    "publication.staff_picture": STAFF,
    "publication.approve_it": APPROVER,
    "publication.withdraw_it": APPROVER,
    "publication.resume_it": APPROVER,
    "publication.correct_it": APPROVER,
    "publication.hold_it": OPERATOR | APPROVER,
    "publication.postpone_it": OPERATOR | APPROVER,
    "publication.check_it": OPERATOR | APPROVER,
    "publication.work": OPERATOR | APPROVER,
    "publication.retract_it": OPERATOR | APPROVER,
    "publication.describe": OPERATOR,
    "exhibition.index": STAFF,
    "exhibition.take": OPERATOR | APPROVER,
}
