// Deletes a batch of affiliations without a row number.
// mode: write
// parameters: size INTEGER
// columns: removed INTEGER
// oldest: 5.0
MATCH (:Customer)-[n:BELONGS_TO]->(:Group)
WHERE n.refgraph_row IS NULL
WITH n LIMIT $size
DELETE n
RETURN count(*) AS removed
