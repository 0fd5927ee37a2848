"""Makes the PDF and DOCX files of src/prosa/demo/documents from scripts/demo_documents, by LibreOffice. The HTML and
the Markdown file there are their own originals.

    uv run python scripts/demo_documents.py

The results are committed, so that nobody needs LibreOffice for the demo; another version of it writes other bytes.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

SOURCES = Path(__file__).with_name("demo_documents")
TARGET = Path(__file__).parents[1] / "src/prosa/demo/documents"
MADE = {
    "returns-policy": "pdf:writer_pdf_Export",
    "contrato-de-fornecimento": "pdf:writer_pdf_Export",
    "employee-handbook": "docx:MS Word 2007 XML",
    "politica-de-trocas": "docx:MS Word 2007 XML",
}


def main() -> None:
    for path in sorted(SOURCES.iterdir()):
        convert(path, MADE[path.stem])


def convert(path: Path, format: str) -> None:
    """One file, with a profile of its own, so that an open LibreOffice does no harm."""
    with tempfile.TemporaryDirectory() as profile:
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--infilter=HTML (StarWriter)"]
        subprocess.run([*command, "--convert-to", format, "--outdir", str(TARGET), str(path)], check=True)


if __name__ == "__main__":
    main()
