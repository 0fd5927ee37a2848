"""SQL typed where a question was expected is known as SQL; questions that begin like SQL are not."""

import pytest

from prosa.sources.guard import looks_like_sql

SQL = """
select 1
SELECT * FROM t
select name from stores
select count(*) from t
select distinct city from customers order by city
SELECT 'a'
SELECT [a b] FROM t
select now()
with x as (select 1) select * from x
WITH RECURSIVE n(i) AS (SELECT 1) SELECT * FROM n
(select 1) union (select 2)
-- why? select a from t
/* c */ select 1;
select 1; drop table t
values (1, 2)
FROM t
from t select a
TABLE t
PIVOT t ON a USING sum(b)
explain select 1
EXPLAIN ANALYZE SELECT 1
describe select * from t
summarize select * from t
show tables
SHOW ALL TABLES;
pragma table_info(t)
PRAGMA user_version
insert into t values (1)
replace into t values (1)
update t set a=1 where b=2
delete from orders
delete from orders where id = 3
DROP TABLE t
drop table if exists t;
truncate table t
create table x as select 1
alter table t add column z int
attach 'x.db'
copy t to 'x.csv'
install httpfs;
set threads = 4
call pragma_version()
vacuum;
BEGIN
begin transaction;
""".strip().splitlines()

QUESTIONS = """
select all stores
select the top 5 customers
Select customers by revenue
selecione as lojas
SELECT
show me sales
show sales by month
show tables of sales by month
describe customers
describe the customers
summarize sales
table of sales by month
with which stores did we sell most?
with discount
from 2024 to 2025 sales by store
from january
from which city do most customers come?
update me on sales
delete the filter
drop the last month
create a chart of sales by month
set the period to 2024
insert rate by month
replace rate
alter ego movies
truncated movies
attach rate of accessories
install base by country
import value by country
copy that
load factor by flight
call center tickets by month
begin with the best store
begin
commit rate by month
analyze sales
vacuum cleaners sold by month
pivot sales by month
explain the drop in sales
explain why sales dropped in march
values above average
values by month
top 5 customers by revenue
quantos pedidos no mês passado?
qual o total de vendas em 2024?
""".strip().splitlines()


@pytest.mark.parametrize("text", [line.replace("why? ", "why?\n") for line in SQL])
def test_a_statement_is_known(text):
    assert looks_like_sql(text)


@pytest.mark.parametrize("text", ["", "   ", "\x00", ";", *QUESTIONS])
def test_a_question_is_none(text):
    assert not looks_like_sql(text)
