import * as RedisScript from "./RedisScript.ts"

/**
 * Appends jobs, all or (out of memory, no master) none. A script and not a pipeline of XADD: one command with a thousand
 * arguments costs the client a seventh of a thousand commands.
 *
 * KEYS: the stream. ARGV: jobs.
 */
export const publish = RedisScript.make(`
for i = 1, #ARGV do redis.call('XADD', KEYS[1], '*', 'job', ARGV[i]) end
`)

/**
 * Trims the stream and tidies its groups; gives how many entries were removed that all groups had acknowledged, and how
 * many that some had not.
 *
 * What all have acknowledged ends below the first pending entry of each group, or after the last one delivered where none
 * is pending. Of the entries older than that by age, the ones that no group was late with are counted as acknowledged.
 *
 * KEYS: the stream. ARGV: greatest age in milliseconds, silence in milliseconds after which an empty consumer is
 * forgotten, groups.
 */
export const trim = RedisScript.make(`
${RedisScript.idFunctions}
${RedisScript.groupFunction}
local key = KEYS[1]
local names, found = {}, groupsOf(key)
for i = 3, #ARGV do
  names[#names + 1] = ARGV[i]
  -- Where memory is full this is refused and the trimming below is what helps.
  if not found[ARGV[i]] then redis.pcall('XGROUP', 'CREATE', key, ARGV[i], '0', 'MKSTREAM') end
end
found = groupsOf(key)

local last, safe
for _, name in ipairs(names) do
  local delivered, bound = '0-0', '0-0'
  if found[name] then
    delivered = found[name]['last-delivered-id']
    local pending = redis.call('XPENDING', key, name)
    bound = pending[1] > 0 and pending[2] or following(delivered)
  end
  if not last or before(delivered, last) then last = delivered end
  if not safe or before(bound, safe) then safe = bound end
end
last, safe = last or '0-0', safe or '0-0'

local acknowledged, expired = redis.call('XTRIM', key, 'MINID', '=', safe), 0
local oldest = string.format('%.0f-0', math.max(0, milliseconds() - ARGV[1]))
local first = redis.call('XRANGE', key, '-', '+', 'COUNT', 1)[1]
if first and before(first[1], oldest) then
  local delivered = following(last)
  if before(oldest, delivered) then delivered = oldest end
  local late, seen = 0, {}
  for _, name in ipairs(names) do
    local from = first[1]
    while found[name] do
      local rows = redis.call('XPENDING', key, name, from, '(' .. delivered, 1000)
      for _, row in ipairs(rows) do
        if not seen[row[1]] then seen[row[1]], late = true, late + 1 end
      end
      if #rows < 1000 then break end
      from = '(' .. rows[1000][1]
    end
  end
  local cut = redis.call('XTRIM', key, 'MINID', '=', delivered)
  late = math.min(late, cut)
  acknowledged = acknowledged + cut - late
  expired = late + redis.call('XTRIM', key, 'MINID', '=', oldest)

  -- The server goes on counting as lag what a group was never handed; from here on it counts what is left.
  local stream = redis.call('XINFO', 'STREAM', key)
  local added
  for i = 1, #stream, 2 do if stream[i] == 'entries-added' then added = stream[i + 1] end end
  local gone = string.format('%.0f', added - redis.call('XLEN', key))
  for _, name in ipairs(names) do
    local reached = found[name] and found[name]['last-delivered-id']
    if reached and before(reached, oldest) then
      redis.call('XGROUP', 'SETID', key, name, reached, 'ENTRIESREAD', gone)
    end
  end
end

for _, name in ipairs(names) do
  for _, flat in ipairs(found[name] and redis.call('XINFO', 'CONSUMERS', key, name) or {}) do
    local consumer = {}
    for i = 1, #flat, 2 do consumer[flat[i]] = flat[i + 1] end
    if consumer['pending'] == 0 and consumer['idle'] > tonumber(ARGV[2]) then
      redis.call('XGROUP', 'DELCONSUMER', key, name, consumer['name'])
    end
  end
end
return { acknowledged, expired }
`)

/**
 * The state of groups: per group `{ lag, pending, oldest age in milliseconds, consumers, dead }`.
 *
 * A group whose last delivered entry is gone is behind by all that is left, and none by more: the lag that the server
 * counts may include entries that were trimmed before they were delivered. A missing group is one that was handed nothing.
 *
 * KEYS: the stream, the dead entries of each group. ARGV: groups.
 */
export const groups = RedisScript.make(`
${RedisScript.idFunctions}
${RedisScript.groupFunction}
local key = KEYS[1]
local found, length, now = groupsOf(key), redis.call('XLEN', key), milliseconds()
local first = redis.call('XRANGE', key, '-', '+', 'COUNT', 1)[1]
local states = {}
for i, name in ipairs(ARGV) do
  local group, lag, pending, consumers = found[name], length, 0, 0
  local oldest = first and first[1]
  if group then
    local delivered = group['last-delivered-id']
    local held = redis.call('XPENDING', key, name)
    local next = redis.call('XRANGE', key, '(' .. delivered, '+', 'COUNT', 1)[1]
    pending, consumers = held[1], group['consumers']
    if first and not before(delivered, first[1]) then lag = math.min(group['lag'] or length, length) end
    oldest = next and next[1]
    if pending > 0 and (not oldest or before(held[2], oldest)) then oldest = held[2] end
  end
  local age = oldest and math.max(0, now - parts(oldest)) or 0
  states[i] = { lag, pending, age, consumers, redis.call('XLEN', KEYS[i + 1]) }
end
return states
`)

/**
 * Removes a stream that is empty and to which nothing was added for a time; gives 1 where there is none any more.
 *
 * KEYS: the stream. ARGV: that time in milliseconds.
 */
export const retire = RedisScript.make(`
${RedisScript.idFunctions}
local key = KEYS[1]
if redis.call('EXISTS', key) == 0 then return 1 end
if redis.call('XLEN', key) > 0 then return 0 end
local stream = redis.call('XINFO', 'STREAM', key)
for i = 1, #stream, 2 do
  if stream[i] == 'last-generated-id' and milliseconds() - parts(stream[i + 1]) < tonumber(ARGV[1]) then return 0 end
end
redis.call('DEL', key)
return 1
`)

/**
 * Notes over how many keys a stream is split, and gives all such numbers that were noted lately, 1 where the key that is
 * not split is there.
 *
 * KEYS: the numbers, the key of the stream. ARGV: the number, for how long a note holds in milliseconds.
 */
export const layouts = RedisScript.make(`
${RedisScript.idFunctions}
local now = milliseconds()
-- Where memory is full, what was noted before is what matters.
redis.pcall('ZADD', KEYS[1], string.format('%.0f', now), ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - ARGV[2]))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local numbers = redis.call('ZRANGE', KEYS[1], 0, -1)
if redis.call('EXISTS', KEYS[2]) == 1 then numbers[#numbers + 1] = '1' end
return numbers
`)
