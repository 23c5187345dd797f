// Waits until all indexes are online.
// mode: read
// parameters: seconds INTEGER
// columns:
// oldest: 5.0
CALL db.awaitIndexes($seconds)
