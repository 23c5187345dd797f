// Deletes the record of the load, the lock and what is left of runs, in one transaction.
// mode: write
// parameters:
// columns: removed INTEGER
// oldest: 5.0
MATCH (n:RefgraphLoad|RefgraphLock|RefgraphRun)
DELETE n
RETURN count(*) AS removed
