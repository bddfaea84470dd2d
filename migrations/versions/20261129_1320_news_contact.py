"""Numbers whose owners agreed to hear of the next contest, kept apart from any entry"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from contest.infra.database import UtcDateTime

revision = "e27b94c0d6a3"
down_revision = "a41c8e07b95d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "news_contact",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("phone_key", sa.String(length=64), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("ends_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_contact")),
        sa.UniqueConstraint("phone_key", name=op.f("uq_news_contact_phone_key")),
    )
    op.create_index("ix_news_contact_ends_at", "news_contact", ["ends_at"])
