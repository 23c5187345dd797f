// Deletes the blocks of other loads.
// mode: write
// parameters: stamp STRING
// columns: removed INTEGER
// oldest: 5.0
MATCH (b:RefgraphBlock)
WHERE b.id > '' AND b.stamp <> $stamp
DELETE b
RETURN count(*) AS removed
