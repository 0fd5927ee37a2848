"""The Streamlit app over the demo data, as Streamlit Community Cloud runs it (docs/streamlit.md).

Small workers: the machine there has little memory.
"""

from prosa.streamlit import app

app(with_demo=True, worker_memory="300 MB", worker_questions=2, worker_exports=1)
