"""The fixed parts of a workbook's package (ECMA-376 part 1 and 2): content types, relations, styles, single rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from prosa.exports.worksheet import Style, inline
from prosa.locales import PT, normalise

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DAYS = {PT: "dd/mm/yyyy"}


def letters(place: int) -> str:
    """A column's name: 0 is A, 26 is AA."""
    name, place = "", place + 1
    while place:
        place, letter = divmod(place - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def row(number: int, values: Sequence[str | int], style: Style) -> bytes:
    """One row of texts and whole numbers."""
    made = "".join(_cell(f"{letters(place)}{number}", value, style) for place, value in enumerate(values))
    return f'<row r="{number}">{made}</row>'.encode()


def _cell(reference: str, value: str | int, style: Style) -> str:
    if isinstance(value, int):
        return f'<c r="{reference}" s="{int(style)}"><v>{value}</v></c>'
    return f'<c r="{reference}" s="{int(style)}"{inline(value)}</c>'


def sheet_head(widths: Iterable[float], *, first: bool = False, frozen: bool = False) -> bytes:
    """A worksheet up to its rows. Widths are in characters."""
    made = "".join(f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, 1))
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if frozen else ""
    selected = ' tabSelected="1"' if first else ""
    view = f'<sheetViews><sheetView{selected} workbookViewId="0">{pane}</sheetView></sheetViews>'
    return f'{HEAD}<worksheet xmlns="{MAIN}">{view}<cols>{made}</cols><sheetData>'.encode()


SHEET_END = b"</sheetData></worksheet>"


def root_relations() -> str:
    return _relations(
        [
            (f"{_RELATIONS}/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ]
    )


def book_relations(sheets: int) -> str:
    listed = [(f"{_RELATIONS}/worksheet", f"worksheets/sheet{number}.xml") for number in range(1, sheets + 1)]
    return _relations([*listed, (f"{_RELATIONS}/styles", "styles.xml")])


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    made = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{made}</Relationships>'


def content_types(sheets: int) -> str:
    parts = [("/xl/workbook.xml", f"{_TYPE}.sheet.main+xml"), ("/xl/styles.xml", f"{_TYPE}.styles+xml")]
    parts += [(f"/xl/worksheets/sheet{number}.xml", f"{_TYPE}.worksheet+xml") for number in range(1, sheets + 1)]
    parts.append(("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"))
    made = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in parts)
    relations = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">{relations}{made}</Types>'


def workbook(sheets: Sequence[str]) -> str:
    made = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(sheets, 1)
    )
    return f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{_RELATIONS}"><sheets>{made}</sheets></workbook>'


def core(title: str, at: str) -> str:
    """The document's properties; `at` is an ISO 8601 time or empty."""
    terms = "http://purl.org/dc/terms/"
    created = f'<dcterms:created xsi:type="dcterms:W3CDTF">{escape(at)}</dcterms:created>' if at else ""
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="{terms}" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title><dc:creator>Prosa</dc:creator>{created}</cp:coreProperties>"
    )


def styles(locale: str) -> str:
    """The cell formats of `worksheet.Style`, in its order; days as people of the locale write them."""
    day = _DAYS.get(normalise(locale), "yyyy-mm-dd")
    formats = {164: day, 165: f"{day} hh:mm:ss", 166: "hh:mm:ss", 167: "0.0%", 168: "#,##0.00"}
    listed = "".join(f'<numFmt numFmtId="{number}" formatCode="{code}"/>' for number, code in formats.items())
    kinds = "".join(_cell_format(**kind) for kind in _KINDS.values())
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="{len(formats)}">{listed}</numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(_KINDS)}">{kinds}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _cell_format(number: int = 0, font: int = 0, more: str = "/>") -> str:
    return f'<xf numFmtId="{number}" fontId="{font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"{more}'


_KINDS: dict[Style, dict[str, Any]] = {
    Style.plain: {},
    Style.header: {"font": 1},
    Style.day: {"number": 164},
    Style.moment: {"number": 165},
    Style.time: {"number": 166},
    Style.percent: {"number": 167},
    Style.money: {"number": 168},
    Style.quoted: {"more": ' quotePrefix="1"/>'},
    Style.wrapped: {"more": ' applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'},
}
