"""What the robustness of an allocation was computed to be"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import contest.infra.database

revision = "2b9e77c4f013"
down_revision = "8c1f0a5d2b71"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dossier",
        sa.Column("allocation_id", sa.String(32), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("made_at", contest.infra.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name=op.f("fk_dossier_allocation_id_allocation")
        ),
        sa.PrimaryKeyConstraint("allocation_id", name=op.f("pk_dossier")),
    )
