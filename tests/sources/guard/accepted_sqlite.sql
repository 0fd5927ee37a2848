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
