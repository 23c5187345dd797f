// Waits until all indexes answer.
// mode: read
// needs: seconds INTEGER
// gives:
// oldest: 5.0
CALL db.awaitIndexes($seconds)
