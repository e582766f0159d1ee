-- wrk's part: walks once through a file of finished requests, counts the answers, and ends when the last one came.
-- Arguments: the file, and how many requests a second (0: as fast as answers come).
local ffi = require("ffi")
ffi.cdef [[
    typedef struct { long sec; long nsec; } moment;
    int clock_gettime(int clock, moment *now);
    int kill(int process, int signal);
    int getpid(void);
]]

local INTERRUPT, FAR = 2, 3600 * 1000
local moment = ffi.new("moment")
local prepared, rate, asked, slots, began = {}, 0, 0, 0, nil
local late_at = {}
local threads = {}
total, sent, answered, first, last, late = 0, 0, 0, 0, 0, 0
statuses = {}

local function now()
    ffi.C.clock_gettime(0, moment)
    return tonumber(moment.sec) + tonumber(moment.nsec) / 1e9
end

function setup(thread)
    table.insert(threads, thread)
end

function init(args)
    local file = assert(io.open(args[1], "rb"))
    rate = tonumber(args[2])
    while true do
        local length = file:read("*l")
        if not length then break end
        total = total + 1
        prepared[total] = file:read(tonumber(length))
    end
    file:close()
    if rate > 0 then delay = next_slot end
end

-- Each request has its own moment, whenever the one before it is answered: a slow server can't slow the pace.
function next_slot()
    began = began or now()
    slots = slots + 1
    if slots > total then return FAR end
    return math.max(0, (began + slots / rate - now()) * 1000)
end

function request()
    asked = asked + 1
    -- wrk asks once before it begins, to see what a request looks like.
    if asked == 1 then return prepared[1] end
    if sent == total then return "" end
    sent = sent + 1
    if sent == 1 then first = now() end
    if began then late_at[sent] = now() - began - sent / rate end
    return prepared[sent]
end

function response(status)
    answered = answered + 1
    statuses[status] = (statuses[status] or 0) + 1
    if answered == total then
        last = now()
        table.sort(late_at)
        late = late_at[math.ceil(#late_at * 0.995)] or 0
        ffi.C.kill(ffi.C.getpid(), INTERRUPT)
    end
end

function done(summary, latency)
    local thread = threads[1]
    local function number(name) return string.format('"%s": %.6f', name, thread:get(name)) end
    local counted = {}
    for status, count in pairs(thread:get("statuses")) do
        table.insert(counted, string.format('"%d": %d', status, count))
    end
    local errors = summary.errors
    io.write(string.format(
        'RESULT {%s, %s, %s, %s, %s, "statuses": {%s}, "p50_ms": %.3f, "p99_ms": %.3f, "p995_ms": %.3f, '
            .. '"max_ms": %.3f, "broken": %d}\n',
        number("sent"), number("answered"), number("first"), number("last"), number("late"), table.concat(counted, ", "),
        latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency:percentile(99.5) / 1000, latency.max / 1000,
        errors.connect + errors.read + errors.write))
end
