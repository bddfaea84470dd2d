"""Winners of other contests, compared with every work"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from contest.infra.database import UtcDateTime

revision = "3f9a5c27d1e4"
down_revision = "a3e90c5b7f14"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("photo") as batch:
        batch.alter_column("edition_id", existing_type=sa.String(length=32), nullable=True)
        batch.create_check_constraint(
            op.f("ck_photo_of_library_is_of_nobody"), "edition_id IS NOT NULL OR submission_id IS NULL"
        )
    op.create_table(
        "library_collection",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_library_collection_added_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_collection")),
        sa.UniqueConstraint("title", "year", name=op.f("uq_library_collection_title_year")),
    )
    op.create_table(
        "library_picture",
        sa.Column("photo_id", sa.String(length=32), nullable=False),
        sa.Column("collection_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name=op.f("fk_library_picture_photo_id_photo")),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["library_collection.id"],
            name=op.f("fk_library_picture_collection_id_library_collection"),
        ),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_library_picture")),
        sa.UniqueConstraint("collection_id", "number", name=op.f("uq_library_picture_collection_id_number")),
    )
