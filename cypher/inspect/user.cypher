// The user who is signed in, and the roles, if the edition has roles.
// mode: read
// parameters:
// columns: user STRING, roles LIST<STRING>
// oldest: 5.0
SHOW CURRENT USER YIELD user, roles
RETURN user AS user
, roles AS roles
