// Marks a load as complete, and sets its fingerprint.
// mode: write
// parameters: identity STRING, done STRING, fingerprint STRING
// columns: state STRING
// oldest: 5.0
MATCH (n:RefgraphLoad {id: 'load'})
WHERE n.identity = $identity
SET n.done = $done, n.state = 'complete', n.fingerprint = $fingerprint
SET n.finished = datetime()
RETURN n.state AS state
