"""What must be refused is refused, for the reason it should be, in whatever clothes it comes."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prosa.sources import Grant
from prosa.sources.guard import check

ATTACKS = tomllib.loads(Path(__file__).with_name("attacks.toml").read_text("utf-8"))
LISTED = [
    (dialect, reason, sql)
    for dialect, reasons in ATTACKS.items()
    for reason, statements in reasons.items()
    for sql in statements
]


def whole(dialect):
    return Grant.of(dialect, ["t", "u", "users"])


def by_column(dialect):
    return Grant(dialect, {"t": ["a", "b"], "u": ["a"], "users": ["a"]})


@pytest.mark.parametrize("dialect", ATTACKS)
def test_what_reads_granted_tables_passes(dialect):
    for sql in ("SELECT a, count(*) FROM t GROUP BY a", "WITH x AS (SELECT a FROM t) SELECT * FROM x JOIN u USING (a)"):
        for grant in (whole(dialect), by_column(dialect)):
            assert set(check(sql, grant).tables) <= {"t", "u"}


@pytest.mark.parametrize(("dialect", "expected", "sql"), LISTED)
def test_an_attack_is_refused_for_its_reason(dialect, expected, sql, reason):
    assert [reason(sql, whole(dialect)), reason(sql, by_column(dialect))] == [expected, expected]


INNER = [
    (dialect, sql)
    for dialect, reason, sql in LISTED
    if reason in ("table_not_granted", "function_not_allowed", "size") and sql.startswith(("SELECT", "WITH"))
]
CLOTHES = {
    "SELECT * FROM ({}) AS q": INNER,
    "WITH x AS ({}) SELECT 1 FROM x": INNER,
    "SELECT 1 WHERE EXISTS ({})": INNER,
    "SELECT a FROM t UNION ALL {}": INNER,
    "SELECT a FROM t WHERE a IN ({})": INNER,
    "SELECT (SELECT count(*) FROM ({}) AS z) FROM t": INNER,
    "SELECT CASE WHEN EXISTS ({}) THEN 1 END FROM t": INNER,
    "SELECT max(a) OVER (ORDER BY (SELECT 1 FROM ({}) AS z)) FROM t": INNER,
    "SELECT a FROM t ORDER BY (SELECT 1 FROM ({}) AS z)": INNER,
    "EXPLAIN {}": INNER,
    "-- harmless\n{}": LISTED,
    "/* harmless */ {} -- the end": LISTED,
}


@pytest.mark.parametrize("clothes", CLOTHES)
def test_an_attack_inside_a_harmless_statement_is_refused(clothes, reason):
    passed = [
        (attack[0], sql)
        for attack in CLOTHES[clothes]
        if reason(sql := clothes.format(attack[-1]), whole(attack[0])) is None
    ]
    assert passed == []


def test_the_clothes_alone_pass(reason):
    for clothes in CLOTHES:
        assert reason(clothes.format("SELECT a FROM t"), whole("duckdb")) is None


def recased(draw, sql):
    """The statement with the case of its words changed, outside quotes."""
    pieces = sql.split("'")
    upper = draw(st.lists(st.booleans(), min_size=len(sql), max_size=len(sql)))
    for place in range(0, len(pieces), 2):
        pieces[place] = "".join(
            letter.upper() if big else letter.lower() for letter, big in zip(pieces[place], upper, strict=False)
        )
    return "'".join(pieces)


def spaced(draw, sql):
    """The statement with its spaces replaced by other white space and comments."""
    blanks = st.sampled_from([" ", "  ", "\t", "\n", "\r\n", "/**/", " /* ; -- */ ", "--x\n", "\n\n--;\n"])
    return "".join(draw(blanks) if letter == " " else letter for letter in sql)


@st.composite
def disguised(draw):
    dialect, _, sql = draw(st.sampled_from([attack for attack in LISTED if attack[0] in ("duckdb", "sqlite")]))
    if '"' not in sql and "`" not in sql and "[" not in sql:
        sql = recased(draw, sql)
    if not any(quote in sql for quote in ("'", '"', "`", "[", "/*", "--")):
        sql = spaced(draw, sql)
    return dialect, sql


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(disguised())
def test_case_white_space_and_comments_hide_nothing(reason, attack):
    dialect, sql = attack
    assert reason(sql, whole(dialect)) is not None
    assert reason(sql, by_column(dialect)) is not None


HEAP = r"""
SELECT FROM WHERE GROUP BY ORDER LIMIT UNION ALL WITH AS JOIN ON USING ( ) , ; * . ' " ` [ ] { } -- /* */ :: -> ->>
t secret a b 'x' "y" 1 1e9 NULL CASE WHEN THEN END IN EXISTS OVER PARTITION LATERAL VALUES PIVOT UNPIVOT FILTER
read_text sum count EXPLAIN DESCRIBE SHOW PRAGMA NOT - + ~ = < ? $1 @x :y # lambda x : INTERVAL DAY DATE COLUMNS
EXCLUDE REPLACE RECURSIVE INSERT DELETE INTO FOR UPDATE
"""


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    dialect=st.sampled_from(["duckdb", "sqlite", "postgres", "mysql"]),
    words=st.lists(
        st.sampled_from(HEAP.split()),
        max_size=25,
    ),
)
def test_no_heap_of_words_raises_anything_but_a_refusal_nor_reads_a_secret(dialect, words, reason):
    sql = " ".join(words)
    if reason(sql, whole(dialect)) is None:
        assert "secret" not in check(sql, whole(dialect)).tables


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=80), dialect=st.sampled_from(["duckdb", "sqlite", "postgres", "mysql"]))
def test_no_text_raises_anything_but_a_refusal(text, dialect, reason):
    reason(text, whole(dialect))
    reason(f"SELECT {text} FROM t", by_column(dialect))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT " + "(" * 5_000 + "1" + ")" * 5_000,
        "SELECT " + "NOT " * 6_000 + "true",
        "SELECT " + "-(" * 200 + "1" + ")" * 200,
        "SELECT " + "1+" * 9_000 + "1",
        "SELECT " + "abs(" * 50 + "1" + ")" * 50,
        "SELECT " + "CASE WHEN true THEN " * 100 + "1" + " END" * 100,
        "SELECT " + "[" * 100 + "]" * 100,
        "SELECT " + "{'a': " * 100 + "1" + "}" * 100,
        "SELECT " + "a." * 2_000 + "a FROM t",
        "SELECT 1" + " UNION SELECT 1" * 3_000,
        "WITH " + ", ".join(f"x{n} AS (SELECT 1)" for n in range(9_000)) + " SELECT 1",
        "SELECT " + "a::INT" * 1 + "::INT" * 2_000 + " FROM t",
        "SELECT a FROM t" + " WHERE a = 1" + " OR a = 1" * 2_000,
        "SELECT '" + "x" * 200_000 + "'",
        "SELECT " + "a[" * 80 + "1" + "]" * 80 + " FROM t",
        "SELECT x -> " * 500 + "1",
        "FROM (" * 70 + "t" + ")" * 70,
    ],
    ids=lambda sql: sql[:24],
)
def test_what_is_huge_or_deep_is_refused_without_a_crash(sql, reason):
    assert reason(sql, whole("duckdb")) in ("too_complex", "too_long", "syntax", "construct_not_allowed")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a FROM t WHERE a IN (" + ", ".join(map(str, range(5_000))) + ")",
        "SELECT a FROM t WHERE " + " OR ".join(f"a = {n}" for n in range(150)),
        "SELECT " + ", ".join(f"a + {n} AS c{n}" for n in range(500)) + " FROM t",
        "SELECT " + "(" * 15 + "a" + ")" * 15 + " FROM t",
        "SELECT " + "abs(" * 15 + "a" + ")" * 15 + " FROM t",
        "SELECT 1" + " UNION ALL SELECT 1" * 100,
        "SELECT CASE " + " ".join(f"WHEN a = {n} THEN {n}" for n in range(200)) + " END FROM t",
    ],
    ids=lambda sql: sql[:24],
)
def test_what_is_merely_long_passes(sql, reason):
    assert reason(sql, whole("duckdb")) is None
