-- Take over a job whose lease has lapsed.
-- KEYS: jobs. ARGV: group, worker, lease in milliseconds, prefix of the cancel keys.
-- Returns: nothing, or the entry, its fields, its deliveries, and whether it is cancelled.
-- XPENDING looks for lapsed ones only; XAUTOCLAIM would stop after a few that are held.

-- A lease from before the server's clock was set back seems to be of the future, idle for 0 ms,
-- and would not lapse until the clock has caught up. So what is idle for 0 ms begins now.
local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], '-', '+', 1000)
if pending['err'] then  -- there is no group yet: who reads the stream is told so
  return {}
end
for _, held in ipairs(pending) do
  if held[3] == 0 then
    redis.call('XCLAIM', KEYS[1], ARGV[1], held[2], 0, held[1], 'JUSTID')
  end
end
while true do
  local lapsed = redis.call('XPENDING', KEYS[1], ARGV[1], 'IDLE', ARGV[3], '-', '+', 1)
  if #lapsed == 0 then
    return {}
  end
  local entry, deliveries = lapsed[1][1], lapsed[1][4] + 1
  local claimed = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], entry)
  if claimed[1] and claimed[1][2] then
    local fields = claimed[1][2]
    return {entry, fields, deliveries, redis.call('EXISTS', ARGV[4] .. fields[2])}
  end
  redis.call('XACK', KEYS[1], ARGV[1], entry)  -- the job itself is gone
end
