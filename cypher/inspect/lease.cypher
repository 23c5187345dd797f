// Who holds the lease of the only writer, and for how many more milliseconds.
// mode: read
// parameters:
// columns: holder STRING, wait INTEGER
// oldest: 5.0
MATCH (k:RefgraphLock {id: 'load'})
WHERE k.until > timestamp()
RETURN k.holder AS holder
, k.until - timestamp() AS wait
