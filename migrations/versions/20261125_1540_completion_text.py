"""The words a judge signs at the end"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5c27e9d4b0a1"
down_revision = "4c91ad7f2b08"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("completion") as batch:
        batch.add_column(sa.Column("text", sa.Text(), nullable=True))
        batch.add_column(sa.Column("text_digest", sa.String(length=64), nullable=True))
