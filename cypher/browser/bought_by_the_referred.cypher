// What did the customers buy that each customer referred directly?
// mode: read
// parameters:
// columns: id STRING, name STRING, revenue FLOAT
// oldest: 5.0
MATCH (a:Customer)-[:REFERRED]->(b:Customer)
WITH DISTINCT a, b
MATCH (b)-[:PLACED]->(o:Order)
RETURN a.id AS id
, a.name AS name
, sum(o.revenue) AS revenue
ORDER BY revenue DESC, id LIMIT 10
