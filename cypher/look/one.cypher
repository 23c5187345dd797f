// The least that a server can be asked: after it the bookmark of the session is the version of the database.
// mode: read
// needs:
// gives: one INTEGER
// oldest: 5.0
RETURN 1 AS one
