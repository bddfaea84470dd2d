"""Accounts of staff and judges, their sessions, and what throttles remember."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from contest.domain.actors import Role
from contest.domain.grants import GrantPurpose
from contest.infra.database import Id, Row, enum_type


class Account(Row):
    """Someone who signs in: staff with password and TOTP, judges with link and PIN."""

    __tablename__ = "account"
    id: Mapped[Id]
    login: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    role: Mapped[Role] = mapped_column(enum_type(Role, "account_role"))
    phone: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254))
    password_digest: Mapped[str | None] = mapped_column(String(200))  # a judge's PIN stands here too
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_last_step: Mapped[int | None]  # a code works once
    recovery_digests: Mapped[list[str]] = mapped_column(JSON, default=list)
    epoch: Mapped[int] = mapped_column(default=1)  # raised to end other sessions and older links
    created_at: Mapped[dt.datetime]
    activated_at: Mapped[dt.datetime | None]
    disabled_at: Mapped[dt.datetime | None]


class RoleGrant(Row):
    """A role asked for by one administrator and granted by another person."""

    __tablename__ = "role_grant"
    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(enum_type(Role, "role_grant_role"))
    purpose: Mapped[GrantPurpose] = mapped_column(enum_type(GrantPurpose, "role_grant_purpose"))
    asked_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[dt.datetime]
    granted_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[dt.datetime | None]
    refused_at: Mapped[dt.datetime | None]
    __table_args__ = (
        CheckConstraint("granted_by IS NULL OR granted_by <> asked_by", name="role_grant_two_persons"),
        CheckConstraint("granted_by IS NULL OR granted_by <> account_id", name="role_grant_not_own"),
    )


class LoginSession(Row):
    """One signed-in browser; the cookie holds a token of which only the digest stands here."""

    __tablename__ = "login_session"
    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    epoch: Mapped[int]
    created_at: Mapped[dt.datetime]  # wall time, as all of this table
    seen_at: Mapped[dt.datetime]
    fresh_at: Mapped[dt.datetime]  # last proof of identity, asked again before decisions
    second_factor: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[dt.datetime | None]
    __table_args__ = (Index("ix_login_session_account_id", "account_id"),)


class Throttle(Row):
    """How often a subject was tried within a window; counted in the database so that workers agree."""

    __tablename__ = "throttle"
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    window_start: Mapped[dt.datetime]
    count: Mapped[int]
    __table_args__ = (CheckConstraint("count >= 0", name="throttle_count_not_negative"),)
