"""What may tell one person under several names, sealed: marks of photographs, the network of a submission"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7e2d41f6a90"
down_revision = "c41f7a90d2e6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hand_mark",
        sa.Column("photo_id", sa.String(), nullable=False),
        sa.Column("mark", sa.String(length=10), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_hand_mark_photo_id_photo")),
        sa.PrimaryKeyConstraint("photo_id", "mark", name=op.f("pk_hand_mark")),
    )
    with op.batch_alter_table("submission") as batch:
        batch.add_column(sa.Column("network_sealed", sa.LargeBinary(), nullable=True))
