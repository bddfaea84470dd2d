"""Photographs with content credentials (C2PA), signed by a certificate thrown away at once."""

from __future__ import annotations

import datetime as dt
import io
from functools import cache
from typing import Any

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SIGNER = "아무나 만든 인증서"
_TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def manifest(source_type: str) -> dict[str, Any]:
    """A manifest whose one action carries this digitalSourceType."""
    action = {"action": "c2pa.created", "digitalSourceType": _TERMS + source_type}
    return {
        "claim_generator_info": [{"name": "drawn", "version": "1"}],
        "assertions": [{"label": "c2pa.actions", "data": {"actions": [action]}}],
    }


def sign(data: bytes, source_type: str, *, parent: bytes | None = None, remote: str | None = None) -> bytes:
    """The JPEG with credentials; parent: an ingredient with its own; remote: kept at that address instead."""
    chain, key = _throwaway()
    info = c2pa.C2paSignerInfo(alg=b"es256", sign_cert=chain, private_key=key, ta_url=None)
    with c2pa.Builder(manifest(source_type)) as builder:
        if parent is not None:
            builder.add_ingredient(
                {"title": "parent", "relationship": "componentOf"}, "image/jpeg", io.BytesIO(parent)
            )
        if remote is not None:
            builder.set_no_embed()
            builder.set_remote_url(remote)
        made = io.BytesIO()
        builder.sign(c2pa.Signer.from_info(info), "image/jpeg", io.BytesIO(data), made)
    return made.getvalue()


@cache
def _throwaway() -> tuple[bytes, bytes]:
    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = (
        _certificate("root", own=authority)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(authority, hashes.SHA256())
    )
    leaf = (
        _certificate(SIGNER, own=own)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False
        )
        .sign(authority, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    chain = leaf.public_bytes(pem) + root.public_bytes(pem)
    key = own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return chain, key


def _certificate(name: str, *, own: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    begins = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name("root"))
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + dt.timedelta(days=36_500))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
    )


def _name(name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
