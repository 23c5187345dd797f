"""The parts of an xlsx file: where each sheet is, and which styles show zeros in front."""

from __future__ import annotations

import posixpath
import re
from typing import NamedTuple

from refgraph.sources.zip_packages import ZipPackage, parse_xml, translate_zip_faults

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_LITERAL = r'(?:"[^"]*"|\\.|[-/ ])'
_PADDED = re.compile(rf"({_LITERAL}*)(0{{2,}})({_LITERAL}*)(?:;@)?")
_MAX_PART_BYTES = 16 << 20


class PaddedFormat(NamedTuple):
    """A number format that shows zeros in front: text, digits at least, text."""

    before: str
    digits: int
    after: str


def find_sheet_members(package: ZipPackage) -> dict[str, str]:
    """Name of a sheet -> the member of the zip that holds it. Raises DataError ``damaged-file``."""
    relations = _read_xml(package, "xl/_rels/workbook.xml.rels")
    workbook = _read_xml(package, "xl/workbook.xml")
    if relations is None or workbook is None:
        return {}
    targets = {r.get("Id"): r.get("Target", "") for r in relations}
    members = {}
    for sheet in workbook.iter():
        if sheet.tag.endswith("}sheet"):
            target = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION), "")
            path = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
            members[sheet.get("name", "")] = path
    return members


def find_padded_formats(package: ZipPackage) -> dict[int, PaddedFormat]:
    """Number of a style -> its format, for styles that show zeros. Raises as the package."""
    styles = _read_xml(package, "xl/styles.xml")
    if styles is None:
        return {}
    codes = {
        int(item.get("numFmtId", "0")): item.get("formatCode", "")
        for item in styles.iter()
        if item.tag.endswith("}numFmt")
    }
    padded = {}
    for group in styles:
        if group.tag.endswith("}cellXfs"):
            for number, style in enumerate(group):
                format = parse_padded_format(codes.get(int(style.get("numFmtId", "0")), ""))
                if format is not None:
                    padded[number] = format
    return padded


def parse_padded_format(code: str) -> PaddedFormat | None:
    """A number format of at least two zeros and literal text around them; None for any other.

    >>> parse_padded_format('"C-"0000')
    PaddedFormat(before='C-', digits=4, after='')
    """
    match = _PADDED.fullmatch(code)
    if match is None:
        return None
    return PaddedFormat(_read_literal(match[1]), len(match[2]), _read_literal(match[3]))


def _read_literal(code: str) -> str:
    return re.sub(r'"([^"]*)"|\\(.)', lambda match: match[1] or match[2] or "", code)


def _read_xml(package: ZipPackage, name: str):  # type: ignore[no-untyped-def]
    """The root of a member, None if there is none or it is too large to be what it should be."""
    if name not in package.names:
        return None
    data = package.read_whole(name)
    if len(data) > _MAX_PART_BYTES:
        return None
    with translate_zip_faults(package.file):
        return parse_xml(data, package.file)
