"""A judge's own keys"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8d1f60b3a7c5"
down_revision = "8e52d0b7c316"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("judge") as batch:
        batch.add_column(sa.Column("desk_keys", sa.JSON(), nullable=True))
