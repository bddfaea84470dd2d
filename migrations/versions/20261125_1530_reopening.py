"""Sealed rounds opened again, and when the result of a round was first read"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from contest.infra.database import UtcDateTime

revision = "4c91ad7f2b08"
down_revision = "8d1f60b3a7c5"
branch_labels = None
depends_on = None

_OPEN = sa.text("confirmed_at IS NULL AND dropped_at IS NULL")


def upgrade() -> None:
    instant = UtcDateTime(timezone=True)
    with op.batch_alter_table("round") as batch:
        batch.add_column(sa.Column("result_read_at", instant, nullable=True))
    # Nobody knows who has looked at the results of rounds that were sealed before this was kept.
    op.execute("UPDATE round SET result_read_at = sealed_at WHERE outcome IS NULL")
    op.create_table(
        "reopening",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round_id", sa.String(length=32), nullable=False),
        sa.Column("judges", sa.JSON(), nullable=False),
        sa.Column("ends_at", instant, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.Column("proposed_by", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", instant, nullable=False),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.Column("confirmed_at", instant, nullable=True),
        sa.Column("dropped_at", instant, nullable=True),
        sa.Column("sealed_at", instant, nullable=True),
        sa.Column("seal", sa.String(length=64), nullable=True),
        sa.Column("commitment", sa.String(length=64), nullable=True),
        sa.Column("commitment_salt", sa.String(length=64), nullable=True),
        sa.Column("numbers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("pseudonyms", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("signatures", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)",
            name=op.f("ck_reopening_confirmed_has_approver"),
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("ck_reopening_by_two")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR dropped_at IS NULL", name=op.f("ck_reopening_decided_once")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (commitment IS NULL) AND (confirmed_at IS NULL) = (seal IS NULL)",
            name=op.f("ck_reopening_keeps_seal"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_reopening_round_id_round")),
        sa.ForeignKeyConstraint(["proposed_by"], ["account.id"], name=op.f("fk_reopening_proposed_by_account")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_reopening_confirmed_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reopening")),
    )
    op.create_index(
        "uq_reopening_open", "reopening", ["round_id"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )
