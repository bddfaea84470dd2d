"""Run-offs of tied works by the panel"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from contest.infra.database import UtcDateTime

revision = "6e30c4a8d5f2"
down_revision = "b30f7d51c8e4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = UtcDateTime(timezone=True)
    ref = sa.String(length=32)
    digest = sa.String(length=64)
    op.create_table(
        "runoff",
        sa.Column("id", ref, nullable=False),
        sa.Column("round_id", ref, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("tie", digest, nullable=False),
        sa.Column("opened_at", instant, nullable=False),
        sa.Column("opened_by", ref, nullable=False),
        sa.Column("ends_at", instant, nullable=False),
        sa.Column("closed_at", instant, nullable=True),
        sa.Column("closed_by", ref, nullable=True),
        sa.Column("seal", digest, nullable=True),
        sa.Column("commitment", digest, nullable=True),
        sa.Column("commitment_salt", digest, nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (seal IS NULL) AND (closed_at IS NULL) = (commitment IS NULL) "
            "AND (closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (commitment_salt IS NULL)",
            name=op.f("ck_runoff_closed_is_sealed"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_runoff_round_id_round")),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name=op.f("fk_runoff_opened_by_account")),
        sa.ForeignKeyConstraint(["closed_by"], ["account.id"], name=op.f("fk_runoff_closed_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runoff")),
        sa.UniqueConstraint("round_id", "ordinal", name=op.f("uq_runoff_round_id_ordinal")),
        sa.UniqueConstraint("round_id", "tie", name=op.f("uq_runoff_round_id_tie")),
    )
    op.create_table(
        "runoff_work",
        sa.Column("runoff_id", ref, nullable=False),
        sa.Column("judge_id", ref, nullable=False),
        sa.Column("entry_id", ref, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("image_token", ref, nullable=False),
        sa.Column("zoom_token", ref, nullable=False),
        sa.ForeignKeyConstraint(["runoff_id"], ["runoff.id"], name=op.f("fk_runoff_work_runoff_id_runoff")),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_runoff_work_judge_id_judge")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_runoff_work_entry_id_entry")),
        sa.PrimaryKeyConstraint("runoff_id", "judge_id", "entry_id", name=op.f("pk_runoff_work")),
        sa.UniqueConstraint("image_token", name=op.f("uq_runoff_work_image_token")),
        sa.UniqueConstraint("zoom_token", name=op.f("uq_runoff_work_zoom_token")),
        sa.UniqueConstraint(
            "runoff_id", "judge_id", "position", name=op.f("uq_runoff_work_runoff_id_judge_id_position")
        ),
    )
    op.create_table(
        "runoff_ballot",
        sa.Column("round_id", ref, nullable=False),
        sa.Column("judge_id", ref, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("runoff_id", ref, nullable=False),
        sa.Column("order", sa.JSON(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("previous", digest, nullable=False),
        sa.Column("digest", digest, nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_runoff_ballot_round_id_round")),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_runoff_ballot_judge_id_judge")),
        sa.ForeignKeyConstraint(["runoff_id"], ["runoff.id"], name=op.f("fk_runoff_ballot_runoff_id_runoff")),
        sa.PrimaryKeyConstraint("round_id", "judge_id", "seq", name=op.f("pk_runoff_ballot")),
    )
    op.create_index("ix_runoff_ballot_runoff_id", "runoff_ballot", ["runoff_id"])
