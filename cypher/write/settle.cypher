// The number that the transaction of this very statement is meant to get; while it is the last one, the load is as it was written.
// mode: write
// needs: identity STRING, number INTEGER
// gives: settled INTEGER
// oldest: 5.0
MATCH (n:RefgraphLoad {id: 'load'})
WHERE n.identity = $identity AND n.state = 'complete'
SET n.settled = $number
RETURN n.settled AS settled
