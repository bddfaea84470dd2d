"""A judge may meet a work a second time, as another task"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c58d1f7a20e4"
down_revision = "e27b94c0d6a3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("judge_work") as batch:
        batch.add_column(sa.Column("is_repeat", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.drop_constraint(op.f("uq_judge_work_round_id_judge_id_entry_id"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_judge_work_round_id_judge_id_entry_id_is_repeat"),
            ["round_id", "judge_id", "entry_id", "is_repeat"],
        )
    with op.batch_alter_table("judge_work") as batch:
        batch.alter_column("is_repeat", server_default=None)
