// How many rows of its answer a run has written; runs in the transaction of the batch.
// mode: write
// parameters: id STRING, done INTEGER
// columns: state STRING
// oldest: 5.0
MATCH (r:RefgraphRun {id: $id})
SET r.done = $done
RETURN r.state AS state
