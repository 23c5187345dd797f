// Removes from a batch of nodes what certain runs wrote.
// mode: write
// parameters: runs LIST<STRING>, size INTEGER
// columns: cleared INTEGER
// oldest: 5.0
MATCH (n:`<label>`)
WHERE n.`<marker>` IN $runs
WITH n LIMIT $size
REMOVE n.`<plain>`
REMOVE n:`<mark>`
REMOVE n.`<marker>`
RETURN count(n) AS cleared
