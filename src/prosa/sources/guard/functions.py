"""The functions that a statement may call, by dialect and by the names that the engine knows them by.

What is not here is refused: a new release of an engine adds functions, and nobody has looked at those yet. Left out on
purpose: whatever reads files, settings, catalogs, sequences, variables or other sessions, runs SQL out of a text,
waits, writes logs, or tells about the server.
"""

from __future__ import annotations

from prosa.sources.base import Dialect

_SQL = """
abs acos asin atan atan2 ceil ceiling cos cot degrees exp floor ln log log10 log2 mod pi pow power radians round sign
sin sqrt tan trunc random
ascii bit_length char_length character_length chr concat concat_ws length lower lpad ltrim octet_length overlay
position repeat replace reverse rpad rtrim substr substring translate trim upper left right md5
coalesce nullif greatest least cast case exists any some all if ifnull row array
avg count max min sum stddev stddev_pop stddev_samp variance var_pop var_samp covar_pop covar_samp corr
string_agg group_concat array_agg any_value bit_and bit_or bit_xor
cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number
extract now current_date current_time current_timestamp localtime localtimestamp
grouping json_object json_array json_extract json_valid
"""

_DUCKDB = """
acosh asinh atanh cosh sinh tanh cbrt even factorial fdiv fmod gamma lgamma gcd lcm greatest_common_divisor
least_common_multiple isfinite isinf isnan nextafter round_even roundbankers signbit setbit bit_count xor add subtract
multiply divide hash binom combine

bar base64 bin chr contains damerau_levenshtein decode editdist3 encode ends_with format format_bytes
formatreadablesize formatreadabledecimalsize from_base64 from_binary from_hex hamming hex instr jaccard
jaro_similarity jaro_winkler_similarity lcase left_grapheme len length_grapheme levenshtein md5_number
md5_number_lower md5_number_upper mismatches nfc_normalize ord parse_dirname parse_dirpath parse_filename
parse_formatted_bytes parse_path prefix printf regexp_escape regexp_extract regexp_extract_all regexp_full_match
regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table right_grapheme sha1 sha256 split split_part
starts_with str_split str_split_regex string_split string_split_regex string_to_array strip_accents strlen strpos
substring_grapheme suffix to_base to_base64 to_binary to_hex ucase unbin unhex unicode url_decode url_encode
like_escape not_like_escape ilike_escape not_ilike_escape regexp_like bit_position bitstring get_bit set_bit
array_to_string array_to_string_comma_default pg_size_pretty

age ago century current_localtime current_localtimestamp date date_add date_diff date_part date_sub date_trunc
datediff datepart datesub datetrunc day dayname dayofmonth dayofweek dayofyear days_in_month decade epoch epoch_ms
epoch_ns epoch_us era get_current_time get_current_timestamp hour isodow isoyear julian last_day make_date make_time
make_timestamp make_timestamp_ms make_timestamp_ns make_timestamptz microsecond millennium millisecond minute month
monthname nanosecond normalized_interval quarter second strftime strptime time_bucket timezone timezone_hour
timezone_minute to_centuries to_days to_decades to_hours to_microseconds to_millennia to_milliseconds to_minutes
to_months to_quarters to_seconds to_timestamp to_weeks to_years today transaction_timestamp try_strptime week weekday
weekofyear year yearweek

approx_count_distinct approx_quantile approx_top_k arbitrary arg_max arg_max_null arg_max_nulls_last arg_min
arg_min_null arg_min_nulls_last argmax argmin bitstring_agg bool_and bool_or count_if count_star countif entropy
favg first fsum geomean geometric_mean histogram histogram_exact histogram_values kahan_sum kurtosis kurtosis_pop last
list listagg lttb mad max_by mean median min_by mode percentile_cont percentile_disc product quantile quantile_cont
quantile_disc regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy
reservoir_quantile sem skewness stddev sum_no_overflow sumkahan wavg weighted_avg fill rank_dense equi_width_bins
is_histogram_other_bin grouping_id

aggregate array_aggr array_aggregate array_append array_apply array_cat array_concat array_contains
array_cosine_distance array_cosine_similarity array_cross_product array_distance array_distinct array_dot_product
array_extract array_filter array_grade_up array_has array_has_all array_has_any array_indexof array_inner_product
array_intersect array_length array_negative_dot_product array_negative_inner_product array_pop_back array_pop_front
array_position array_prepend array_push_back array_push_front array_reduce array_resize array_reverse
array_reverse_sort array_select array_slice array_sort array_to_json array_transform array_unique array_value
array_where array_zip cardinality element_at filter flatten generate_series generate_subscripts grade_up list_aggr
list_aggregate list_any_value list_append list_apply list_approx_count_distinct list_avg list_bit_and list_bit_or
list_bit_xor list_bool_and list_bool_or list_cat list_concat list_contains list_cosine_distance
list_cosine_similarity list_count list_distance list_distinct list_dot_product list_element list_entropy list_extract
list_filter list_first list_grade_up list_has list_has_all list_has_any list_histogram list_indexof list_inner_product
list_intersect list_kurtosis list_kurtosis_pop list_last list_mad list_max list_median list_min list_mode
list_negative_dot_product list_negative_inner_product list_pack list_position list_prepend list_product list_reduce
list_resize list_reverse list_reverse_sort list_select list_sem list_skewness list_slice list_sort list_stddev_pop
list_stddev_samp list_string_agg list_sum list_transform list_unique list_value list_var_pop list_var_samp list_where
list_zip range reduce unnest

map map_concat map_contains map_contains_entry map_contains_value map_entries map_extract map_extract_value
map_from_entries map_keys map_values struct_concat struct_contains struct_extract struct_extract_at struct_has
struct_indexof struct_insert struct_keys struct_pack struct_position struct_update struct_values union_extract
union_tag union_value

from_json from_json_strict json json_array_length json_contains json_deep_merge json_each json_exists
json_extract_path json_extract_path_text json_extract_string json_group_array json_group_object json_group_structure
json_insert json_keys json_merge_patch json_normalize json_pretty json_quote json_remove json_replace json_set
json_strip_nulls json_structure json_transform json_transform_strict json_tree json_type json_value row_to_json
to_json variant_extract variant_typeof

alias can_cast_implicitly enum_code enum_first enum_last enum_range enum_range_boundary error gen_random_uuid
pg_typeof try try_cast typeof uuid uuid_extract_timestamp uuid_extract_version uuidv4 uuidv7 columns
"""

