"""The script that Streamlit runs for `prosa streamlit`; alone in its folder, which Streamlit puts on the path."""

from prosa.streamlit.application import start

start()
