// Deletes a batch of orders without a row number.
// mode: write
// parameters: size INTEGER
// columns: removed INTEGER
// oldest: 5.0
MATCH (:Customer)-[p:PLACED]->(n:Order)
WHERE n.refgraph_row IS NULL
WITH p, n LIMIT $size
DELETE p, n
RETURN count(*) AS removed
