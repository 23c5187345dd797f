// The cheapest query; after it the bookmark of the session is the version of the database.
// mode: read
// parameters:
// columns: one INTEGER
// oldest: 5.0
RETURN 1 AS one
