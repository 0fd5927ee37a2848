SELECT 1
SELECT * FROM t
select a, b from t where x > 1.5 and b is not null order by a desc limit 2 offset 1;
SELECT a FROM t ORDER BY a LIMIT 1, 2
VALUES (1, 2), (3, 4)
SELECT main.t.a FROM main.t
SELECT [a], `b`, "x" FROM [t]
SELECT a AS [My Name], b AS 'other name' FROM t
SELECT a FROM t WHERE b = "x"
SELECT T.A, t.B FROM T
SELECT count(*), count(DISTINCT b), sum(x), avg(x), min(d), max(d), total(a) FROM t
SELECT b, count(*) AS n, sum(x) FILTER (WHERE a > 1) FROM t GROUP BY b HAVING n >= 1 ORDER BY n DESC, b
SELECT b, a, max(x) FROM t GROUP BY b ORDER BY b
SELECT group_concat(b), group_concat(DISTINCT b), group_concat(b, '; ') FROM t
SELECT a, row_number() OVER (PARTITION BY b ORDER BY a DESC) AS rn, lag(a) OVER (ORDER BY a), lead(a, 1, 0) OVER (ORDER BY a) FROM t ORDER BY a
SELECT a, sum(x) OVER (ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t ORDER BY a
SELECT a, rank() OVER w, ntile(2) OVER w FROM t WINDOW w AS (ORDER BY x) ORDER BY a
SELECT t.a, u.c FROM t JOIN u ON t.a = u.a
SELECT t.*, u.c FROM t LEFT JOIN u USING (a) ORDER BY t.a
SELECT count(*) FROM t NATURAL JOIN u
SELECT t.a, u.c FROM t CROSS JOIN u ORDER BY 1, 2
SELECT t.a, u.c FROM t, u WHERE t.a = u.a
SELECT t.a FROM t LEFT OUTER JOIN u ON t.a = u.a WHERE u.a IS NULL
SELECT t.a FROM t INNER JOIN u ON t.a = u.a AND u.c <> 'q'
SELECT a FROM t WHERE a IN (SELECT a FROM u)
SELECT a FROM t WHERE a IN u_keys
SELECT a FROM t WHERE a NOT IN (1, 2)
SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a)
SELECT a FROM t WHERE NOT EXISTS (SELECT * FROM u WHERE u.a = t.a)
SELECT a FROM t WHERE (a, b) IN (SELECT a, c FROM u)
SELECT a FROM t WHERE x > (SELECT avg(x) FROM t)
SELECT (SELECT max(c) FROM u WHERE u.a = t.a) FROM t ORDER BY t.a
WITH r AS (SELECT b, sum(x) AS s FROM t GROUP BY b) SELECT * FROM r WHERE s > 0 ORDER BY b
WITH r(k, v) AS (SELECT b, x FROM t), q AS (SELECT max(v) AS m FROM r) SELECT * FROM r, q ORDER BY 1, 2
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) FROM n
WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) FROM n
WITH RECURSIVE days(day) AS (SELECT date('2024-01-01') UNION ALL SELECT date(day, '+1 day') FROM days WHERE day < '2024-01-20') SELECT day, count(t.a) FROM days LEFT JOIN t ON t.d = day GROUP BY day
WITH RECURSIVE tree AS (SELECT a, 0 AS depth FROM t WHERE a = 1 UNION ALL SELECT t.a, depth + 1 FROM t JOIN tree ON t.a = tree.a + 1) SELECT * FROM tree
SELECT a FROM t UNION SELECT a FROM u
SELECT a FROM t UNION ALL SELECT a FROM u ORDER BY 1
SELECT a FROM t INTERSECT SELECT a FROM u
SELECT a FROM t EXCEPT SELECT a FROM u
SELECT * FROM (SELECT a FROM t ORDER BY a LIMIT 1) UNION ALL SELECT * FROM (SELECT a FROM u)
SELECT DISTINCT b FROM t ORDER BY b
SELECT CASE WHEN x > 2 THEN 'high' WHEN x IS NULL THEN 'none' ELSE 'low' END AS level, count(*) FROM t GROUP BY level ORDER BY 1
SELECT CASE b WHEN 'x' THEN 1 ELSE 0 END, iif(x > 2, 'a', 'b'), coalesce(b, '-'), ifnull(b, '-'), nullif(b, 'x') FROM t ORDER BY a
SELECT a FROM t WHERE d BETWEEN '2024-01-01' AND '2024-12-31'
SELECT a FROM t WHERE b LIKE 'x%' OR b NOT LIKE '%z' OR b GLOB 'x*' ORDER BY a
SELECT a FROM t WHERE b LIKE 'x\_%' ESCAPE '\'
SELECT a FROM t WHERE b ISNULL OR b NOTNULL OR b IS NOT NULL
SELECT a FROM t WHERE b == 'x' AND a != 5 AND a <> 6 AND NOT (a < 0)
SELECT a IS NOT DISTINCT FROM 1, a IS DISTINCT FROM 1, b IS 'x', b IS NOT 'x' FROM t ORDER BY a
SELECT a + 1, a - -1, a * 2, a / 2, a % 2, -a, ~a, a << 1, a >> 1, a & 1, a | 1, b || 'z' FROM t ORDER BY a
SELECT CAST(x AS INTEGER), CAST(a AS TEXT), CAST(b AS REAL), CAST(a AS NUMERIC), typeof(a), typeof(b) FROM t ORDER BY a
SELECT strftime('%Y-%m', d), strftime('%Y', d), strftime('%d/%m/%Y', d), strftime('%j', d), strftime('%w', d), strftime('%W', d), strftime('%s', d), strftime('%J', d), strftime('%H:%M:%f', d) FROM t ORDER BY a
SELECT date(d), date(d, '+1 month'), date(d, 'start of month', '-1 day'), datetime(d), time('10:11:12'), julianday(d), unixepoch(d) FROM t ORDER BY a
SELECT date('now') > '2020', datetime('now', 'localtime') > '2020', strftime('%Y', 'now') > '2020', julianday('now') > 0, current_date > '2020', current_timestamp > '2020'
SELECT strftime('%Y', d) AS y, count(*) FROM t GROUP BY y ORDER BY y
SELECT julianday('2024-12-31') - julianday(d) FROM t ORDER BY a
SELECT upper(b), lower(b), length(b), trim(b), ltrim(b), rtrim(b, 'x'), substr(b, 1, 1), substr(b, -1), substring(b, 1, 1), replace(b, 'x', 'y'), instr(b, 'x'), hex(b), quote(b), char(65, 66), unicode(b) FROM t ORDER BY a
SELECT round(x, 1), round(x), abs(-x), max(a, 2), min(a, x), a % 2, random() IS NOT NULL, sign(a), ceil(x), floor(x), sqrt(x), pow(x, 2), ln(x), log10(x), log(2, 8), pi() FROM t ORDER BY a
SELECT printf('%.2f', x), printf('%05d', a), printf('%s-%s', a, b), format('%d', a), printf('R$ %,d', a) FROM t ORDER BY a
SELECT json_extract(j, '$.k'), j ->> '$.k', j -> '$.list', json_type(j), json_array_length(j, '$.list'), json_valid(j), json_object('p', a), json_array(a, b), json_group_array(a) FROM t GROUP BY a ORDER BY a
SELECT t.a, e.value FROM t, json_each(t.j, '$.list') AS e ORDER BY 1, 2
SELECT key, value, type FROM json_each('{"p": 1}')
SELECT a COLLATE NOCASE FROM t ORDER BY b COLLATE NOCASE DESC, a
SELECT a FROM t ORDER BY x NULLS LAST
SELECT a FROM t NOT INDEXED ORDER BY a
SELECT rowid, a FROM t ORDER BY rowid
SELECT x'414243', 1e3, .5, 0x1F, 'it''s; DROP TABLE t --'
SELECT 1 -- the key FROM nowhere
SELECT a /* DROP TABLE t */ FROM t ORDER BY a
SELECT 'ação' AS "Descrição", '😀'
SELECT a AS "select", b AS "from where" FROM t ORDER BY "select"
SELECT sum(CASE WHEN b = 'x' THEN x END) * 100.0 / sum(x) AS pct FROM t
SELECT count(*) FROM t AS one JOIN t AS two ON one.a < two.a
SELECT a FROM t WHERE a > 1 AND (b = 'x' OR (b = 'y' AND NOT x IS NULL)) ORDER BY a
SELECT b, cast(sum(x) AS REAL) / count(*) FROM t GROUP BY 1 ORDER BY 2 DESC
SELECT likely(a > 1), unlikely(a > 1), soundex_ FROM (SELECT *, 1 AS soundex_ FROM t) ORDER BY a
SELECT max(a), b FROM t
SELECT a FROM t WHERE b IN ('x', 'y') GROUP BY a HAVING count(*) > 0 ORDER BY count(*) DESC, a
PRAGMA table_info(t)
EXPLAIN SELECT a FROM t
EXPLAIN QUERY PLAN SELECT a FROM t
SELECT strftime('%Y', d) AS yr, strftime('%m', d) AS mon, SUM(x) FROM t GROUP BY yr, mon ORDER BY yr, mon
SELECT date(d, 'start of year'), date(d, 'weekday 0', '-6 days'), datetime(d, '+3 hours'), strftime('%Y-W%W', d) FROM t
SELECT CAST(strftime('%Y', d) AS INTEGER) - 1 FROM t
SELECT (julianday(max(d)) - julianday(min(d))) / 365.25 FROM t
SELECT ROUND(AVG(x), 2) AS "avg x", MAX(x) FROM t WHERE b LIKE '%x%' COLLATE NOCASE
SELECT b, COUNT(*) * 100.0 / (SELECT COUNT(*) FROM t) AS pct FROM t GROUP BY b
SELECT b, COUNT(*) * 100.0 / SUM(COUNT(*)) OVER () FROM t GROUP BY b
SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY b ORDER BY x DESC) AS rn FROM t) WHERE rn = 1
SELECT a, SUM(x) OVER (ORDER BY d ROWS UNBOUNDED PRECEDING) FROM t
SELECT a, AVG(x) OVER (ORDER BY a RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) FROM t
SELECT a, LAG(x, 1, 0) OVER w - x FROM t WINDOW w AS (PARTITION BY b ORDER BY d)
SELECT GROUP_CONCAT(b, ', ') FILTER (WHERE a > 1) FROM t
SELECT GROUP_CONCAT(b) OVER (ORDER BY a) FROM t
SELECT t.b, u.c FROM t LEFT JOIN u ON u.a = t.a AND u.c != '' ORDER BY t.b IS NULL, t.b
SELECT t1.b FROM t t1 JOIN t t2 ON t1.a = t2.a + 1
SELECT * FROM t INNER JOIN u USING (a, d)
SELECT DISTINCT b, COUNT(DISTINCT a) FROM t GROUP BY b HAVING COUNT(*) >= 1
SELECT * FROM t WHERE a IN (1, 2, 3) AND d >= '2024-01-01' AND d < '2025-01-01'
SELECT * FROM t WHERE date(d) BETWEEN date('2024-01-01') AND date('2024-01-01', '+1 year')
SELECT * FROM t WHERE d > date('now', '-100 years') AND strftime('%w', d) IN ('0', '1')
SELECT COALESCE(b, 'n/a') || ' (' || a || ')' FROM t
SELECT substr(d, 1, 7) AS ym, COUNT(*) FROM t GROUP BY 1
SELECT CASE WHEN x < 2 THEN 'low' WHEN x BETWEEN 2 AND 3 THEN 'mid' ELSE 'high' END bucket, COUNT(*) FROM t GROUP BY bucket
SELECT IIF(x > 2, 'y', 'n'), IFNULL(b, ''), NULLIF(a, 1), MAX(a, 2), MIN(1, 2, 3), ABS(-1) FROM t
SELECT json_extract(j, '$.list[0]'), json_extract(j, '$.k', '$.list'), j ->> 'k', j -> 'list' ->> 0 FROM t
SELECT json_each.value FROM t, json_each(t.j, '$.list')
SELECT je.value FROM t JOIN json_each(t.j, '$.list') je
SELECT (SELECT group_concat(value) FROM json_each(t.j, '$.list')) FROM t
SELECT key, atom, fullkey FROM json_tree('{"a": [1]}')
WITH RECURSIVE cnt(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM cnt WHERE x < 5) SELECT x FROM cnt
WITH RECURSIVE f(a, b) AS (SELECT 0, 1 UNION SELECT b, a + b FROM f LIMIT 10) SELECT a FROM f
WITH RECURSIVE months(m) AS (SELECT date('2024-01-01') UNION ALL SELECT date(m, '+1 month') FROM months WHERE m < '2024-06-01') SELECT m, (SELECT COUNT(*) FROM t WHERE strftime('%Y-%m', d) = strftime('%Y-%m', m)) FROM months
WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT * FROM a, b
WITH a AS MATERIALIZED (SELECT 1 AS x) SELECT * FROM a
SELECT a FROM t UNION SELECT a FROM u EXCEPT SELECT 9 ORDER BY a DESC LIMIT 5
SELECT a, (SELECT COUNT(*) FROM u WHERE u.a <= t.a) AS r FROM t ORDER BY r DESC LIMIT 1 OFFSET 1
SELECT * FROM t WHERE (b, a) = ('x', 1)
SELECT a, b FROM t WHERE b > 'a' AND b < 'z' AND length(b) = 1
SELECT printf('%.1f%%', 12.345), printf('%s: %d', b, a), format('%,.2f', x) FROM t
SELECT total(x), avg(x), sum(a) / 2, sum(a) / 2.0, 7 / 2, 7 % 2, 7.0 / 2 FROM t
SELECT round(x * 100) / 100, CAST(x AS INT), typeof(x), x || '' FROM t
SELECT NOT a, a IS 1, a IS NOT NULL, b IS NULL, a = 1 OR 0 FROM t
SELECT t.a AS id, t.b name FROM t AS t
SELECT "t"."a", "b" FROM "t" WHERE "t"."b" = 'x'
SELECT `a` FROM `t` WHERE `b` = "x"
SELECT 'a''b', "it""s", 'é', x'00ff', 1e2, -1, +1
SELECT lower(b) = 'x', upper(substr(b, 1, 1)) || substr(b, 2), trim(b), replace(b, 'x', ''), instr(b, 'x') > 0 FROM t
SELECT rowid, * FROM t
SELECT count(*) FROM t WHERE b NOT IN (SELECT c FROM u WHERE c IS NOT NULL)
SELECT a FROM t ORDER BY CASE b WHEN 'y' THEN 0 ELSE 1 END, a
SELECT a FROM t GROUP BY a ORDER BY SUM(x) DESC LIMIT 1
SELECT max(x), a, b FROM t
SELECT DISTINCT t.b FROM t WHERE t.x = (SELECT MAX(x) FROM t)
SELECT b, x, x - AVG(x) OVER (PARTITION BY b) FROM t
SELECT strftime('%s', 'now') - strftime('%s', d) > 0 FROM t
SELECT unixepoch('2024-01-01'), datetime(1700000000, 'unixepoch'), datetime('2024-01-01', 'utc') IS NOT NULL
SELECT * FROM t WHERE b LIKE 'x%' AND b NOT LIKE '%y' AND b GLOB '[a-z]*'
SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3
SELECT * FROM (VALUES (1, 'a'), (2, 'b'))
SELECT column1, column2 FROM (VALUES (1, 'a'))
SELECT nth_value(b, 2) OVER (ORDER BY a), first_value(b) OVER (ORDER BY a), cume_dist() OVER (ORDER BY a) FROM t
SELECT a FROM t WHERE x = 1.5 LIMIT -1
SELECT a FROM main.t WHERE a == 1 AND b == 'x'
SELECT ln(x), log(x), exp(1), power(x, 2), sqrt(x), mod(7, 3), sign(-2), pi(), trunc(x) FROM t
SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a) OR a > 2
SELECT COUNT(CASE WHEN b = 'x' THEN 1 END), SUM(b = 'x'), AVG(b = 'x') FROM t
SELECT coalesce(SUM(x), 0) FROM t WHERE 0
SELECT quote(b), hex(b), unicode(b), char(65), soundex_ FROM (SELECT *, 0 soundex_ FROM t)
