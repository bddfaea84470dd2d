"""Exact search for a submission: what staff typed becomes a key, so that addresses and logs hold no name."""

from __future__ import annotations

import re

from contest.domain.errors import Invalid
from contest.domain.numbers import parse_receipt_number
from contest.domain.persons import parse_name, parse_phone
from contest.infra.crypto import Crypto
from contest.operations.identify import name_digest, phone_digest

_RECEIPT = re.compile(r"\d{4}\D")


def search_key(crypto: Crypto, typed: str) -> tuple[str, str]:
    """(receipt, number) or (phone | name, digest) for what was typed: never a part of anything.

    Raises Invalid search.empty, or what the rules of numbers, telephones and names say.
    """
    plain = typed.strip()
    if not plain:
        raise Invalid("search.empty", field="q")
    digits = sum(character.isdigit() for character in plain)
    if _RECEIPT.match(plain) and not plain.startswith("0"):
        return "receipt", parse_receipt_number("-".join(plain.split("-")[:3]))
    if digits:
        return "phone", phone_digest(crypto, parse_phone(plain))
    return "name", name_digest(crypto, parse_name(plain))
