// How many nodes there are at all, from the server's own count.
// mode: read
// needs:
// gives: nodes INTEGER
// oldest: 5.0
MATCH (n)
RETURN count(n) AS nodes
