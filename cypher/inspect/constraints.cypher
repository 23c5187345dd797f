// Constraints whose names begin with that of refgraph.
// mode: read
// parameters:
// columns: name STRING
// oldest: 5.0
SHOW CONSTRAINTS YIELD name
WHERE name STARTS WITH 'refgraph_'
RETURN name AS name
