// Where a range of an indexed property ends that has a given number of nodes; no row for the last range.
// mode: read
// parameters: after ANY, skip INTEGER
// columns: until ANY
// oldest: 5.0
MATCH (n:`<label>`)
WHERE n.`<key>` > $after
WITH n.`<key>` AS key ORDER BY key
SKIP $skip LIMIT 1
RETURN key AS until
