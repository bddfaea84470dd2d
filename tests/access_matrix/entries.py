"""Entering, uploads, receipts, look-up: everybody may try; the private address decides."""

from access_matrix.audiences import APPROVER, EVERYBODY, OPERATOR

ROWS = dict.fromkeys(
    (
        "entry_start.start", "entry_start.guardian_choice", "entry_start.guardian_door",
        "entry_start.guardian_consent", "entries.door", "entries.photos", "entries.replace", "entries.remove",
        "entries.title", "entries.place", "entries.person", "entries.consents", "entries.papers", "entries.remove_paper", "entries.review",
        "entries.submit", "entries.leave", "entries.erase", "entries.picture_of", "uploads.begin", "uploads.waiting",
        "uploads.append", "uploads.offset", "uploads.status", "uploads.cancel", "receipts.show", "receipts.qr",
        "receipts.withdraw", "receipts.stop_news", "receipts.reply", "receipts.data", "receipts.bundle", "supplements.answer", "receipt_sheet.show", "kiosk.clear", "lookup.show", "news.stop", "boundaries.dong",
    ),
    EVERYBODY,
)  # fmt: skip
ROWS["kiosk.begin"] = OPERATOR | APPROVER
