-- Hold a name for a while: take it when it is free, keep it when it is ours.
-- KEYS: the key of the name. ARGV: who we are, milliseconds.
-- Returns: 1 when the name is ours, else 0.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
