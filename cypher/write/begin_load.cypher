// Writes the ledger node of a new load: what is to be written, with no rows done yet.
// mode: write
// parameters: identity STRING, about STRING, rows STRING, source STRING, version STRING
// columns: state STRING
// oldest: 5.0
MERGE (n:RefgraphLoad {id: 'load'})
SET n.identity = $identity, n.fingerprint = '', n.census = null, n.answers = null, n.state = 'loading'
SET n.answers_version = null, n.settled = null
SET n.about = $about, n.rows = $rows, n.done = '{}', n.source = $source, n.version = $version
SET n.started = datetime(), n.finished = null
RETURN n.state AS state
