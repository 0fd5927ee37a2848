"""Each wire says of the recorded runs exactly what it has always said."""

import importlib.util
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("golden_transcripts", Path(__file__).parent / "transcripts.py")
golden = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(golden)


@pytest.mark.parametrize("name", golden.NAMES)
@pytest.mark.parametrize("wire", golden.WIRES)
def test_a_transcript_is_the_same_to_the_byte(wire, name):
    assert golden.transcript(wire, name) == golden.place(wire, name).read_bytes()


@pytest.mark.parametrize("name", golden.NAMES)
@pytest.mark.parametrize("wire", golden.WIRES)
def test_no_frame_is_without_data_and_no_line_ends_in_a_carriage_return(wire, name):
    said = golden.transcript(wire, name)
    assert b"\r" not in said
    if golden.WIRES[wire]().media_type == "text/event-stream":
        frames = said.decode().split("\n\n")
        assert frames.pop() == ""
        assert all(sum(line.startswith("data: ") for line in frame.split("\n")) == 1 for frame in frames)
