"""The kinds of syntax that a statement may be made of, as names of sqlglot's node classes. What is not here is refused.

Calls are `Anonymous` nodes: which function may be called is decided by its name, in `functions`.
"""

from __future__ import annotations

from sqlglot import exp

_QUERY = """
Select Union Intersect Except Subquery With CTE Values Tuple Table TableAlias TableSample From Join Lateral Unnest
Where Group GroupingSets Cube Rollup Having Qualify Order Ordered Limit LimitOptions Offset Fetch Distinct Window
WindowSpec Pivot PivotAlias PivotAny UnpivotColumns
"""

_VALUE = """
Column Identifier Star Alias Aliases Paren Dot Bracket Slice Var Literal Boolean Null HexString BitString ByteString
RawString DataType DataTypeParam ColumnDef Interval IntervalSpan Array Struct Map ToMap PropertyEQ Kwarg Lambda
Comprehension PositionalColumn JSONPath JSONPathRoot JSONPathKey JSONPathSubscript
"""

_OPERATOR = """
Add Sub Mul Div IntDiv Mod Pow Neg Abs DPipe BitwiseAnd BitwiseOr BitwiseXor BitwiseNot BitwiseLeftShift
BitwiseRightShift And Or Xor Not EQ NEQ GT GTE LT LTE NullSafeEQ NullSafeNEQ Is Between In Like ILike SimilarTo Glob
Escape RegexpLike RegexpILike StartsWith All Any Exists Collate AtTimeZone JSONExtract JSONExtractScalar JSONBExtract
JSONBExtractScalar JSONBContains JSONBContainsAllTopKeys JSONBContainsAnyTopKeys ArrayContainsAll ArrayContainedBy
ArrayOverlaps
"""

_CALL = """
Anonymous Cast TryCast Case If Extract StrPosition Substring Trim Overlay GroupConcat Chr Columns CurrentDate
CurrentTime CurrentTimestamp Localtime Localtimestamp Filter WithinGroup IgnoreNulls RespectNulls
"""

ALLOWED: frozenset[type[exp.Expr]] = frozenset(
    getattr(exp, name) for name in (_QUERY + _VALUE + _OPERATOR + _CALL).split()
)

_WRITES = """
Insert Update Delete Merge Create Drop Alter TruncateTable Copy Attach Detach Set Pragma Use Transaction Commit
Rollback Analyze Command Into Lock Comment Grant Revoke Kill Cache Uncache LoadData Install Export Execute Refresh
Describe Show Summarize Returning
"""

WRITES: frozenset[type[exp.Expr]] = frozenset(getattr(exp, name) for name in _WRITES.split())
"""Kinds that change data, settings or the session: refused like all the rest, but with a reason of their own."""

_TYPES = """
BIGDECIMAL BIGINT BIGNUM BINARY BIT BLOB BOOLEAN CHAR DATE DATETIME DECIMAL DOUBLE ENUM FLOAT INT INT128 INTERVAL JSON
JSONB LIST ARRAY LONGBLOB LONGTEXT MAP MEDIUMBLOB MEDIUMINT MEDIUMTEXT MONEY NCHAR NULL NVARCHAR SMALLINT STRUCT TEXT
TIME TIMETZ TIMESTAMP TIMESTAMPLTZ TIMESTAMPNTZ TIMESTAMPTZ TIMESTAMP_S TIMESTAMP_MS TIMESTAMP_NS TIME_NS TINYBLOB
TINYINT TINYTEXT UBIGINT UDECIMAL UINT UINT128 UNION UNKNOWN USMALLINT UTINYINT UUID VARBINARY VARCHAR VARIANT YEAR INET
INT4RANGE INT8RANGE NUMRANGE DATERANGE TSRANGE TSTZRANGE
"""

TYPES: frozenset[str] = frozenset(_TYPES.split())
"""The types that a value may be cast to. Not among them: types that an engine looks up by name, such as regclass or
the row type of a table."""
