// Rows of the account of a load: files with their ledger, findings, rejects.
// mode: write
// needs: rows INTEGER, first INTEGER, values MAP
// gives: written INTEGER
// oldest: 5.0
UNWIND range(0, $rows - 1) AS i
MERGE (n:`<label>` {refgraph_row: $first + i})
SET n.`<plain>` = $values.`<plain>`[i]
RETURN count(n) AS written
