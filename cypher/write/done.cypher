// How far a load has come; in the transaction of the batch that it speaks of.
// mode: write
// needs: identity STRING, done STRING
// gives: state STRING
// oldest: 5.0
MATCH (n:RefgraphLoad {id: 'load'})
WHERE n.identity = $identity
SET n.done = $done
RETURN n.state AS state
