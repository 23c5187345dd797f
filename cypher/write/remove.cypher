// Takes away a batch of nodes of one label; fails where relationships of somebody else still lead to one of them.
// mode: write
// needs: size INTEGER
// gives: removed INTEGER
// oldest: 5.0
MATCH (n:`<label>`)
WITH n LIMIT $size
DELETE n
RETURN count(*) AS removed
