"""Who may see a page: signed-in sessions of staff and judges, one declaration of access on every route."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any, cast

from flask import Flask, Response, abort, current_app, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from itsdangerous import URLSafeTimedSerializer
from werkzeug.wrappers import Response as BaseResponse

from contest.domain.actors import Actor, Role
from contest.infra.texts import text
from contest.infra.wiring import Services
from contest.operations.sessions import SignedIn, end_session, read_session, touch_session

FRESH = dt.timedelta(minutes=15)
View = Callable[..., Any]


class Visitor(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """A signed-in account as pages see it. `get_id` is the session's token, never the account's id."""

    def __init__(self, token: str, signed_in: SignedIn) -> None:
        self.token = token
        self.account_id = signed_in.account_id
        self.name = signed_in.name
        self.role = signed_in.role
        self.fresh_at = signed_in.fresh_at

    @property
    def role_label(self) -> str:
        """The role in Korean, for the head of staff pages."""
        return text("ko", f"role.{self.role}")

    def get_id(self) -> str:
        """What the cookie carries."""
        return self.token


class _Cookies(SecureCookieSessionInterface):
    """Signed cookies whose key is read from the secrets file when first needed."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return URLSafeTimedSerializer(
            services_of(app).crypto.session_key,
            salt=self.salt,
            serializer=self.serializer,
            signer_kwargs={"key_derivation": self.key_derivation, "digest_method": self.digest_method},
        )


def services_of(app: Flask) -> Services:
    """The services of an application."""
    return cast("Services", app.extensions["contest"])


def services() -> Services:
    """The services of the current application."""
    return services_of(current_app)


def now() -> dt.datetime:
    """Contest time of this request."""
    return services().clock.now()


def network() -> str:
    """A keyed digest of the visitor's network (IPv4 /24, IPv6 /56 prefix), for throttles."""
    address = request.remote_addr or ""
    parts = address.split(":")
    prefix = ":".join(parts[:4]) if len(parts) > 1 else address.rsplit(".", 1)[0]
    return services().crypto.digest("network", prefix)


def actor() -> Actor:
    """Who acts in this request."""
    if current_user.is_authenticated:
        kind = "judge" if current_user.role is Role.JUDGE else "account"
        return Actor(kind, current_user.account_id, current_user.role, network())
    return Actor("citizen", None, None, network())


def public(view: View) -> View:
    """Anybody may see this page."""
    view.access = frozenset()  # type: ignore[attr-defined]  # read back by guard()
    return view


def allow(*roles: Role, fresh: bool = False) -> Callable[[View], View]:
    """Only accounts of these roles may see this page; `fresh` asks for the password again after a while."""

    def mark(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if fresh and not is_fresh():
                # 307: what was posted goes along, and on to its own page once it is known who posts it.
                code = 303 if request.method == "GET" else 307
                return redirect(url_for("accounts.confirm", next=_asked()), code)
            return view(*args, **kwargs)

        guarded.access = frozenset(roles)  # type: ignore[attr-defined]  # read back by guard()
        return guarded

    return mark


def is_fresh() -> bool:
    """Whether this visitor proved who they are within the last quarter of an hour."""
    return bool(current_user.is_authenticated and services().clock.wall() - current_user.fresh_at < FRESH)


def safe_next(target: str | None) -> str | None:
    """A path on this site, or None: no host, no scheme, no backslash or control character."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if any(ord(character) < 0x21 or character == "\\" for character in target):  # noqa: PLR2004  printable
        return None
    return target


def sign_in(token: str, signed_in: SignedIn) -> None:
    """Begin a session in this browser; whatever was planted in it before is dropped."""
    session.clear()
    login_user(Visitor(token, signed_in))
    session.permanent = True


def sign_out() -> None:
    """End the session here and in the database."""
    if current_user.is_authenticated:
        with services().database.write() as uow:
            end_session(uow, current_user.token, actor=actor(), now=now())
    logout_user()
    session.clear()


def init_access(app: Flask) -> None:
    """Cookies, the login look-up and the guard of every route."""
    settings = services_of(app).settings
    app.session_interface = _Cookies()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if settings.is_https else "session",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=dt.timedelta(hours=12),
    )
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app, add_context_processor=True)
    manager.user_loader(_load_visitor)
    app.before_request(_hold_clock)
    app.teardown_request(_release_clock)
    app.before_request(guard)


def _hold_clock() -> None:
    """One page never straddles a deadline: contest time stands still until it is answered."""
    services().clock.hold()


def _release_clock(_error: BaseException | None) -> None:
    services().clock.release()


def _load_visitor(token: str) -> Visitor | None:
    services_ = services()
    # Its own short transaction, ended before any body is read: a slow upload must hold nothing open.
    with services_.database.read() as rows:
        found = read_session(rows, token, wall=services_.clock.wall())
    if found and found.needs_touch:
        with services_.database.write() as uow:
            touch_session(uow, token, wall=services_.clock.wall())
    return Visitor(token, found) if found else None


def guard() -> Response | BaseResponse | None:
    """Refuse every route to those it is not declared for; an undeclared route is nobody's."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    access = getattr(view, "access", None)
    if access is None:
        abort(500)
    if not access:
        return None
    if not current_user.is_authenticated:
        if request.method == "GET" and "application/json" not in request.headers.get("Accept", ""):
            door = services().registry.doors.get(next(iter(access))) if len(access) == 1 else None
            if door is not None:
                return redirect(url_for(door))
            return redirect(url_for("accounts.sign_in_page", next=_asked()))
        abort(401)
    if current_user.role not in access:
        abort(403)
    return None


def _asked() -> str | None:
    """The path of this request, to come back to."""
    return safe_next(request.full_path.removesuffix("?"))
