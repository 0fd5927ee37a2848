"""Health, readiness and counts."""

import re


def test_the_server_says_that_it_is_alive_and_ready(nobody):
    assert nobody.get("/healthz").json() == {"status": "ok"}
    assert nobody.get("/readyz").json() == {"status": "ready"}


def counted(client, line):
    """The number behind a line's name and labels; 0 where there is none."""
    found = re.search(rf"^{re.escape(line)} (\S+)$", client.get("/metrics").text, re.M)
    return float(found[1]) if found else 0.0


def test_what_happens_is_counted(ana, nobody):
    answered, failed = 'prosa_runs_total{outcome="answered"}', 'prosa_runs_total{outcome="failed"}'
    before = counted(nobody, answered), counted(nobody, failed)
    ana.post("/api/ask", json={"question": "say hello"})
    ana.post("/api/ask", json={"question": "fail"})
    assert (counted(nobody, answered), counted(nobody, failed)) == (before[0] + 1, before[1] + 1)
    assert counted(nobody, 'prosa_errors_total{code="query_failed"}') >= 1
    assert counted(nobody, 'prosa_stage_seconds_count{stage="execute"}') >= 1
    assert counted(nobody, "prosa_runs_working") == 0


def test_refused_requests_are_counted_by_their_code(ana, nobody):
    before = counted(nobody, 'prosa_errors_total{code="question_empty"}')
    ana.post("/api/ask", json={"question": ""})
    assert counted(nobody, 'prosa_errors_total{code="question_empty"}') == before + 1


def test_counts_have_the_format_of_prometheus(ana, nobody):
    ana.post("/api/ask", json={"question": "say hello"})
    reply = nobody.get("/metrics")
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    names = set()
    for line in reply.text.splitlines():
        if line.startswith("#"):
            assert re.fullmatch(r"# (HELP|TYPE) prosa_\w+ .+", line)
            names.add(line.split()[2])
        else:
            found = re.fullmatch(r'(prosa_\w+?)(?:_bucket|_sum|_count)?(\{(\w+="[^"]*",?)+\})? [-+\w.]+', line)
            assert found, line
            assert found[1] in names
    assert reply.text.endswith("\n")


def test_a_histogram_adds_up(ana, nobody):
    ana.post("/api/ask", json={"question": "say hello"})
    text = nobody.get("/metrics").text
    buckets = [int(number) for number in re.findall(r'^prosa_run_seconds_bucket\{le="[^"]+"\} (\d+)$', text, re.M)]
    assert buckets == sorted(buckets)
    assert buckets[-1] == int(re.search(r"^prosa_run_seconds_count (\d+)$", text, re.M)[1])


def test_no_words_of_people_are_among_the_counts(ana, nobody):
    ana.post("/api/ask", json={"question": "say secretword"})
    text = nobody.get("/metrics").text
    assert "secretword" not in text
    assert "ana" not in text
