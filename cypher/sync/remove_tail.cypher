// Deletes rows of the ledger, the findings or the rejects from a row number on.
// mode: write
// parameters: first INTEGER, size INTEGER
// columns: removed INTEGER
// oldest: 5.0
MATCH (n:`<label>`)
WHERE n.refgraph_row >= $first
WITH n LIMIT $size
DELETE n
RETURN count(*) AS removed