_SQLITE = """
acosh asinh atanh cosh sinh tanh char format glob hex iif instr like likelihood likely unlikely printf quote
randomblob soundex typeof unhex unicode unistr zeroblob total subtype
date datetime julianday strftime time timediff unixepoch
json json_array_length json_each json_error_position json_group_array json_group_object json_insert json_patch
json_pretty json_quote json_remove json_replace json_set json_tree json_type
jsonb jsonb_array jsonb_each jsonb_extract jsonb_group_array jsonb_group_object jsonb_insert jsonb_object jsonb_patch
jsonb_remove jsonb_replace jsonb_set jsonb_tree
median percentile percentile_cont percentile_disc generate_series
"""

_POSTGRES = """
acosh asinh atanh cosh sinh tanh cbrt div factorial gcd lcm width_bucket scale trim_scale min_scale
btrim initcap strpos starts_with split_part regexp_count regexp_instr regexp_like regexp_match regexp_matches
regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr string_to_array string_to_table to_hex
unaccent quote_literal quote_ident encode decode sha256 format normalize
age date_bin date_part date_trunc justify_days justify_hours justify_interval make_date make_interval make_time
make_timestamp make_timestamptz to_char to_date to_number to_timestamp isfinite clock_timestamp statement_timestamp
transaction_timestamp timezone
bool_and bool_or every mode percentile_cont percentile_disc regr_avgx regr_avgy regr_count regr_intercept regr_r2
regr_slope regr_sxx regr_sxy regr_syy json_agg jsonb_agg json_object_agg jsonb_object_agg range_agg
array_append array_cat array_dims array_length array_lower array_ndims array_position array_positions array_prepend
array_remove array_replace array_to_string array_upper cardinality generate_series generate_subscripts unnest
trim_array
json_array_elements json_array_elements_text json_array_length json_build_array json_build_object json_each
json_each_text json_extract_path json_extract_path_text json_object_keys json_strip_nulls json_typeof
jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each
jsonb_each_text jsonb_exists jsonb_extract_path jsonb_extract_path_text jsonb_object_keys jsonb_path_exists
jsonb_path_query jsonb_path_query_array jsonb_path_query_first jsonb_pretty jsonb_set jsonb_strip_nulls jsonb_typeof
to_json to_jsonb gen_random_uuid num_nonnulls num_nulls pg_typeof pg_size_pretty isempty lower_inc upper_inc
"""

