-- The submissions that no worker has taken yet, in their order.
-- KEYS: jobs. ARGV: the workers' group.
local after = '-'
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {}
end
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local about = {}
  for i = 1, #group, 2 do
    about[group[i]] = group[i + 1]
  end
  if about['name'] == ARGV[1] then
    after = '(' .. about['last-delivered-id']
  end
end
local submissions = {}
for i, entry in ipairs(redis.call('XRANGE', KEYS[1], after, '+')) do
  submissions[i] = entry[2][2]
end
return submissions
