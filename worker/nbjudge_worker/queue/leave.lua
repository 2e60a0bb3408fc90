-- Strike workers that hold no job off the list: the caller, and those silent for too long.
-- KEYS: jobs. ARGV: group, worker, milliseconds of silence.
local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])
if consumers['err'] then
  return 0
end
local struck = 0
for _, consumer in ipairs(consumers) do
  local about = {}
  for i = 1, #consumer, 2 do
    about[consumer[i]] = consumer[i + 1]
  end
  local gone = about['name'] == ARGV[2] or about['idle'] > tonumber(ARGV[3])
  if gone and about['pending'] == 0 then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], about['name'])
    struck = struck + 1
  end
end
return struck
