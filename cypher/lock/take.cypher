// Takes the lease of the only writer where it is free or has run out, and raises the fencing token; the first SET locks the node.
// takeover: the token of a holder that is known to be dead, whose lease need not run out.
// mode: write
// needs: holder STRING, lease INTEGER, takeover INTEGER
// gives: taken BOOLEAN, token INTEGER, holder STRING, wait INTEGER
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
