"""Which version of the checks looked at a photograph, and what older ones said of its works"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from contest.infra.database import UtcDateTime

revision = "a3e90c5b7f14"
down_revision = "7d40c1be95a3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Those already looked at carry 0, older than any version: staff are offered to look again.
    with op.batch_alter_table("photo") as batch:
        batch.add_column(sa.Column("checked_with", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("photo") as batch:
        batch.alter_column("checked_with", server_default=None)
    op.create_table(
        "past_result",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("errand_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.Column("verdict_after", sa.String(length=10), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("is_unread", sa.Boolean(), nullable=False),
        sa.Column("replaced_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_past_result_entry_id_entry")),
        sa.ForeignKeyConstraint(["errand_id"], ["errand.id"], name=op.f("fk_past_result_errand_id_errand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_result")),
    )
    op.create_index("ix_past_result_entry_id", "past_result", ["entry_id"])
    op.create_index("ix_past_result_errand_id", "past_result", ["errand_id"])
