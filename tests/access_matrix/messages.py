"""The outbox: operators and approvers act, the auditor reads without contacts."""

from access_matrix.audiences import APPROVER, AUDITOR, OPERATOR

SENDERS = OPERATOR | APPROVER
READERS = SENDERS | AUDITOR

ROWS = {
    "outbox.index": READERS,
    "outbox.show": READERS,
    "outbox.templates": READERS,
    "outbox.contact": SENDERS,
    "outbox.told": SENDERS,
    "outbox.undelivered": SENDERS,
    "outbox.hasten": SENDERS,
    "outbox.retry": SENDERS,
    "outbox.retry_all": SENDERS,
    "outbox.texts": SENDERS,
    "outbox.bundle": SENDERS,
    "outbox.batch": SENDERS,
    "outbox.batch_file": SENDERS,
    "outbox.batch_sent": SENDERS,
    "outbox.test": SENDERS,
}
