// Removes a property from a batch of relationships of a type.
// mode: write
// parameters: size INTEGER
// columns: removed INTEGER
// oldest: 5.0
MATCH (:Customer)-[n:`<type>`]->()
WHERE n.`<key>` IS NOT NULL
WITH n LIMIT $size
REMOVE n.`<key>`
RETURN count(n) AS removed
