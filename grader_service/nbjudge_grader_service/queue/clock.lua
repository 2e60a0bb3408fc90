-- What was delivered before the server's clock was set back seems to come from the future, idle for
-- 0 ms, and would not be looked at again until the clock has caught up. It counts from now instead.
-- KEYS: a stream. ARGV: group.
local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], '-', '+', 1000)
for _, held in ipairs(pending['err'] and {} or pending) do  -- without a group nothing is held
  if held[3] == 0 then
    redis.call('XCLAIM', KEYS[1], ARGV[1], held[2], 0, held[1], 'JUSTID')
  end
end
