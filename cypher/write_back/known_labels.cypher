// All labels of the database, also those without nodes.
// mode: read
// parameters:
// columns: name STRING
// oldest: 5.0
CALL db.labels() YIELD label
RETURN label AS name
