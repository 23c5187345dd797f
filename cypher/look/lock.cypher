// Who holds the lease of the only writer, and for how many milliseconds more.
// mode: read
// needs:
// gives: holder STRING, wait INTEGER
// oldest: 5.0
MATCH (k:RefgraphLock {id: 'load'})
WHERE k.until > timestamp()
RETURN k.holder AS holder
, k.until - timestamp() AS wait
