"""QR codes of addresses, as SVG for pages and PNG for documents."""

from __future__ import annotations

import io

import segno


def qr_svg(address: str) -> str:
    """An SVG without a declaration or style attributes, sized by its view box, with the quiet zone of 4."""
    out = io.BytesIO()
    segno.make(address, micro=False, error="m").save(
        out, kind="svg", border=4, xmldecl=False, svgns=True, omitsize=True, dark="#000", light="#fff"
    )
    return out.getvalue().decode("utf-8")


def qr_png(address: str, scale: int = 8) -> bytes:
    """A PNG, `scale` pixels a module, with the quiet zone of 4."""
    out = io.BytesIO()
    segno.make(address, micro=False, error="m").save(out, kind="png", border=4, scale=scale)
    return out.getvalue()