_MYSQL = """
conv crc32 rand truncate bin hex unhex oct ord char elt field find_in_set format insert instr lcase ucase locate mid
quote regexp_instr regexp_like regexp_replace regexp_substr soundex space strcmp substring_index to_base64
from_base64 sha1 sha sha2
adddate addtime convert_tz curdate curtime date date_add date_format date_sub datediff day dayname dayofmonth
dayofweek dayofyear from_days from_unixtime hour last_day makedate maketime microsecond minute month monthname
period_add period_diff quarter sec_to_time second str_to_date subdate subtime sysdate time time_format time_to_sec
timediff timestamp timestampadd timestampdiff to_days to_seconds unix_timestamp utc_date utc_time utc_timestamp week
weekday weekofyear year yearweek
std json_arrayagg json_objectagg bit_count
json_contains json_contains_path json_depth json_keys json_length json_merge_patch json_overlaps json_pretty
json_quote json_remove json_replace json_search json_set json_type json_unquote json_value
convert interval isnull inet_aton inet_ntoa uuid values
"""

_PARENTHESISED = """
all and any as between by case columns cube distinct else end except exclude filter from full group having if ilike
in intersect interval into is join lateral like limit materialized not of offset on or order over partition percent
pivot qualify range regexp rename repeatable replace rlike rollup row rows select sets similar some struct system
reservoir bernoulli tablesample then to union unpivot using values when where window with xor escape div binary
bit char character decimal dec numeric float double nchar nvarchar text time timestamp timestamptz varbinary varbit
varchar varying enum nvarchar2 number int integer tinyint smallint mediumint bigint unsigned datetime year
"""

FUNCTIONS: dict[Dialect, frozenset[str]] = {
    "duckdb": frozenset((_SQL + _DUCKDB).split()),
    "sqlite": frozenset((_SQL + _SQLITE).split()),
    "postgres": frozenset((_SQL + _POSTGRES).split()),
    "mysql": frozenset((_SQL + _MYSQL).split()),
}

BEFORE_PARENTHESIS = frozenset(_PARENTHESISED.split())
"""Words of the language and types that may stand before a parenthesis without being a call."""

_POSTGRES_TABLES = """
generate_series generate_subscripts unnest json_array_elements json_array_elements_text json_each json_each_text
json_object_keys jsonb_array_elements jsonb_array_elements_text jsonb_each jsonb_each_text jsonb_object_keys
regexp_matches regexp_split_to_table string_to_table
"""

TABLE_FUNCTIONS: dict[Dialect, frozenset[str]] = {
    "duckdb": frozenset({"generate_series", "range", "unnest", "json_each", "json_tree", "generate_subscripts"}),
    "sqlite": frozenset({"json_each", "json_tree", "jsonb_each", "jsonb_tree", "generate_series"}),
    "postgres": frozenset(_POSTGRES_TABLES.split()),
    "mysql": frozenset(),
}
"""Functions that may stand where a table stands."""

_CURRENT = frozenset({"current_user", "current_role"})

SPECIAL_NAMES: dict[Dialect, frozenset[str]] = {
    "duckdb": frozenset(),
    "sqlite": frozenset(),
    "postgres": _CURRENT | {"user", "session_user", "system_user", "current_catalog", "current_schema"},
    "mysql": _CURRENT,
}
"""Bare words that an engine reads as a call even where a column has the name."""
