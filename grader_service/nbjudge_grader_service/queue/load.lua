-- How much is in the queue, seen in one step.
-- KEYS: jobs, dead letters. ARGV: the workers' group.
-- Returns: jobs that wait, jobs that run, milliseconds that the oldest waits or -1, dead letters.
local running, after = 0, '-'
local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
for _, group in ipairs(groups['err'] and {} or groups) do
  local about = {}
  for i = 1, #group, 2 do
    about[group[i]] = group[i + 1]
  end
  if about['name'] == ARGV[1] then
    running, after = about['pending'], '(' .. about['last-delivered-id']
  end
end
local oldest = redis.call('XRANGE', KEYS[1], after, '+', 'COUNT', 1)
local waited = -1
if #oldest == 1 then
  local now = redis.call('TIME')
  local came = tonumber(string.match(oldest[1][1], '^(%d+)-'))
  waited = math.max(0, now[1] * 1000 + math.floor(now[2] / 1000) - came)
end
local all = redis.call('XLEN', KEYS[1])
return {math.max(0, all - running), math.min(running, all), waited, redis.call('XLEN', KEYS[2])}
