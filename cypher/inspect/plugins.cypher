// How many procedures of APOC and of Graph Data Science there are.
// mode: read
// parameters:
// columns: apoc INTEGER, gds INTEGER
// oldest: 5.0
SHOW PROCEDURES YIELD name
RETURN sum(CASE WHEN name STARTS WITH 'apoc.' THEN 1 ELSE 0 END) AS apoc
, sum(CASE WHEN name STARTS WITH 'gds.' THEN 1 ELSE 0 END) AS gds
