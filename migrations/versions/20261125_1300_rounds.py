"""A round's own days, and what a round of votes came to"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from contest.infra.database import UtcDateTime

revision = "c41f7a90d2e6"
down_revision = "3f9a5c27d1e4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("round") as batch:
        batch.add_column(sa.Column("opens_at", UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("closes_at", UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("outcome", sa.JSON(), nullable=True))
