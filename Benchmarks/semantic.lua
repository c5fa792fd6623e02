-- wrk -s semantic.lua URL -- WORDS TENANTS TEXTS
-- POSTs lookups of questions made of words of the file WORDS. TENANTS greater than 0 gives each a system prompt of one of
-- so many. TEXTS 0 asks a new question every time; else so many questions in turn. Prints one line of JSON at the end.

local words, tenants, texts, position = {}, 0, {}, 0
local headers = { ["Content-Type"] = "application/json" }
local threads = {}

function setup(thread) threads[#threads + 1] = thread end

local function question()
    local parts = {}
    for place = 1, 5 do parts[place] = words[math.random(#words)] end
    local system = ""
    if tenants > 0 then
        system = string.format('{"role":"system","content":"Tenant %d."},', math.random(0, tenants - 1))
    end
    return wrk.format("POST", "/v1/lookup", headers, string.format(
        '{"request":{"model":"m","messages":[%s{"role":"user","content":"how do I %s?"}]},"cache":{"lease":false}}',
        system, table.concat(parts, " ")))
end

function init(args)
    for word in io.lines(args[1]) do words[#words + 1] = word end
    tenants = tonumber(args[2])
    -- New questions are new in every run, the others are those of every run.
    math.randomseed(args[3] == "0" and os.time() * 1000 + math.floor(os.clock() * 1e6) % 1000 or 7)
    for place = 1, tonumber(args[3]) do texts[place] = question() end
    hits, unavailable, bypassed = 0, 0, 0
end

function request()
    if #texts == 0 then return question() end
    position = position % #texts + 1
    return texts[position]
end

function response(_, _, body)
    if body:find('"semantic_unavailable"', 1, true) then
        unavailable = unavailable + 1
    elseif body:sub(1, 18) == '{"status":"bypass"' then
        bypassed = bypassed + 1
    elseif body:sub(1, 15) == '{"status":"hit"' then
        hits = hits + 1
    end
end

function done(summary, latency, _)
    local counts, errors = { hits = 0, unavailable = 0, bypassed = 0 }, summary.errors
    for _, thread in ipairs(threads) do
        for name in pairs(counts) do counts[name] = counts[name] + thread:get(name) end
    end
    io.write(string.format(
        '\n{"requests": %d, "duration_us": %d, "p50_us": %d, "p99_us": %d, "hits": %d, "unavailable": %d, '
            .. '"bypassed": %d, "broken": %d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), counts.hits,
        counts.unavailable, counts.bypassed,
        errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
