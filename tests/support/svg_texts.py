"""The texts of an SVG by the class of their group."""

from __future__ import annotations

from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"


def list_texts(svg: bytes, *names: str) -> list[str]:
    """Texts in the groups of some classes, in the order of the file."""
    root = ElementTree.fromstring(svg)
    return [
        t.text or ""
        for g in root.iter(f"{SVG}g")
        if g.get("class") in names
        for t in g.iter(f"{SVG}text")
    ]
