"""The seed of a lot is drawn when its round opens"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5d0a6e3b9c84"
down_revision = "2b9e77c4f013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("round") as batch:
        batch.add_column(sa.Column("lot_seed", sa.String(64), nullable=True))
