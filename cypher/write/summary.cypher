// Writes rows of the ledger, the findings or the rejects of a load.
// mode: write
// parameters: rows INTEGER, first INTEGER, values MAP
// columns: written INTEGER
// oldest: 5.0
UNWIND range(0, $rows - 1) AS i
MERGE (n:`<label>` {refgraph_row: $first + i})
SET n.`<plain>` = $values.`<plain>`[i]
RETURN count(n) AS written
