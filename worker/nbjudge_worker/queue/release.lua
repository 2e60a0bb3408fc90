-- Give a job back before its lease lapses, if the lease is still the caller's.
-- KEYS: jobs. ARGV: group, worker, entry, idle time in milliseconds to pretend,
--       '1' if the delivery counts.
local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])
if pending['err'] or #pending == 0 then
  return 0
end
local deliveries = pending[1][4]
if ARGV[5] ~= '1' then
  deliveries = deliveries - 1
end
redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[3],
  'IDLE', ARGV[4], 'RETRYCOUNT', deliveries, 'JUSTID')
return 1
