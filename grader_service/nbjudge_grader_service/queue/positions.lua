-- The submissions that no worker has taken yet, in their order, a page of them.
-- KEYS: jobs. ARGV: the workers' group, the entry that the last page ended with or '', page size.
-- Returns: the entry that this page ends with, then its submissions.
local after = ARGV[2] ~= '' and '(' .. ARGV[2] or '-'
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {ARGV[2]}
end
for _, group in ipairs(ARGV[2] == '' and redis.call('XINFO', 'GROUPS', KEYS[1]) or {}) do
  local about = {}
  for i = 1, #group, 2 do
    about[group[i]] = group[i + 1]
  end
  if about['name'] == ARGV[1] then
    after = '(' .. about['last-delivered-id']
  end
end
local answer = {ARGV[2]}
for i, entry in ipairs(redis.call('XRANGE', KEYS[1], after, '+', 'COUNT', ARGV[3])) do
  answer[1], answer[i + 1] = entry[1], entry[2][2]
end
return answer
