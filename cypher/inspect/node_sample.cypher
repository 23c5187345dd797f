// Names of properties on the first nodes of a label.
// mode: read
// parameters: nodes INTEGER
// columns: key STRING
// oldest: 5.0
MATCH (n:`<label>`)
WITH n LIMIT $nodes
UNWIND keys(n) AS key
RETURN DISTINCT key AS key
