"""What a login and a password must be: long, and nothing else; no composition rules."""

from __future__ import annotations

import re

from contest.domain.errors import Invalid

SHORTEST_PASSWORD = 15
LONGEST_PASSWORD = 128
#: Fewer different characters than this is one key held down.
FEWEST_DIFFERENT = 4
_LOGIN = re.compile(r"[a-z0-9._@-]{3,120}")


def check_login(login: str) -> str:
    """The login in its one form. Raises Invalid `account.login_form`."""
    login = login.strip().casefold()
    if not _LOGIN.fullmatch(login):
        raise Invalid("account.login_form", field="login")
    return login


def check_password(password: str, login: str) -> None:
    """Raises Invalid (field `password`) unless a password is long enough and not merely the login."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid("password.short", field="password", least=SHORTEST_PASSWORD, length=len(password))
    if len(password) > LONGEST_PASSWORD:
        raise Invalid("password.long", field="password", most=LONGEST_PASSWORD)
    if len(set(password)) < FEWEST_DIFFERENT or password.casefold().strip() == login.casefold():
        raise Invalid("password.personal", field="password")
