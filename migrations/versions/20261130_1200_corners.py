"""Local features are of corners now: photographs that can be are described anew, by the sweep

Features of one kind hardly match those of the other. Those of photographs that are gone stay as they are.
"""

from __future__ import annotations

from alembic import op

revision = "b7e2409c6f18"
down_revision = "9d04c7e1b35a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "DELETE FROM local_features WHERE photo_id IN ("
        "SELECT photo.id FROM photo"
        " JOIN rendition ON rendition.photo_id = photo.id AND rendition.kind = 'preview'"
        " JOIN fingerprint ON fingerprint.photo_id = photo.id"
        " WHERE photo.state = 'checked')"
    )
