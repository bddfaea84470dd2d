"""Deliberation between two seals of a round"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from contest.infra.database import UtcDateTime

revision = "3f8a61d2c70e"
down_revision = "c58d1f7a20e4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = UtcDateTime(timezone=True)
    ref = sa.String(length=32)
    digest = sa.String(length=64)
    with op.batch_alter_table("round") as batch:
        batch.drop_constraint(op.f("ck_round_state"), type_="check")
        batch.create_check_constraint(
            op.f("ck_round_state"), "state IN ('waiting', 'open', 'deliberating', 'sealed')"
        )
    with op.batch_alter_table("score_event") as batch:
        batch.add_column(sa.Column("reason", sa.Text(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_score_event_revision_has_level"), "reason IS NULL OR level IS NOT NULL"
        )
    op.create_table(
        "deliberation",
        sa.Column("round_id", ref, nullable=False),
        sa.Column("sealed_at", instant, nullable=False),
        sa.Column("seal", digest, nullable=False),
        sa.Column("commitment", digest, nullable=False),
        sa.Column("commitment_salt", digest, nullable=False),
        sa.Column("opened_at", instant, nullable=True),
        sa.Column("opened_by", ref, nullable=True),
        sa.Column("ends_at", instant, nullable=True),
        sa.Column("closed_at", instant, nullable=True),
        sa.Column("closed_by", ref, nullable=True),
        sa.CheckConstraint(
            "(opened_at IS NULL) = (opened_by IS NULL) AND (opened_at IS NULL) = (ends_at IS NULL)",
            name=op.f("ck_deliberation_opened_has_end"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL OR opened_at IS NOT NULL)",
            name=op.f("ck_deliberation_closed_was_open"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_deliberation_round_id_round")),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name=op.f("fk_deliberation_opened_by_account")),
        sa.ForeignKeyConstraint(["closed_by"], ["account.id"], name=op.f("fk_deliberation_closed_by_account")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_deliberation")),
    )
    op.create_table(
        "deliberation_remark",
        sa.Column("id", ref, nullable=False),
        sa.Column("round_id", ref, nullable=False),
        sa.Column("judge_id", ref, nullable=False),
        sa.Column("entry_id", ref, nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("at", instant, nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_deliberation_remark_round_id_round")),
        sa.ForeignKeyConstraint(["judge_id"], ["judge.id"], name=op.f("fk_deliberation_remark_judge_id_judge")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_deliberation_remark_entry_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliberation_remark")),
    )
    op.create_index(
        "ix_deliberation_remark_round_id_entry_id", "deliberation_remark", ["round_id", "entry_id"]
    )
    op.create_table(
        "deliberation_signature",
        sa.Column("round_id", ref, nullable=False),
        sa.Column("judge_id", ref, nullable=False),
        sa.Column("signed_name", sa.String(length=60), nullable=False),
        sa.Column("signed_at", instant, nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("chain_head", digest, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_digest", digest, nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_deliberation_signature_round_id_round")
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_deliberation_signature_judge_id_judge")
        ),
        sa.PrimaryKeyConstraint("round_id", "judge_id", name=op.f("pk_deliberation_signature")),
    )
