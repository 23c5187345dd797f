// Deletes a batch of relationships of one type between nodes of two labels.
// mode: write
// parameters: size INTEGER
// columns: removed INTEGER
// oldest: 5.0
MATCH (:`<from>`)-[n:`<type>`]->(:`<to>`)
WITH n LIMIT $size
DELETE n
RETURN count(*) AS removed
