"""Local features of photographs, and how the pictures of a pair lie in one another"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import contest.infra.database

revision = "5d3c1e90ab27"
down_revision = "5d3a1be0c9f7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "local_features",
        sa.Column("photo_id", sa.String(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("trimmed", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("compared_at", contest.infra.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_local_features_photo_id_photo")),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_local_features")),
    )
    op.create_index("ix_local_features_compared_at", "local_features", ["compared_at"])
    with op.batch_alter_table("pair") as batch:
        batch.add_column(sa.Column("alignment", sa.JSON(), nullable=True))
