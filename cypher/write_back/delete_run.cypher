// Deletes the record of a run.
// mode: write
// parameters: id STRING
// columns: deleted INTEGER
// oldest: 5.0
MATCH (r:RefgraphRun {id: $id})
DELETE r
RETURN count(*) AS deleted
