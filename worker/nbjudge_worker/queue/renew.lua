-- Keep the lease of a job, if it is still the caller's, without counting a delivery.
-- KEYS: jobs, cancel key of the submission. ARGV: group, worker, entry.
-- Returns: -1 the lease is lost, 1 the submission is cancelled, 0 all is well.
local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])
if pending['err'] or #pending == 0 then
  return -1
end
redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[3], 'JUSTID')
return redis.call('EXISTS', KEYS[2])
