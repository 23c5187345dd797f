// Marks a load as being brought up to date, so that nobody reads a part of it, and says what it will be.
// mode: write
// parameters: identity STRING, about STRING, rows STRING, source STRING, version STRING
// columns: state STRING
// oldest: 5.0
MATCH (n:RefgraphLoad {id: 'load'})
SET n.identity = $identity, n.state = 'syncing', n.about = $about, n.rows = $rows, n.done = $rows
SET n.census = null, n.answers = null, n.answers_version = null, n.settled = null
SET n.source = $source, n.version = $version, n.started = datetime(), n.finished = null
RETURN n.state AS state
