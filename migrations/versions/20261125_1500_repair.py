"""Repairs of a round under way, and works taken back from a judge who owed them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from contest.infra.database import UtcDateTime

revision = "8e52d0b7c316"
down_revision = "b7e2d41f6a90"
branch_labels = None
depends_on = None

_OPEN = sa.text("confirmed_at IS NULL AND dropped_at IS NULL")


def upgrade() -> None:
    instant = UtcDateTime(timezone=True)
    with op.batch_alter_table("judge_work") as batch:
        batch.add_column(sa.Column("taken_back_at", instant, nullable=True))
    op.create_table(
        "repair",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("way", sa.String(length=32), nullable=False),
        sa.Column("judge_id", sa.String(length=32), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("successor", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("proposed_by", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", instant, nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.Column("confirmed_at", instant, nullable=True),
        sa.Column("dropped_at", instant, nullable=True),
        sa.CheckConstraint(
            "way IN ('wait', 'release', 'replace', 'quorum', 'close')", name=op.f("ck_repair_way")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_repair_confirmed_has_approver")
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("ck_repair_by_two")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR dropped_at IS NULL", name=op.f("ck_repair_decided_once")
        ),
        sa.CheckConstraint(
            "successor IS NULL OR (confirmed_at IS NULL AND dropped_at IS NULL)",
            name=op.f("ck_repair_forgets_successor"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_repair_round_id_round")),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_repair_judge_id_judge")),
        sa.ForeignKeyConstraint(["proposed_by"], ["account.id"], name=op.f("fk_repair_proposed_by_account")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["account.id"], name=op.f("fk_repair_confirmed_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair")),
    )  # fmt: skip
    op.create_index(
        "uq_repair_open", "repair", ["round_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )
