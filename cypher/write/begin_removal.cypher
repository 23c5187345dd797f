// Marks the load as being removed, so that nobody reads a part of it.
// mode: write
// parameters:
// columns: state STRING
// oldest: 5.0
MERGE (n:RefgraphLoad {id: 'load'})
SET n.state = 'removing'
RETURN n.state AS state
