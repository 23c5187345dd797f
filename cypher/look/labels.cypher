// How many nodes there are of a label, from the server's own count.
// mode: read
// needs:
// gives: nodes INTEGER
// oldest: 5.0
MATCH (n:`<label>`)
RETURN count(n) AS nodes
