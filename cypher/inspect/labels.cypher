// Labels of the database, in order.
// mode: read
// parameters:
// columns: label STRING
// oldest: 5.0
CALL db.labels() YIELD label
RETURN label AS label
ORDER BY label
