// How many orders have no row number, because somebody else has added them.
// mode: read
// parameters:
// columns: orders INTEGER
// oldest: 5.0
MATCH (:Customer)-[:PLACED]->(n:Order)
WHERE n.refgraph_row IS NULL
RETURN count(DISTINCT n) AS orders
