"""Once scores exist, two persons decide whether two entries are one person's"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from contest.infra.database import UtcDateTime

revision = "9d04c7e1b35a"
down_revision = "3f8a61d2c70e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = UtcDateTime(timezone=True)
    ref = sa.String(length=32)
    op.create_table(
        "person_request",
        sa.Column("id", ref, nullable=False),
        sa.Column("edition_id", ref, nullable=False),
        sa.Column("submission_id", ref, nullable=False),
        sa.Column("other_id", ref, nullable=False),
        sa.Column("is_join", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("asked_by", ref, nullable=False),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("settled_by", ref, nullable=True),
        sa.Column("settled_at", instant, nullable=True),
        sa.Column("outcome", sa.String(length=9), nullable=True),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (outcome IS NULL) AND (settled_at IS NULL) = (settled_by IS NULL)",
            name=op.f("ck_person_request_settled_whole"),
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome <> 'confirmed' OR settled_by <> asked_by",
            name=op.f("ck_person_request_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_person_request_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_person_request_submission_id_submission")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["submission.id"], name=op.f("fk_person_request_other_id_submission")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_person_request_asked_by_account")),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["account.id"], name=op.f("fk_person_request_settled_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_request")),
    )
    op.create_index("ix_person_request_other_id", "person_request", ["other_id"])
    op.create_index(
        "uq_person_request_open",
        "person_request",
        ["submission_id"],
        unique=True,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
