// Time on the clock of the server, in milliseconds since 1970.
// mode: read
// parameters:
// columns: now INTEGER
// oldest: 5.0
RETURN timestamp() AS now
