"""Content credentials (C2PA) of a file, read without reaching for anything outside it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import c2pa

from contest.domain.exif import clean

_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "HEIC": "image/heic"}
# By default the library fetches a manifest from an address that the file itself names, and asks the
# signer's certificate service over the network: whoever made the file would learn who looks at it.
_SETTINGS = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_reading": True}}
_MOST_TYPES = 20
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a file's credentials are: "none", "read", "remote" (elsewhere, not fetched) or "damaged".

    source_types: every digitalSourceType of every manifest and ingredient; signer: as the certificate says,
    which proves nothing by itself; is_intact: the signature fits the bytes, whoever signed.
    """

    state: str = "none"
    source_types: tuple[str, ...] = ()
    signer: str | None = None
    is_intact: bool = False


def read_credentials(data: bytes, file_format: str) -> Credentials:
    """Read the credentials of a JPEG, PNG or HEIC file; never raises, never opens a connection."""
    try:
        # Made anew each time: what was made before a fork may not be used behind it.
        context = c2pa.Context.from_dict(_SETTINGS)
        with c2pa.Reader(_TYPES[file_format], io.BytesIO(data), context=context) as reader:
            told: dict[str, Any] = json.loads(reader.json())
    except c2pa.C2paError.ManifestNotFound:
        return Credentials()
    except c2pa.C2paError.RemoteManifest:
        return Credentials("remote")
    except Exception as error:  # noqa: BLE001  whatever crafted bytes raise, such credentials say nothing
        return Credentials("remote" if "remote manifest" in str(error).casefold() else "damaged")
    manifests = told.get("manifests") or {}
    active = manifests.get(told.get("active_manifest") or "", {})
    signature = active.get("signature_info") or {}
    return Credentials(
        state="read",
        source_types=tuple(dict.fromkeys(_source_types(manifests, 0)))[:_MOST_TYPES],
        signer=clean(signature.get("issuer") or signature.get("common_name")),
        is_intact=told.get("validation_state") in {"Valid", "Trusted"},
    )


def _source_types(node: Any, depth: int) -> Iterator[str]:
    """The terms of every digitalSourceType at any depth: actions, ingredients and their own manifests."""
    if depth > _DEEPEST:
        return
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "digitalSourceType" and isinstance(value, str):
                yield value.rpartition("/")[2][:80]
            else:
                yield from _source_types(value, depth + 1)
    elif isinstance(node, list):
        for value in node:
            yield from _source_types(value, depth + 1)
