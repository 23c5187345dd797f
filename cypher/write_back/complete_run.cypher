// Marks a run as complete and deletes the records of the runs that it replaced.
// mode: write
// parameters: id STRING, replaced LIST<STRING>
// columns: state STRING
// oldest: 5.0
MATCH (r:RefgraphRun {id: $id})
SET r.state = 'complete', r.finished = datetime()
WITH r
OPTIONAL MATCH (o:RefgraphRun)
WHERE o.id IN $replaced
DELETE o
RETURN DISTINCT r.state AS state
