// Deletes a batch of nodes of one label; fails if relationships of other programs are attached to one of them.
// mode: write
// parameters: size INTEGER
// columns: removed INTEGER
// oldest: 5.0
MATCH (n:`<label>`)
WITH n LIMIT $size
DELETE n
RETURN count(*) AS removed
