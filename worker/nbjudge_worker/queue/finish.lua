-- Report the result of a job and end its lease, if the lease is still the caller's; and take the
-- next job in the same step, if asked to.
-- KEYS: jobs, results, dead, queued key of the submission.
-- ARGV: group, worker, entry, submission, result, reason if it becomes a dead letter or '',
--       dead letters to keep, seconds to remember that the attempt was queued,
--       '1' to take the next job, prefix of the cancel keys.
-- Returns: 1 if the result was recorded, else 0; then the next job as take.lua returns it.
local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])
local recorded = 0
if not pending['err'] and #pending == 1 then
  recorded = 1
  redis.call('XADD', KEYS[2], '*', 'id', ARGV[4], 'result', ARGV[5])
  if ARGV[6] ~= '' then
    local job = redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3])
    local fields = #job == 1 and job[1][2] or {'id', ARGV[4]}
    fields[#fields + 1] = 'reason'
    fields[#fields + 1] = ARGV[6]
    redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[7], '*', unpack(fields))
  end
  redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
  redis.call('XDEL', KEYS[1], ARGV[3])
  redis.call('EXPIRE', KEYS[4], ARGV[8])
end
if ARGV[9] == '1' then
  local taken = redis.pcall('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', 1, 'STREAMS', KEYS[1], '>')
  if taken and not taken['err'] and taken[1] then
    local entry = taken[1][2][1]
    return {recorded, entry[1], entry[2], 1, redis.call('EXISTS', ARGV[10] .. entry[2][2])}
  end
end
return {recorded}
