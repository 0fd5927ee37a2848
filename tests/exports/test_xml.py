"""XML that a strict parser reads back."""

import xml.etree.ElementTree as ET

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from prosa.exports import xml
from prosa.exports.options import Options


def parsed(table, **options):
    parts = []
    xml.write(table.to_reader(), lambda data: parts.append(bytes(data)), Options(**options))
    return ET.fromstring(b"".join(parts))


@given(st.text(), st.text())
def test_any_text_and_name_read_back_but_for_what_xml_forbids(name, value):
    root = parsed(pa.table({name: [value]}))
    cell = root.find("rows/row/value")
    allowed = str.maketrans(dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), "�"))
    assert (cell.text or "") == value.translate(allowed)
    assert cell.get("name") == name.translate(allowed)


def test_what_was_replaced_is_counted(odd):
    assert parsed(odd).find("summary").attrib == {"rows": "2", "complete": "true", "replaced": "3"}


def test_a_missing_value_differs_from_an_empty_one():
    cells = parsed(pa.table({"a": ["", None]})).findall("rows/row/value")
    assert [cell.get("null") for cell in cells] == [None, "true"]


def test_provenance_and_columns_stand_before_the_rows(sales, about):
    root = parsed(sales, provenance=about)
    assert [child.tag for child in root] == ["provenance", "columns", "rows", "summary"]
    assert root.find("provenance/sql").text == about.sql
    assert root.find("columns/column[@name='valor']").get("type") == "decimal"
    assert len(root.findall("rows/row")) == 4
