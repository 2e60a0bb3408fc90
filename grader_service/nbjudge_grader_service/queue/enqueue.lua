-- Add a job unless this attempt, or a later one, was added before.
-- KEYS: jobs, queued key of the submission. ARGV: submission, attempt, job, seconds to remember.
local before = redis.call('GET', KEYS[2])
if before and tonumber(string.match(before, '^(%d+) ')) >= tonumber(ARGV[2]) then
  return 0
end
local entry = redis.call('XADD', KEYS[1], '*', 'id', ARGV[1], 'job', ARGV[3])
redis.call('SET', KEYS[2], ARGV[2] .. ' ' .. entry, 'EX', ARGV[4])
return 1
