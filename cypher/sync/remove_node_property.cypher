// Removes a property from a batch of nodes of a label.
// mode: write
// parameters: size INTEGER
// columns: removed INTEGER
// oldest: 5.0
MATCH (n:`<label>`)
WHERE n.`<key>` IS NOT NULL
WITH n LIMIT $size
REMOVE n.`<key>`
RETURN count(n) AS removed
