"""Content credentials by the real library: what they declare is told, and nobody is asked about them."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator

import c2pa
import pytest
from factories import credentials, photos

from contest.infra.imaging.client import Imaging
from contest.infra.imaging.credentials import read_credentials


@pytest.fixture(scope="module")
def imaging() -> Iterator[Imaging]:
    one = Imaging()
    yield one
    one.close()


def test_what_any_manifest_or_ingredient_declares_is_told(imaging: Imaging) -> None:
    generated = credentials.sign(photos.jpeg(1), "trainedAlgorithmicMedia")
    edited = credentials.sign(photos.jpeg(2), "digitalCapture", parent=generated)
    found = imaging.inspect(edited).provenance
    assert (found.credentials, found.source_types) == ("read", ("trainedAlgorithmicMedia",))
    # Intact says that nothing was changed since; this certificate was made by nobody in particular.
    assert (found.is_signature_intact, found.signed_by) == (True, credentials.SIGNER)


def test_a_camera_declares_no_ai_and_a_changed_file_is_not_intact(imaging: Imaging) -> None:
    shot = credentials.sign(photos.jpeg(3), "digitalCapture")
    found = imaging.inspect(shot).provenance
    assert (found.credentials, found.declares_ai, found.is_signature_intact) == ("read", False, True)
    changed = shot.replace(b"\xff\xda", b"\xff\xfe\x00\x04xx\xff\xda", 1)
    assert not imaging.inspect(changed).provenance.is_signature_intact
    assert imaging.inspect(photos.jpeg(3)).provenance.credentials == "none"


def test_a_manifest_kept_elsewhere_is_not_fetched(imaging: Imaging) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/manifest.c2pa"
        remote = credentials.sign(photos.jpeg(4), "trainedAlgorithmicMedia", remote=address)
        assert address.encode() in remote
        assert read_credentials(remote, "JPEG").state == "remote"
        found = imaging.inspect(remote).provenance
        assert (found.credentials, found.declares_ai) == ("remote", False)
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()
        # The library as it comes does ask that address: the silence above is ours.
        server.settimeout(10)
        asked = threading.Thread(target=_hang_up, args=(server,))
        asked.start()
        with pytest.raises(c2pa.C2paError):
            c2pa.Reader("image/jpeg", io.BytesIO(remote), context=c2pa.Context())
        asked.join()


def _hang_up(server: socket.socket) -> None:
    caller, _ = server.accept()
    caller.close()
