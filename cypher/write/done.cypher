// How far a load has come, and in which state it is; in the transaction of the batch that it speaks of.
// mode: write
// needs: identity STRING, done STRING, state STRING
// gives: state STRING
// oldest: 5.0
MATCH (n:RefgraphLoad {id: 'load'})
WHERE n.identity = $identity
SET n.done = $done, n.state = $state
SET n.finished = CASE WHEN $state = 'complete' THEN datetime() END
RETURN n.state AS state
