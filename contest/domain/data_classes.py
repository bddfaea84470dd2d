"""The classes of data that are kept: which columns hold them, from when on their period runs, how they end.

Each package lists its own; a column that may say something about a person belongs to one of them (tested against
the tables themselves). Words of a class, of its ground and of its clock stand in infra/texts/data_classes.py.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class Start(enum.StrEnum):
    """From when on a period runs."""

    ENTRY_CLOSES = "entry_closes"
    ANNOUNCED = "announced"  # the minute at which the results became public
    RULED = "ruled"  # each case from its own decision
    LAST_USED = "last_used"  # each sign-in from its last use
    CLOSED = "closed"  # each account from the day it was closed
    CONSENTED = "consented"  # each contact from the day of its consent
    AT_ONCE = "at_once"  # as soon as its purpose is over
    ELSEWHERE = "elsewhere"  # not in this program's hands
    NEVER = "never"  # kept; the class's ground says why


#: Those that begin on one day for a whole edition, so that the day they end can be told before.
OF_EDITION = frozenset({Start.ENTRY_CLOSES, Start.ANNOUNCED})


@dataclass(frozen=True)
class DataClass:
    """One class. columns: `table.column`; folders: of the storage; kinds: of the ledger's lines.

    period: key of the edition's retention, "" where the class's words tell its length.
    erasures: kinds of the registered erasures that end it; none where it goes with another class.
    """

    code: str
    start: Start
    columns: frozenset[str]
    period: str = ""
    folders: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    erasures: tuple[str, ...] = ()


def columns_of(tables: Mapping[str, str]) -> frozenset[str]:
    """{"table": "column column"} -> {"table.column"}."""
    return frozenset(f"{table}.{column}" for table, names in tables.items() for column in names.split())


CLASSES = (
    DataClass(
        "draft", Start.ENTRY_CLOSES, columns_of({"upload": "client_sha256"}), period="drafts",
        folders=("uploads",), kinds=("draft",), erasures=("draft",),
    ),
    DataClass(
        "entrant",
        Start.ANNOUNCED,
        columns_of(
            {
                "submission": "secret_digest submit_key name_sealed phone_sealed email_sealed"
                " guardian_name_sealed guardian_phone_sealed members_sealed network_sealed name_key phone_key"
                " person_key joined_person_key",
                "entry": "title description latitude longitude dong place_words place_source taken_on"
                " screened_title screened_description screened_place alternative_text unfit_note reply",
                "finding": "facts",
                "past_result": "findings",
                "photo": "facts",
                "hand_mark": "sealed",
                "supplement": "note answer_sealed",
                "person_request": "reason",
            }
        ),
        period="entrants", kinds=("entrant_data", "entrant_photo"), erasures=("entrant_data",),
    ),
    DataClass(
        "winner", Start.ANNOUNCED, frozenset(), period="winners",
        kinds=("winner_data", "winner_photo"), erasures=("winner_data",),
    ),
    DataClass("consent", Start.ANNOUNCED, columns_of({"consent": "kind given_by"}), period="entrants"),
    DataClass(
        "paper",
        Start.ANNOUNCED,
        columns_of({"paper": "kind format sha256", "supplement_file": "name_sealed sha256"}),
        period="entrants", folders=("entry-papers", "papers"), kinds=("paper",),
    ),
    DataClass(
        "losing_photo", Start.ANNOUNCED, columns_of({"rendition": "sha256"}), period="losing_images",
        folders=("originals", "renditions"), kinds=("losing_photo", "replaced_photo"),
        erasures=("losing_photo", "replaced_photo"),
    ),
    DataClass(
        "fingerprint",
        Start.NEVER,
        columns_of(
            {
                "photo": "sha256",
                "fingerprint": "pdq phash packed",
                "local_features": "packed trimmed",
                "pair": "alignment",
            }
        ),
    ),
    DataClass(
        "news", Start.CONSENTED, columns_of({"news_contact": "phone_key phone_sealed"}), period="news",
        kinds=("news",), erasures=("news",),
    ),
    DataClass(
        "message", Start.AT_ONCE, columns_of({"message": "to_sealed title_sealed body_sealed"}),
        kinds=("message",), erasures=("message",),
    ),
    DataClass(
        "account",
        Start.CLOSED,
        columns_of(
            {"account": "login name phone email password_digest totp_secret recovery_digests"}
        ),
        kinds=("account",), erasures=("account",),
    ),
    DataClass(
        "sign_in", Start.LAST_USED, columns_of({"login_session": "token_digest"}), period="access_logs",
        kinds=("sign_in",), erasures=("sign_in",),
    ),
    DataClass("attempts", Start.AT_ONCE, columns_of({"throttle": "key"}), erasures=("attempts",)),
    DataClass("trail", Start.NEVER, columns_of({"audit": "facts"})),
    DataClass("stray", Start.AT_ONCE, columns_of({"stray": "key"}), kinds=("stray", "half_written")),
    DataClass("library", Start.NEVER, columns_of({"library_collection": "source"})),
    DataClass("office", Start.NEVER, columns_of({"amendment": "reason"})),
    DataClass("payout", Start.ELSEWHERE, frozenset()),
    DataClass("logs", Start.ELSEWHERE, frozenset()),
    DataClass("backup", Start.ELSEWHERE, frozenset()),
)  # fmt: skip
