// All runs that have written into the database, the newest first.
// mode: read
// parameters:
// columns: id STRING, identity STRING, analysis STRING, label STRING, marker STRING, names LIST<STRING>, labels LIST<STRING>, state STRING, done INTEGER, started STRING
// oldest: 5.0
MATCH (r:RefgraphRun)
WHERE r.id > ''
RETURN r.id AS id
, r.identity AS identity
, r.analysis AS analysis
, r.label AS label
, r.marker AS marker
, r.names AS names
, r.labels AS labels
, r.state AS state
, r.done AS done
, toString(r.started) AS started
ORDER BY id DESC
