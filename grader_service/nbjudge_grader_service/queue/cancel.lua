-- Tell the worker that has a job to give it up. A job that nobody has taken yet is removed, so that
-- it neither takes room nor counts as waiting.
-- KEYS: jobs, queued key and cancel key of the submission. ARGV: group, seconds to remember.
redis.call('SET', KEYS[3], 1, 'EX', ARGV[2])
local queued = redis.call('GET', KEYS[2])
local entry = queued and string.match(queued, ' (.+)$')
if entry then
  local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], entry, entry, 1)
  if pending['err'] or #pending == 0 then  -- no group: there was no worker yet
    redis.call('XDEL', KEYS[1], entry)
  end
end
