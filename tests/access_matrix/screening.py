"""Screening desk, submissions, pictures for staff, the stage page."""

from access_matrix.audiences import APPROVER, AUDITOR, OPERATOR, STAFF

CASEWORKERS = OPERATOR | APPROVER
VIEWERS = CASEWORKERS | AUDITOR

ROWS = {
    "stages.index": STAFF,
    "stages.move": CASEWORKERS,
    "staff_photos.show": VIEWERS,
    "staff_photos.take_original": VIEWERS,
}
