// Renews the lease in the transaction of a batch; returns no row if the token is no longer ours.
// mode: write
// parameters: token INTEGER, lease INTEGER
// columns: token INTEGER
// oldest: 5.0
MATCH (k:RefgraphLock {id: 'load'})
SET k.asked = timestamp()
WITH k WHERE k.token = $token
SET k.until = timestamp() + $lease
RETURN k.token AS token
