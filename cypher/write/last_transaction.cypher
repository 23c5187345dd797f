// Stores the id that the transaction of this very statement should get; while it is the last one, the load is unchanged.
// mode: write
// parameters: identity STRING, number INTEGER
// columns: settled INTEGER
// oldest: 5.0
MATCH (n:RefgraphLoad {id: 'load'})
WHERE n.identity = $identity AND n.state = 'complete'
SET n.settled = $number
RETURN n.settled AS settled
