// Marks a run whose properties and labels are being removed.
// mode: write
// parameters: id STRING
// columns: state STRING
// oldest: 5.0
MATCH (r:RefgraphRun {id: $id})
SET r.state = 'undoing'
RETURN r.state AS state
