// Records a run that writes an answer into nodes, before it writes.
// mode: write
// parameters: id STRING, record MAP
// columns: done INTEGER
// oldest: 5.0
MERGE (r:RefgraphRun {id: $id})
SET r += $record
SET r.state = 'writing', r.done = 0, r.started = datetime()
RETURN r.done AS done
