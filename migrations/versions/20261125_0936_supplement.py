"""Papers asked for after the deadline"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import contest.infra.database

revision = "5d3a1be0c9f7"
down_revision = "5d0a6e3b9c84"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = contest.infra.database.UtcDateTime(timezone=True)
    op.create_table(
        "supplement",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("edition_id", sa.String(32), nullable=False),
        sa.Column("submission_id", sa.String(32), nullable=False),
        sa.Column("entry_id", sa.String(32), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", instant, nullable=True),
        sa.Column("closed_by", sa.String(32), nullable=True),
        sa.Column("closed_at", instant, nullable=True),
        sa.Column("outcome", sa.String(10), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_supplement_closed_has_outcome")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_supplement_asked_by_account")),
        sa.ForeignKeyConstraint(["closed_by"], ["account.id"], name=op.f("fk_supplement_closed_by_account")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_supplement_edition_id_edition")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_supplement_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_supplement_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement")),
    )
    with op.batch_alter_table("supplement") as batch:
        batch.create_index("ix_supplement_entry_id", ["entry_id"], unique=False)
        batch.create_index("ix_supplement_submission_id", ["submission_id"], unique=False)
        batch.create_index(
            "uq_supplement_open",
            ["entry_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
    op.create_table(
        "supplement_file",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("supplement_id", sa.String(32), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("stored_at", instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["supplement_id"], ["supplement.id"], name=op.f("fk_supplement_file_supplement_id_supplement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement_file")),
    )
    with op.batch_alter_table("supplement_file") as batch:
        batch.create_index("ix_supplement_file_supplement_id", ["supplement_id"], unique=False)
