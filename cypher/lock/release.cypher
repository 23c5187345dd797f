// Gives up the lease, if it is still ours.
// mode: write
// parameters: token INTEGER
// columns: token INTEGER
// oldest: 5.0
MATCH (k:RefgraphLock {id: 'load'})
WHERE k.token = $token
SET k.until = 0, k.holder = null
RETURN k.token AS token
