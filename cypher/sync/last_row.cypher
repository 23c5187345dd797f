// The greatest row number of the nodes of a label.
// mode: read
// parameters:
// columns: row INTEGER
// oldest: 5.0
MATCH (n:`<label>`)
RETURN max(n.refgraph_row) AS row
