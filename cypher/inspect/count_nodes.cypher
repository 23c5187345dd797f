// How many nodes of a label there are, from the server's own count.
// mode: read
// parameters:
// columns: nodes INTEGER
// oldest: 5.0
MATCH (n:`<label>`)
RETURN count(n) AS nodes
