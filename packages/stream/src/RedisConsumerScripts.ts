import * as RedisScript from "./RedisScript.ts"

/**
 * Takes pending entries over by their ids, as far as they have been idle for long enough.
 *
 * KEYS: the stream. ARGV: group, consumer, least idle time in milliseconds, mode, ids. Gives how many of them were trimmed
 * away, and a list of `{ id, fields, deliveries }`. The mode says what that means for the entry:
 * - `reclaim`: its worker died: counts as another delivery; one that was trimmed away is acknowledged
 * - `adopt`: the same, of a worker that had our name; one that was trimmed away is left for a reclaim to count
 * - `resume`: it never reached us: the delivery that was counted already is this one
 */
export const claim = RedisScript.make(`
local key, group, consumer, idle, mode = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local trimmed, claimed = 0, {}
for i = 5, #ARGV do
  local id = ARGV[i]
  local entry = redis.call('XRANGE', key, id, id)[1]
  if not entry then
    if mode == 'reclaim' then trimmed = trimmed + redis.call('XACK', key, group, id) end
  else
    local taken
    if mode == 'resume' then taken = redis.call('XCLAIM', key, group, consumer, idle, id, 'JUSTID')
    else taken = redis.call('XCLAIM', key, group, consumer, idle, id) end
    if #taken == 1 then
      claimed[#claimed + 1] = { id, entry[2], redis.call('XPENDING', key, group, id, id, 1)[1][4] }
    end
  end
end
return { trimmed, claimed }
`)

/**
 * Resets the idle time of a consumer's entries, and gives the ids of those that are another's by now, or that another has
 * acknowledged. An entry that was trimmed away and is pending no more was lost to nobody: no other can run it.
 *
 * KEYS: the stream. ARGV: group, consumer, ids.
 */
export const keepFresh = RedisScript.make(`
local key, group, consumer = KEYS[1], ARGV[1], ARGV[2]
local fresh, lost = {}, {}
for i = 3, #ARGV do
  local id = ARGV[i]
  local pending = redis.call('XPENDING', key, group, id, id, 1)[1]
  if pending then
    if pending[2] == consumer then fresh[#fresh + 1] = id else lost[#lost + 1] = id end
  elseif redis.call('XRANGE', key, id, id)[1] then
    lost[#lost + 1] = id
  end
end
if #fresh > 0 then
  fresh[#fresh + 1] = 'JUSTID'
  redis.call('XCLAIM', key, group, consumer, 0, unpack(fresh))
end
return lost
`)

/**
 * Sets entries aside and acknowledges them, those that are still pending: a second time changes nothing.
 *
 * The acknowledgement comes first because a server whose memory is full lets a script that has written go on writing; what
 * is set aside is bounded, and must not be held up by that.
 *
 * KEYS: the stream, its dead entries. ARGV: group, most dead entries, reason, and per entry id, job, deliveries, detail.
 */
export const setAside = RedisScript.make(`
${RedisScript.idFunctions}
local at = milliseconds()
for i = 4, #ARGV, 4 do
  if redis.call('XACK', KEYS[1], ARGV[1], ARGV[i]) == 1 then
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', 'job', ARGV[i + 1], 'reason', ARGV[3],
      'detail', ARGV[i + 3], 'deliveries', ARGV[i + 2], 'at', string.format('%.0f', at))
  end
end
`)

/**
 * Removes a consumer from its group unless it holds something: removing one destroys what it holds.
 *
 * KEYS: the stream. ARGV: group, consumer.
 */
export const forget = RedisScript.make(`
local held = redis.pcall('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2])
if held.err == nil and #held == 0 then redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2]) end
`)
