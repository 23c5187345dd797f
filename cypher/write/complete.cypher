// Says that all of a load is there, and what its fingerprint is.
// mode: write
// needs: identity STRING, done STRING, fingerprint STRING
// gives: state STRING
// oldest: 5.0
MATCH (n:RefgraphLoad {id: 'load'})
WHERE n.identity = $identity
SET n.done = $done, n.state = 'complete', n.fingerprint = $fingerprint
SET n.finished = datetime()
RETURN n.state AS state
