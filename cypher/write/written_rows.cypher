// How many rows of each table a load has written; runs in the transaction of the batch.
// mode: write
// parameters: identity STRING, done STRING
// columns: state STRING
// oldest: 5.0
MATCH (n:RefgraphLoad {id: 'load'})
WHERE n.identity = $identity
SET n.done = $done
RETURN n.state AS state
