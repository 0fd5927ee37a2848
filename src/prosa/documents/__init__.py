"""Documents that can be asked: readers of PDF, DOCX, HTML, Markdown and text, an index of their passages, and the
sentence that answers. Usable alone:

    from prosa.documents import DocumentInfo, Index, answer, read

    document = read(Path("policy.pdf"))
    with Index(Path("index.db")) as index:
        index.put(LOCAL, DocumentInfo("policy", "policy.pdf", document.kind, document.language), document.pieces)
        reply = answer(index, LOCAL, "How long is the warranty?", index.list(LOCAL))
        print(reply.answered, reply.cited[0].sentence)
"""

from prosa.documents.answering import Cited, Reply, answer
from prosa.documents.index import DocumentInfo, Found, Index
from prosa.documents.kinds import look
from prosa.documents.reading import read
from prosa.documents.values import Limits, ReadDocument

__all__ = ["Cited", "DocumentInfo", "Found", "Index", "Limits", "ReadDocument", "Reply", "answer", "look", "read"]
