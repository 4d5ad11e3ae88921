import * as Crypto from "node:crypto"
import type { Redis } from "ioredis"
import { replyCode } from "./RedisFailure.ts"

/** A Lua script that the server runs as one step; it keeps it under its digest once it has seen it. */
export interface RedisScript {
  readonly lua: string
  readonly sha1: string
}

export const make = (lua: string): RedisScript => ({
  lua,
  sha1: Crypto.createHash("sha1").update(lua).digest("hex"),
})

/** Runs a script, sending its text only to a server that does not know it: a fresh one, or one that was restarted. */
export const evaluate = (
  redis: Redis,
  script: RedisScript,
  keys: ReadonlyArray<string>,
  args: ReadonlyArray<string | number>,
): Promise<unknown> => {
  const rest = [keys.length, ...keys, ...args]
  return redis.call("evalsha", [script.sha1, ...rest]).catch((cause: unknown) => {
    if (replyCode(cause) === "NOSCRIPT") return redis.call("eval", [script.lua, ...rest])
    throw cause
  })
}

/**
 * Lua functions for ids (`ms-seq`, each up to 2^64): `padded` gives a text that sorts as the id does, `following` the next
 * id. Numbers in Lua are exact up to 2^53, which a time in milliseconds never reaches.
 */
export const idFunctions = `
local function parts(id) return string.match(id, '^(%d+)-(%d+)$') end
local function padded(id)
  local ms, seq = parts(id)
  return string.rep('0', 20 - #ms) .. ms .. string.rep('0', 20 - #seq) .. seq
end
local function before(a, b) return padded(a) < padded(b) end
local function following(id)
  local ms, seq = parts(id)
  if #seq > 15 then return string.format('%.0f-0', tonumber(ms) + 1) end
  return string.format('%s-%.0f', ms, tonumber(seq) + 1)
end
local function milliseconds() local t = redis.call('TIME') return t[1] * 1000 + math.floor(t[2] / 1000) end
`

/** Lua function that gives the groups of a stream by name, each with its fields; none where there is no stream. */
export const groupFunction = `
local function groupsOf(key)
  local found = {}
  if redis.call('EXISTS', key) == 0 then return found end
  for _, flat in ipairs(redis.call('XINFO', 'GROUPS', key)) do
    local group = {}
    for i = 1, #flat, 2 do group[flat[i]] = flat[i + 1] end
    found[group['name']] = group
  end
  return found
end
`
