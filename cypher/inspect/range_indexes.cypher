// Properties of one label that an index can read in order.
// mode: read
// parameters: label STRING
// columns: property STRING
// oldest: 5.0
SHOW INDEXES YIELD entityType, labelsOrTypes, properties, type, state
WHERE entityType = 'NODE' AND labelsOrTypes = [$label] AND size(properties) = 1
AND type = 'RANGE' AND state = 'ONLINE'
RETURN properties[0] AS property
ORDER BY property
