// The clock of the server, in milliseconds since 1970.
// mode: read
// needs:
// gives: now INTEGER
// oldest: 5.0
RETURN timestamp() AS now
