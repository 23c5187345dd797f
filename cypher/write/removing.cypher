// Says that what was loaded is being removed, so that nobody reads the half of it.
// mode: write
// needs:
// gives: state STRING
// oldest: 5.0
MERGE (n:RefgraphLoad {id: 'load'})
SET n.state = 'removing'
RETURN n.state AS state
