"""Rounds are committed to in public when they are sealed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8c1f0a5d2b71"
down_revision = "f341a554f8d9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("round") as batch:
        batch.add_column(sa.Column("commitment", sa.String(64), nullable=True))
        batch.add_column(sa.Column("commitment_salt", sa.String(64), nullable=True))
        batch.add_column(sa.Column("pseudonyms", sa.JSON(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_round_commitment_has_salt"), "(commitment IS NULL) = (commitment_salt IS NULL)"
        )
    with op.batch_alter_table("round_entry") as batch:
        batch.add_column(sa.Column("public_number", sa.String(12), nullable=True))
        batch.create_unique_constraint(
            op.f("uq_round_entry_round_id_public_number"), ["round_id", "public_number"]
        )
