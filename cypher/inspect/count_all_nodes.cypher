// How many nodes there are, from the server's own count.
// mode: read
// parameters:
// columns: nodes INTEGER
// oldest: 5.0
MATCH (n)
RETURN count(n) AS nodes
