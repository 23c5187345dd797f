// How many nodes of a label have each of some properties.
// mode: read
// parameters:
// columns: nodes INTEGER, text INTEGER
// oldest: 5.0
MATCH (n:`<label>`)
RETURN count(n) AS nodes
, count(n.`<text>`) AS `<text>`
