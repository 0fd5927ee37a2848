SELECT 1
SELECT * FROM t
select a, b from t where x > 1.5 and b is not null order by a desc nulls last limit 2 offset 1;
FROM t
FROM t SELECT a WHERE x > 1 ORDER BY a
TABLE t
VALUES (1, 'x'), (2, 'y')
SELECT * FROM (VALUES (1, 'x'), (2, 'y')) AS v(n, s) ORDER BY n
SELECT main.t.a FROM main.t ORDER BY 1
SELECT "a" AS "Código", t."b" AS "update" FROM "t" ORDER BY 1
SELECT T.A, t.B FROM T ORDER BY 1
SELECT count(*), count(DISTINCT b), sum(x), avg(x)::DECIMAL(10, 2), min(d), max(ts) FROM t
SELECT b, count(*) AS n, sum(x) FILTER (WHERE a > 1) AS big FROM t GROUP BY b HAVING count(*) >= 1 ORDER BY n DESC, b
SELECT b, sum(x) FROM t GROUP BY ALL ORDER BY ALL
SELECT b, flag, sum(x) FROM t GROUP BY GROUPING SETS ((b), (flag), ()) ORDER BY ALL
SELECT b, flag, sum(x), grouping(b), grouping_id(b, flag) FROM t GROUP BY ROLLUP (b, flag) ORDER BY ALL
SELECT b, flag, sum(x) FROM t GROUP BY CUBE (b, flag) ORDER BY ALL
SELECT a, row_number() OVER (PARTITION BY b ORDER BY a DESC) AS rn FROM t QUALIFY rn = 1 ORDER BY a
SELECT a, sum(x) OVER (ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM t ORDER BY a
SELECT a, sum(x) OVER (ORDER BY d RANGE BETWEEN INTERVAL 7 DAYS PRECEDING AND CURRENT ROW) AS s FROM t ORDER BY a
SELECT a, avg(x) OVER w AS m, lag(x, 1, 0) OVER w AS p FROM t WINDOW w AS (PARTITION BY b ORDER BY a) ORDER BY a
SELECT a, ntile(2) OVER (ORDER BY a), percent_rank() OVER (ORDER BY x), first_value(b) OVER (ORDER BY a), nth_value(b, 2) OVER (ORDER BY a) FROM t ORDER BY a
SELECT a, last_value(x IGNORE NULLS) OVER (ORDER BY a) AS v FROM t ORDER BY a
SELECT a, dense_rank() OVER (ORDER BY b), x / sum(x) OVER () AS share FROM t ORDER BY a
SELECT t.a, u.c FROM t JOIN u ON t.a = u.a ORDER BY ALL
SELECT * FROM t LEFT JOIN u USING (a) ORDER BY ALL
SELECT t.a FROM t FULL OUTER JOIN u ON t.a = u.a ORDER BY ALL
SELECT count(*) FROM t NATURAL JOIN u
SELECT t.a FROM t SEMI JOIN u USING (a) ORDER BY ALL
SELECT t.a FROM t ANTI JOIN u USING (a) ORDER BY ALL
SELECT t.a, u.c FROM t CROSS JOIN u ORDER BY ALL
SELECT t.a, u.c FROM t, u WHERE t.a = u.a ORDER BY ALL
SELECT t.a, u.c FROM t ASOF JOIN u ON t.d >= u.d ORDER BY ALL
SELECT t.a, u.c FROM t POSITIONAL JOIN u ORDER BY ALL
SELECT t.a, z.n FROM t, LATERAL (SELECT count(*) AS n FROM u WHERE u.a = t.a) AS z ORDER BY ALL
SELECT a FROM t WHERE a IN (SELECT a FROM u) ORDER BY ALL
SELECT a FROM t WHERE a NOT IN (1, 2) ORDER BY ALL
SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a) ORDER BY ALL
SELECT a FROM t WHERE x > ALL (SELECT 1) ORDER BY ALL
SELECT a FROM t WHERE a = ANY ([1, 2]) ORDER BY ALL
SELECT a FROM t WHERE (a, b) IN (SELECT a, c FROM u) ORDER BY ALL
SELECT a FROM t WHERE x > (SELECT avg(x) FROM t) ORDER BY ALL
SELECT (SELECT max(c) FROM u WHERE u.a = t.a) AS m FROM t ORDER BY ALL
WITH r AS (SELECT b, sum(x) AS s FROM t GROUP BY b) SELECT * FROM r WHERE s > 0 ORDER BY ALL
WITH a1 AS (SELECT * FROM t), a2 AS (SELECT * FROM a1 WHERE a > 1) SELECT count(*) FROM a2
WITH r(k, v) AS (SELECT b, x FROM t) SELECT k, max(v) FROM r GROUP BY k ORDER BY ALL
WITH r AS MATERIALIZED (SELECT a FROM t) SELECT sum(a) FROM r
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) FROM n
WITH RECURSIVE tree AS (SELECT a, 0 AS depth FROM t WHERE a = 1 UNION ALL SELECT t.a, depth + 1 FROM t JOIN tree ON t.a = tree.a + 1) SELECT * FROM tree ORDER BY ALL
WITH t AS (SELECT 7 AS a) SELECT a FROM t
SELECT a FROM t UNION SELECT a FROM u ORDER BY 1
SELECT a FROM t UNION ALL SELECT a FROM u ORDER BY 1
SELECT a, b FROM t UNION BY NAME SELECT a FROM u ORDER BY ALL
SELECT a FROM t INTERSECT SELECT a FROM u ORDER BY 1
(SELECT a FROM t) EXCEPT (SELECT a FROM u) ORDER BY 1
(SELECT a FROM t ORDER BY a LIMIT 1) UNION ALL (SELECT a FROM t ORDER BY a DESC LIMIT 1)
SELECT * EXCLUDE (a) FROM t ORDER BY ALL
SELECT * REPLACE (a + 1 AS a) FROM t ORDER BY ALL
SELECT * RENAME (a AS id) FROM t ORDER BY ALL
SELECT t.* EXCLUDE (j, m) FROM t ORDER BY ALL
SELECT COLUMNS('^[ab]$') FROM t ORDER BY ALL
SELECT min(COLUMNS(*)) FROM u
SELECT COLUMNS(lambda c: c LIKE 'a%') FROM t ORDER BY ALL
SELECT DISTINCT b FROM t ORDER BY b
SELECT DISTINCT ON (b) b, a FROM t ORDER BY b, a
SELECT CASE WHEN x > 2 THEN 'high' WHEN x IS NULL THEN 'none' ELSE 'low' END AS level, count(*) FROM t GROUP BY 1 ORDER BY 1
SELECT CASE b WHEN 'x' THEN 1 ELSE 0 END FROM t ORDER BY ALL
SELECT a FROM t WHERE d BETWEEN DATE '2024-01-01' AND '2024-12-31' ORDER BY a
SELECT a FROM t WHERE b LIKE 'x%' OR b ILIKE '%Y' OR b NOT LIKE '%z' ESCAPE '!' ORDER BY a
SELECT a FROM t WHERE b SIMILAR TO '[xy]+' OR b ~ 'x' OR regexp_matches(b, '^y') ORDER BY a
SELECT a FROM t WHERE b GLOB 'x*' ORDER BY a
SELECT a IS DISTINCT FROM 1, a IS NOT DISTINCT FROM 1, NOT flag, -a, +a, ~a, a % 2, a // 2, a ** 2, a & 1, a | 1, a << 1, b || 'z' FROM t ORDER BY a
SELECT date_trunc('month', d) AS mm, sum(x) FROM t GROUP BY mm ORDER BY mm
SELECT year(d), month(d), quarter(d), week(d), dayofweek(d), dayname(d), monthname(d) FROM t ORDER BY ALL
SELECT extract(year FROM d), extract('month' FROM d), date_part('day', d), datepart('year', d) FROM t ORDER BY ALL
SELECT strftime(d, '%Y-%m'), strftime(ts, '%d/%m/%Y %H:%M:%S'), strptime('2024-05-01', '%Y-%m-%d') FROM t ORDER BY ALL
SELECT d + INTERVAL 1 MONTH, d - INTERVAL '3 days', ts + INTERVAL (a) HOUR, d + 7, d - DATE '2024-01-01' FROM t ORDER BY ALL
SELECT date_diff('day', d, DATE '2024-12-31'), datediff('month', d, DATE '2024-12-31'), date_sub('year', d, DATE '2030-01-01'), age(TIMESTAMP '2025-01-01', ts) FROM t ORDER BY ALL
SELECT time_bucket(INTERVAL '1 week', d), last_day(d), make_date(2024, 5, 1), epoch(ts), to_timestamp(0)::VARCHAR FROM t ORDER BY ALL
SELECT a FROM t WHERE d >= current_date - INTERVAL 10000 DAY ORDER BY a
SELECT count(*) FROM t WHERE ts < now() AND ts < current_timestamp
SELECT (ts AT TIME ZONE 'America/Sao_Paulo')::VARCHAR FROM t ORDER BY ALL
SELECT TRY_CAST(b AS INTEGER), CAST(a AS VARCHAR), a::BIGINT, x::DECIMAL(18, 2), d::TIMESTAMP, '1'::UTINYINT, a::HUGEINT, '{"k": 1}'::JSON FROM t ORDER BY ALL
SELECT quantile_cont(x, 0.5), quantile_disc(x, [0.25, 0.75]), median(x), mode(b), stddev(x), var_pop(x), skewness(x), kurtosis(a), mad(x), entropy(b) FROM t
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x), approx_quantile(x, 0.5), approx_count_distinct(b) FROM t
SELECT corr(a, x), covar_pop(a, x), regr_slope(x, a), regr_intercept(x, a), product(a), geomean(a) FROM t
SELECT arg_max(b, x), arg_min(b, x), max_by(b, x), min_by(a, x), max(x, 2), any_value(flag), first(a ORDER BY a), last(a ORDER BY a) FROM t
SELECT string_agg(b, ', ' ORDER BY a), group_concat(b, '|' ORDER BY a), list(a ORDER BY a), array_agg(DISTINCT b ORDER BY b) FROM t
SELECT histogram(b), bool_and(flag), bool_or(flag), count_if(x > 1), sum(DISTINCT a), bit_or(a) FROM t
SELECT regexp_extract(b, '(\w)', 1), regexp_replace(b, 'x', 'q', 'g'), regexp_extract_all('a1b2', '\d'), regexp_split_to_array('a,b', ',') FROM t ORDER BY ALL
SELECT upper(b), lower(b), length(b), len(b), trim(b), ltrim(b), rtrim(b, 'x'), left(b, 1), right(b, 1), substr(b, 1, 1), substring(b FROM 1 FOR 1), reverse(b), concat(b, a), concat_ws('-', a, b) FROM t ORDER BY ALL
SELECT lpad(a::VARCHAR, 5, '0'), rpad(b, 3, ' '), repeat('ab', 3), replace(b, 'x', 'y'), split_part('a-b', '-', 2), string_split('a b', ' '), strip_accents('ção'), starts_with(b, 'x'), contains(b, 'x'), position('x' IN b), instr(b, 'x'), chr(65), ascii('A'), initcap_ FROM (SELECT *, 1 AS initcap_ FROM t) ORDER BY ALL
SELECT format('{:,} {}', a, b), printf('%05.1f%%', x), bar(a, 0, 3, 10), format_bytes(1000), md5(b), hash(b) IS NOT NULL, levenshtein(b, 'xy'), jaro_winkler_similarity(b, 'xy') FROM t ORDER BY ALL
SELECT round(x, 1), floor(x), ceil(x), abs(-x), sqrt(x), ln(x), log10(x), log2(x), exp(1), pow(x, 2), x ^ 2, sign(a), greatest(a, 2), least(a, x), mod(a, 2), trunc(x), pi(), sin(x), gcd(a, 4), isnan(x) FROM t ORDER BY ALL
SELECT coalesce(b, '-'), ifnull(b, '-'), nullif(b, 'x'), if(flag, 1, 0) FROM t ORDER BY ALL
SELECT l[1], l[1:2], l[-1], list_sum(l), list_avg(l), len(l), list_contains(l, 1), list_sort(l), list_distinct(l), array_length(l), list_slice(l, 1, 2), list_max(l), list_concat(l, [9]), [1, 2] FROM t ORDER BY a
SELECT list_transform(l, lambda v: v + 1), list_filter(l, lambda v: v > 1), [v * 2 FOR v IN l IF v > 1], list_reduce([1, 2, 3], lambda p, q: p + q) FROM t ORDER BY a
SELECT unnest(l) AS v FROM t ORDER BY v
SELECT a, v FROM t, unnest(l) AS e(v) ORDER BY ALL
SELECT a, e.v FROM t CROSS JOIN UNNEST(l) AS e(v) ORDER BY ALL
SELECT s.k, s['v'], struct_extract(s, 'k'), {'p': a, 'q': {'r': b}}, row(a, b), struct_pack(n := a), (s).k, t.s.v FROM t ORDER BY a
SELECT m['k'], map_keys(m), map_values(m), MAP {'p': 1}, map([1], [2]), element_at(m, 'k'), cardinality(m) FROM t ORDER BY a
SELECT j->>'$.k', j->'k', json_extract(j, '$.k'), json_extract_string(j, '$.list[0]'), j.k, json_array_length(j, '$.list'), json_type(j), json_keys(j), json_valid('{}'), to_json(s), json_object('p', a) FROM t ORDER BY a
SELECT je.key, je.value FROM t, json_each(j) AS je ORDER BY ALL
SELECT * FROM generate_series(1, 10) AS g(i)
SELECT * FROM range(5)
SELECT i FROM range(1, 10, 2) AS r(i)
SELECT m FROM generate_series(DATE '2024-01-01', DATE '2024-12-01', INTERVAL 1 MONTH) AS g(m)
SELECT unnest(generate_series((SELECT min(d) FROM t), (SELECT max(d) FROM t), INTERVAL 1 MONTH)) AS m
WITH days AS (SELECT unnest(range(DATE '2024-01-01', DATE '2024-01-10', INTERVAL 1 DAY)) AS day) SELECT day, count(t.a) FROM days LEFT JOIN t ON t.d = day GROUP BY day ORDER BY day
PIVOT t ON b USING sum(x) GROUP BY flag
SELECT * FROM (PIVOT (SELECT a, b, x FROM t) ON b IN ('x', 'y') USING sum(x)) ORDER BY ALL
SELECT * FROM (SELECT b, flag, x FROM t) PIVOT (sum(x) FOR b IN ('x', 'y')) ORDER BY ALL
UNPIVOT (SELECT a, x, a + 1 AS y FROM t) ON x, y INTO NAME what VALUE n
SELECT * FROM (SELECT a, x, x + 1 AS y FROM t) UNPIVOT (n FOR what IN (x, y)) ORDER BY ALL
SELECT count(*) <= 3 FROM t USING SAMPLE 50%
SELECT count(*) <= 3 FROM t TABLESAMPLE RESERVOIR(2)
SELECT a AS n, n + 1 AS next FROM t WHERE n > 1 ORDER BY next
SELECT t FROM t ORDER BY t.a
SELECT rowid, a FROM t ORDER BY a
SELECT total: a + 1 FROM t ORDER BY ALL
SELECT b.upper().lower() FROM t ORDER BY ALL
SELECT 'it''s; DROP TABLE t --' AS s, '/* no comment */', '--'
SELECT a /* the key */ FROM t -- all of it
SELECT a AS "order", b AS "select from" FROM t ORDER BY "order"
SELECT 'ação' AS "Descrição", '😀 naïve' AS ícone
SELECT 1_000_000, 1e3, .5, 0x1F, 1e-3
SELECT $$dollar 'quoted'$$, e'tab\there'
SELECT DATE '2024-01-01', TIMESTAMP '2024-01-01 10:00:00', TIME '10:00', INTERVAL '1' YEAR
SELECT true AND NOT false OR NULL IS NULL
SELECT a, count(*) OVER (PARTITION BY b) FROM t ORDER BY a LIMIT 50%
SELECT b, max(x) - min(x) AS spread FROM t WHERE flag GROUP BY b ORDER BY spread DESC NULLS FIRST, b COLLATE NOCASE
SELECT * FROM t WHERE b = 'x' AND (flag OR a > 1) AND NOT (x < 0) ORDER BY ALL LIMIT (SELECT 2)
SELECT a FROM t ORDER BY x IS NULL, b = 'x' DESC, lower(b), a
SELECT concat('R$ ', round(sum(x), 2)) FROM t
SELECT sum(CASE WHEN b = 'x' THEN x END) * 100.0 / sum(x) AS pct FROM t
SELECT b, x, x - lag(x) OVER (PARTITION BY b ORDER BY d) AS delta FROM t ORDER BY ALL
SELECT count(*) FROM t AS one JOIN t AS two ON one.a < two.a
SELECT a FROM t WHERE d IN ('2024-01-15', '2024-02-20') ORDER BY a
SELECT a.a FROM t AS a ORDER BY ALL
SELECT year(d) AS year, month(d) AS month, sum(x) AS total FROM t GROUP BY year, month ORDER BY year, month
SELECT list_aggregate(l, 'sum'), list_string_agg(['p', 'q']), flatten([[1], [2]]), list_zip([1], [2]), generate_subscripts([5, 6], 1) FROM t ORDER BY ALL
SELECT typeof(a), pg_typeof(b), alias(a) FROM t LIMIT 1
SELECT equi_width_bins(0, 10, 2, true), width FROM (SELECT 1 AS width)
SELECT a FROM t WHERE b IN ('x', 'y') AND a BETWEEN 1 AND 3 AND b NOT BETWEEN 'm' AND 'n' ORDER BY a
DESCRIBE t
DESCRIBE SELECT a, b FROM t
SUMMARIZE u
SUMMARIZE SELECT a FROM t
SHOW TABLES
SHOW ALL TABLES
SHOW t
EXPLAIN SELECT a FROM t
SELECT a FROM t ORDER BY a LIMIT 10 OFFSET 5
SELECT count() FROM t
SELECT COUNT(*) FILTER (WHERE x > 1), COUNT(*) FILTER (x > 1) FROM t
SELECT * FROM t WHERE b IN ['x', 'y']
SELECT * FROM t WHERE list_contains(['x'], b)
SELECT x::INT / 2 FROM t
SELECT * FROM t ORDER BY a DESC NULLS LAST
SELECT DISTINCT ON (b) * FROM t ORDER BY b, d DESC
SELECT strftime(d, '%B %Y') FROM t
SELECT strftime('%Y-%m', d) FROM t
SELECT b[1], b[1:1], b[-1:] FROM t
SELECT 'a' || NULL, concat('a', NULL)
SELECT sum(x) AS total, sum(x) / (SELECT sum(x) FROM t) AS share FROM t GROUP BY b
WITH m AS (SELECT date_trunc('month', d) AS mon, sum(x) AS s FROM t GROUP BY 1) SELECT mon, s, s - lag(s) OVER (ORDER BY mon) AS diff, 100.0 * (s / lag(s) OVER (ORDER BY mon) - 1) AS pct FROM m ORDER BY mon
SELECT b, sum(x) AS s, rank() OVER (ORDER BY sum(x) DESC) FROM t GROUP BY b
SELECT b, count(*) FROM t GROUP BY b HAVING count(*) > (SELECT avg(n) FROM (SELECT count(*) AS n FROM t GROUP BY b))
SELECT * FROM t WHERE d >= date_trunc('year', current_date)
SELECT * FROM t WHERE d BETWEEN current_date - INTERVAL '30' DAY AND current_date
SELECT * FROM t WHERE date_part('dow', d) IN (0, 6)
SELECT * FROM t WHERE isodow(d) = 1
SELECT today() - INTERVAL 1 YEAR, current_timestamp::DATE, get_current_timestamp() IS NOT NULL
SELECT d + to_days(3), d + to_months(1) FROM t
SELECT make_timestamp(2024, 1, 1, 0, 0, 0)
SELECT CAST(ts AS DATE), ts::TIME, epoch_ms(1700000000000) FROM t
SELECT first(b ORDER BY d DESC), last(b), any_value(b) FROM t
SELECT list(DISTINCT b ORDER BY b), list(x)[1:2] FROM t
SELECT array_agg({'b': b, 'x': x}) FROM t
SELECT max_by(b, x), min_by(b, x), arg_max(b, x, 2) FROM t
SELECT approx_quantile(x, [0.25, 0.5, 0.75]) FROM t
SELECT quantile_cont(x, [0.25, 0.75]) FROM t
SELECT histogram(x, [0, 2, 4]) FROM t
SELECT width_bucket_ FROM (SELECT floor(x / 2) * 2 AS width_bucket_ FROM t)
SELECT round(100.0 * count(*) FILTER (WHERE flag) / count(*), 1) || '%' FROM t
SELECT mode() WITHIN GROUP (ORDER BY b) FROM t
SELECT a, b, sum(x) OVER (PARTITION BY b ORDER BY d ROWS UNBOUNDED PRECEDING) FROM t
SELECT a, avg(x) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING) FROM t
SELECT a, sum(x) OVER (ORDER BY a RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM t
SELECT a, sum(x) OVER (ORDER BY a GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t
SELECT a, lead(x) OVER (PARTITION BY b ORDER BY d) - x FROM t
SELECT a, cume_dist() OVER (ORDER BY x), ntile(4) OVER (ORDER BY x) FROM t
SELECT lag(x IGNORE NULLS) OVER (ORDER BY a) FROM t
SELECT t1.a, t2.a FROM t t1 INNER JOIN t t2 ON t1.b = t2.b AND t1.a <> t2.a
SELECT * FROM t LEFT JOIN u ON t.a = u.a WHERE u.a IS NULL
SELECT * FROM t RIGHT JOIN u USING (a)
SELECT * FROM t FULL JOIN u USING (a)
SELECT * FROM t JOIN u ON t.a = u.a JOIN t AS t3 ON t3.a = u.a
SELECT * FROM t ASOF LEFT JOIN u USING (a, d)
SELECT * FROM (t JOIN u USING (a))
SELECT * FROM t, LATERAL (SELECT max(c) AS c FROM u WHERE u.a <= t.a) l
SELECT * FROM t CROSS JOIN LATERAL (SELECT unnest(l) AS e) z
SELECT a, unnest(l) AS e FROM t
SELECT unnest(s) FROM t
SELECT unnest([{'a': 1, 'b': 2}], recursive := true)
SELECT * FROM unnest([1, 2, 3]) WITH ORDINALITY AS u(v, i)
SELECT json_extract_string(j, '$.k')::INT + 1 FROM t
SELECT j->'list'->>0, j->>'list[0]', (j->'$.k')::INT FROM t
SELECT json_group_array(b), json_group_object(b, x) FROM t
SELECT from_json(j, '{"k": "INTEGER"}') FROM t
SELECT * FROM t WHERE regexp_matches(b, '(?i)X')
SELECT regexp_replace(b, '[^a-z]', '', 'g'), regexp_extract('a1', '([a-z])(\d)', ['l', 'n']) FROM t
SELECT b SIMILAR TO 'x|y', b NOT SIMILAR TO 'z', b !~ 'z', b ~~ 'x%', b !~~ 'z%', b ~~* 'X%' FROM t
SELECT b ^@ 'x', b LIKE '%50\%' ESCAPE '\' FROM t
SELECT CASE WHEN x >= 2 AND x < 3 THEN '2-3' ELSE 'other' END AS bucket, count(*) FROM t GROUP BY bucket
SELECT coalesce(nullif(trim(b), ''), 'n/a') FROM t
SELECT try_cast('abc' AS INTEGER), TRY(1 / 0)
SELECT x <> 'NaN'::DOUBLE, isnan(x), x IS NOT NULL FROM t
SELECT a = ANY (SELECT a FROM u), a IN (VALUES (1), (2)), a NOT IN (SELECT a FROM u WHERE a IS NOT NULL) FROM t
SELECT EXISTS (SELECT 1 FROM t WHERE a > 2) AS big, NOT EXISTS (FROM u WHERE a > 100)
SELECT COLUMNS(* EXCLUDE (j, m, s, l)) FROM t
SELECT * EXCLUDE (j, m), x * 2 AS xx FROM t
SELECT sum(COLUMNS(['a', 'x'])) FROM t
SELECT min(COLUMNS('a|x')), max(COLUMNS('a|x')) FROM t
SELECT struct_pack(a := a, b := b), row_to_json({'a': a}) FROM t
SELECT s.*, t.a FROM t
SELECT map_from_entries([('k', 1)]), map_keys(m)[1], m.k FROM t
SELECT [1, 2, 3] || [4], list_append([1], 2), [x * 2 FOR x IN [1, 2] IF x > 1], list_sort([3, 1], 'DESC')
SELECT list_transform([1, 2], lambda x, i: x + i), list_reduce([1, 2], lambda acc, x: acc + x), list_filter([1, 2], lambda x: x > 1)
SELECT array_value(1, 2), [1.0, 2.0]::FLOAT[2], array_distance([1.0]::FLOAT[1], [2.0]::FLOAT[1])
SELECT if(a > 1, 'y', 'n'), CASE a WHEN 1 THEN 'one' END, ifnull(x, 0) FROM t
PIVOT t ON b USING sum(x) AS s, count(*) AS n GROUP BY flag
PIVOT (SELECT b, flag, x FROM t) ON b IN ('x', 'y') USING avg(x)
FROM t PIVOT (sum(x) FOR b IN ('x', 'y') GROUP BY flag)
WITH p AS (PIVOT t ON b USING sum(x) GROUP BY flag) SELECT * FROM p
UNPIVOT (SELECT a, x FROM t) ON COLUMNS(* EXCLUDE (a)) INTO NAME n VALUE v
SELECT * FROM t UNPIVOT (v FOR n IN (x)) ORDER BY 1
SELECT * FROM t LIMIT 10%
SELECT a, b FROM t GROUP BY 1, 2 ORDER BY 1
SELECT a FROM t UNION ALL SELECT a FROM u UNION ALL SELECT 5 ORDER BY a LIMIT 2
SELECT a FROM t EXCEPT ALL SELECT a FROM u
(SELECT a FROM t) UNION (SELECT a FROM u) ORDER BY 1 LIMIT 3
SELECT grouping(b), b, sum(x) FROM t GROUP BY CUBE (b)
SELECT b, flag, sum(x) FROM t GROUP BY b, ROLLUP (flag)
SELECT * FROM t WHERE (b, flag) = ('x', true)
SELECT t.* FROM t WHERE t.a > ALL (SELECT 0)
SELECT a AS "Número", 1 AS _x, 2 AS x1 FROM t
SELECT "t"."a" FROM "main"."t" AS "t"
SELECT 1 AS a, a + 1 AS b, b * 2 AS c
SELECT (1, 'a'), ROW(1, 2), {'x': 1}['x']
SELECT 1 WHERE 1 = 1 AND TRUE IS NOT FALSE AND NULL IS DISTINCT FROM 1
SELECT date_diff('month', DATE '2024-01-31', DATE '2024-03-01'), datesub('month', DATE '2024-01-31', DATE '2024-03-01')
SELECT dayname(d), strptime('01/02/2024', '%d/%m/%Y')::DATE, try_strptime('x', '%d') FROM t
SELECT generate_series FROM generate_series(DATE '2024-01-01', DATE '2024-02-01', INTERVAL 1 WEEK)
SELECT range FROM range(3)
SELECT count(DISTINCT (a, b)) FROM t
SELECT sum(DISTINCT x), avg(DISTINCT x) FROM t
SELECT b, ARRAY(SELECT c FROM u WHERE u.a = t.a) FROM t
SELECT ARRAY[1, 2], [a, 1] FROM t
SELECT a FROM t QUALIFY count(*) OVER (PARTITION BY b) > 1
SELECT a, row_number() OVER () FROM t
WITH RECURSIVE cal AS (SELECT DATE '2024-01-01' AS day UNION ALL SELECT day + 1 FROM cal WHERE day < DATE '2024-01-05') SELECT day::DATE FROM cal
WITH a AS NOT MATERIALIZED (SELECT 1 AS x) SELECT * FROM a
SELECT format('{:.2f}', x), printf('%.1f', x), x::DECIMAL(10,1) FROM t
SELECT replace(b, 'x', ''), translate(b, 'xy', 'ab'), split_part(b, ',', 1), string_split(b, ','), left(b, 2), substring(b, 1, 2), b.upper(), concat_ws('-', a, b) FROM t
SELECT md5(b), sha256(b), hash(a) > 0, uuid() IS NOT NULL, gen_random_uuid() IS NOT NULL, random() >= 0 FROM t
SELECT greatest(1, 2, NULL), least(a, x) FROM t
SELECT sqrt(x), cbrt(8), exp(x), ln(x), log(x), log2(x), degrees(pi()), atan2(1, 2), trunc(2.7), even(3), sign(-1) FROM t
SELECT stddev_samp(x), var_samp(x), corr(a, x), covar_samp(a, x), regr_r2(x, a), kurtosis(a), sem(x) FROM t
SELECT bool_and(flag), bit_xor(a), product(a), favg(x), fsum(x) FROM t
SELECT a FROM t WHERE b = 'x' -- filter
SELECT * FROM (SELECT a, b FROM t) AS sub(id, label) WHERE id > 1
SELECT x.id FROM (VALUES (1), (2)) x(id)
SELECT CURRENT_DATE, CURRENT_TIME IS NOT NULL, LOCALTIMESTAMP IS NOT NULL, NOW() IS NOT NULL
SELECT year(d) || '-Q' || quarter(d) AS q, count(*) FROM t GROUP BY ALL ORDER BY q
SELECT date_trunc('week', d)::DATE AS wk, count(*) FROM t GROUP BY wk ORDER BY wk
SELECT time_bucket(INTERVAL '3 months', d, DATE '2024-01-01') FROM t
SELECT ts AT TIME ZONE 'UTC' AT TIME ZONE 'America/New_York' IS NOT NULL FROM t
SELECT timezone('UTC', ts) IS NOT NULL FROM t
SELECT extract('epoch' FROM ts), extract(isoyear FROM d), date_part(['year', 'month'], d) FROM t
SELECT age(ts), age(d, DATE '2020-01-01') IS NOT NULL FROM t LIMIT 0
SELECT a, b FROM t ORDER BY 2, 1 DESC
SELECT max(a) - min(a) AS span, count(*) * 1.0 / nullif(count(DISTINCT b), 0) FROM t
SELECT b, x, sum(x) OVER w, avg(x) OVER w FROM t WINDOW w AS (PARTITION BY b ORDER BY d)
SELECT * FROM t POSITIONAL JOIN u
SELECT * FROM t ANTI JOIN u ON t.a = u.a
SELECT TRIM(BOTH 'x' FROM b), TRIM(LEADING FROM b), POSITION('x' IN b), OVERLAY_ FROM (SELECT *, 1 AS OVERLAY_ FROM t)
SELECT 'tab	inside', 'new'
SELECT COUNT ( * ) , SUM ( x ) FROM t
SELECT a FROM t WHERE NOT (b = 'x' OR b = 'y') IS TRUE
SELECT a FROM t WHERE b IS NULL OR b = ''
SELECT a, CASE WHEN lag(b) OVER (ORDER BY a) = b THEN 0 ELSE 1 END AS changed FROM t
