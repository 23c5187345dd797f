// Renews the lease in the transaction of a batch; no row comes back where the token is no longer ours.
// mode: write
// needs: token INTEGER, lease INTEGER
// gives: token INTEGER
// oldest: 5.0
MATCH (k:RefgraphLock {id: 'load'})
SET k.asked = timestamp()
WITH k WHERE k.token = $token
SET k.until = timestamp() + $lease
RETURN k.token AS token
