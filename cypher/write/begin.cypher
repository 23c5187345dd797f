// The ledger node of a load: what is being written, and nothing of it done.
// mode: write
// needs: identity STRING, about STRING, rows STRING, source STRING, version STRING
// gives: state STRING
// oldest: 5.0
MERGE (n:RefgraphLoad {id: 'load'})
SET n.identity = $identity, n.fingerprint = '', n.census = null, n.answers = null, n.state = 'loading'
SET n.code = null, n.settled = null
SET n.about = $about, n.rows = $rows, n.done = '{}', n.source = $source, n.version = $version
SET n.started = datetime(), n.finished = null
RETURN n.state AS state
