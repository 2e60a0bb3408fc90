-- Has a worker taken this submission, or even graded it?
-- KEYS: jobs, queued key of the submission. ARGV: group. Returns: 1 or 0.
local queued = redis.call('GET', KEYS[2])
local entry = queued and string.match(queued, ' (.+)$')
if not entry then
  return 0
end
if #redis.call('XRANGE', KEYS[1], entry, entry) == 0 then
  return 1
end
local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], entry, entry, 1)
return pending['err'] and 0 or #pending
