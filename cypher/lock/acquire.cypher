// Acquires the lease of the only writer if it is free or expired, and raises the fencing token.
// The first SET locks the node. takeover: token of a holder known to be dead, whose lease is not waited for.
// mode: write
// parameters: holder STRING, lease INTEGER, takeover INTEGER
// columns: taken BOOLEAN, token INTEGER, holder STRING, wait INTEGER
// oldest: 5.0
MERGE (k:RefgraphLock {id: 'load'})
ON CREATE SET k.token = 0, k.until = 0
SET k.asked = timestamp()
WITH k, k.until <= timestamp() OR k.token = $takeover AS free
SET k.token = CASE WHEN free THEN k.token + 1 ELSE k.token END
SET k.holder = CASE WHEN free THEN $holder ELSE k.holder END
SET k.until = CASE WHEN free THEN timestamp() + $lease ELSE k.until END
RETURN free AS taken
, k.token AS token
, k.holder AS holder
, k.until - timestamp() AS wait
