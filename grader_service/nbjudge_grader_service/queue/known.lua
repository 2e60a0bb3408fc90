-- Which submissions are in the queue? Jobs and results are looked at in one step, so that
-- none is missed on its way from the one to the other.
-- KEYS: jobs, results, queued key of each submission. ARGV: the submissions.
local found, missing, any = {}, {}, false
for i, submission in ipairs(ARGV) do
  local queued = redis.call('GET', KEYS[i + 2])
  local entry = queued and string.match(queued, ' (.+)$')
  if entry and #redis.call('XRANGE', KEYS[1], entry, entry) > 0 then
    found[#found + 1] = submission
  else
    missing[submission], any = true, true
  end
end
if any then
  for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '-', '+')) do
    local submission = entry[2][2]
    if missing[submission] then
      found[#found + 1] = submission
      missing[submission] = nil
    end
  end
end
return found
