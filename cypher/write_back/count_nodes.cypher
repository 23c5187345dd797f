// How many nodes of a label hold the values of a run.
// mode: read
// parameters: run STRING
// columns: nodes INTEGER
// oldest: 5.0
MATCH (n:`<label>`)
WHERE n.`<marker>` = $run
RETURN count(n) AS nodes
