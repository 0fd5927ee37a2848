"""The kinds of syntax that a statement may be made of, as names of sqlglot's node classes. What is not here is refused.

Functions that have a class of their own stand here once more; which of them an engine may be asked for is decided by
name, in `functions`.
"""

from __future__ import annotations

from sqlglot import exp

_QUERY = """
Select Union Intersect Except Subquery With CTE Values Tuple Table TableAlias TableSample From Join Lateral Unnest
Where Group GroupingSets Cube Rollup Having Qualify Order Ordered Limit LimitOptions Offset Fetch Distinct Window
WindowSpec Pivot PivotAlias PivotAny UnpivotColumns
"""

_EXPRESSION = """
Column Identifier Star Alias Aliases Paren Dot Bracket Slice Var Literal Boolean Null HexString BitString ByteString
RawString DataType DataTypeParam ColumnDef Cast TryCast Case If Coalesce Interval IntervalSpan Add Sub Mul Div IntDiv
Mod Pow Neg DPipe BitwiseAnd BitwiseOr BitwiseXor BitwiseNot BitwiseLeftShift BitwiseRightShift And Or Xor Not EQ NEQ
GT GTE LT LTE NullSafeEQ NullSafeNEQ Is Between In Like ILike SimilarTo Glob Escape RegexpLike RegexpILike Exists Any
All Collate AtTimeZone Filter WithinGroup IgnoreNulls RespectNulls Columns Lambda Comprehension PropertyEQ Kwarg
JSONKeyValue JSONValue PositionalColumn Anonymous ArrayContainsAll ArrayContainedBy ArrayOverlaps JSONBContains
JSONBContainsAnyTopKeys JSONBContainsAllTopKeys JSONExtract JSONExtractScalar JSONBExtract JSONBExtractScalar JSONPath
JSONPathRoot JSONPathKey JSONPathSubscript
"""

_FUNCTIONS = """
Abs Acos Acosh AnyValue ApproxDistinct ApproxQuantile ApproxTopK ArgMax ArgMin Array ArrayAgg ArrayAppend ArrayConcat
ArrayContains ArrayDistinct ArrayFilter ArrayIntersect ArrayMax ArrayMin ArrayPosition ArrayPrepend ArrayRemove
ArrayReverse ArraySize ArraySlice ArraySort ArrayToString Ascii Asin Asinh Atan Atan2 Atanh Avg BitLength
BitwiseAndAgg BitwiseCount BitwiseOrAgg BitwiseXorAgg Cbrt Ceil Chr Concat ConcatWs Contains ConvertTimezone Corr Cos
Cosh CosineDistance Cot Count CountIf CovarPop CovarSamp CumeDist CurrentDate CurrentTime CurrentTimestamp Date
DateAdd DateBin DateDiff DateFromParts DateSub DatetimeAdd DatetimeDiff DatetimeSub Day DayOfMonth DayOfWeek
DayOfWeekIso DayOfYear Dayname Decode Degrees DenseRank Elt Encode EndsWith EuclideanDistance Exp Explode
ExplodingGenerateSeries Extract Factorial First FirstValue Flatten Floor Format FromBase64 FromJson GenerateSeries
Getbit Greatest GroupConcat Grouping GroupingId Hex Hour Initcap IsInf IsNan JSONArray JSONArrayAgg JSONBExists
JSONBObjectAgg JSONKeys JSONObject JSONObjectAgg JSONRemove JSONSet JSONStripNulls JSONType JarowinklerSimilarity
JustifyDays JustifyHours JustifyInterval Kurtosis Lag Last LastDay LastValue Lead Least Left Length Levenshtein Ln
Localtime Localtimestamp Log LogicalAnd LogicalOr Lower MD5 MakeInterval Map MapFromEntries MapKeys Max Median Min
Minute Mode Month Monthname Normalize NthValue Ntile Nullif NumberToStr Overlay Pad ParseJSON PercentRank
PercentileCont PercentileDisc Pi Quantile Quarter Radians Rand Rank Reduce RegexpCount RegexpExtract RegexpExtractAll
RegexpFullMatch RegexpInstr RegexpReplace RegexpSplit RegexpSubstr RegrAvgx RegrAvgy RegrCount RegrIntercept RegrR2
RegrSlope RegrSxx RegrSxy RegrSyy Repeat Replace Reverse Right Round RowNumber SHA SHA2 SHA2Digest Second Sign Sin
Sinh Skewness Soundex Space Split SplitPart Sqrt StartsWith Stddev StddevPop StddevSamp StrPosition StrToDate
StrToTime StringToArray Struct StructExtract Stuff Substring SubstringIndex Sum Tan Tanh Time TimeDiff TimeFromParts
TimeStrToTime TimeSub TimeToStr TimeToUnix Timestamp TimestampAdd TimestampDiff TimestampFromParts TimestampSub
TimestampTrunc ToBase64 ToBinary ToChar ToDays ToMap ToNumber Transform Translate Trim Trunc Try TsOrDsAdd TsOrDsDiff
TsOrDsToDate TsOrDsToTime TsOrDsToTimestamp Typeof Unhex Unicode UnixToTime Upper UtcDate UtcTime UtcTimestamp Uuid
Variance VariancePop Week WeekOfYear WidthBucket Year
"""

ALLOWED: frozenset[type[exp.Expr]] = frozenset(
    getattr(exp, name) for name in (_QUERY + _EXPRESSION + _FUNCTIONS).split()
)

_WRITES = """
Insert Update Delete Merge Create Drop Alter TruncateTable Copy Attach Detach Set Pragma Use Transaction Commit
Rollback Analyze Command Into Lock Comment Grant Revoke Kill Cache Uncache LoadData Install Export Execute Refresh
Describe Show Summarize Returning DDL DML Prepare Declare
"""

WRITES: frozenset[type[exp.Expr]] = frozenset(getattr(exp, name) for name in _WRITES.split() if hasattr(exp, name))
"""Kinds that change data, settings or the session: refused like all the rest, but with a reason of their own."""

_TYPES = """
BIGDECIMAL BIGINT BIGNUM BINARY BIT BLOB BOOLEAN CHAR DATE DATETIME DATETIME2 DATETIME64 DECIMAL DOUBLE ENUM FLOAT INT
INT128 INT256 INTERVAL JSON JSONB LIST ARRAY LONGBLOB LONGTEXT MAP MEDIUMBLOB MEDIUMINT MEDIUMTEXT MONEY NCHAR NULL
NVARCHAR OBJECT SMALLDATETIME SMALLINT STRUCT TEXT TIME TIMETZ TIMESTAMP TIMESTAMPLTZ TIMESTAMPNTZ TIMESTAMPTZ
TIMESTAMP_S TIMESTAMP_MS TIMESTAMP_NS TIME_NS TINYBLOB TINYINT TINYTEXT UBIGINT UDECIMAL UDOUBLE UINT UINT128
UMEDIUMINT UNKNOWN USMALLINT UTINYINT UUID VARBINARY VARCHAR VARIANT YEAR INT4RANGE INT8RANGE NUMRANGE DATERANGE
TSRANGE TSTZRANGE INET
"""

TYPES: frozenset[str] = frozenset(_TYPES.split())
"""The types that a value may be cast to. Not among them: types that an engine looks up by name, such as regclass or
the row type of a table."""
