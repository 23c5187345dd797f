// Deletes the records of all runs that wrote into nodes of a label, which are being deleted.
// mode: write
// parameters: label STRING
// columns: deleted INTEGER
// oldest: 5.0
MATCH (r:RefgraphRun)
WHERE r.id > '' AND r.label = $label
DELETE r
RETURN count(*) AS deleted
