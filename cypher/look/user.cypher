// Who is signed in, and with which roles, where the edition has any.
// mode: read
// needs:
// gives: user STRING, roles LIST<STRING>
// oldest: 5.0
SHOW CURRENT USER YIELD user, roles
RETURN user AS user
, roles AS roles
