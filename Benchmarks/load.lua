-- wrk -s load.lua URL -- PATH [ACCEPT BODIES [AUTHORIZATION]]
-- Without BODIES: GET PATH. Else POST PATH with the lines of that file in turn; @@@@@@@@@@ in a line becomes a number
-- that no earlier request had. Prints one line of JSON at the end.

local requests, position, unique = {}, 0, nil

function init(args)
    local path, accept, bodies = args[1], args[2], args[3]
    if not bodies then
        requests[1] = wrk.format("GET", path)
        return
    end
    local headers = { ["Content-Type"] = "application/json", ["Accept"] = accept, ["Authorization"] = args[4] }
    for line in io.lines(bodies) do
        requests[#requests + 1] = wrk.format("POST", path, headers, line)
    end
    if requests[1]:find("@@@@@@@@@@", 1, true) then
        -- Ten digits for ten signs: the length stays as announced.
        unique = os.time() % 100000 * 100000
    end
end

function request()
    position = position % #requests + 1
    if unique then
        unique = unique + 1
        return (requests[position]:gsub("@@@@@@@@@@", string.format("%010d", unique)))
    end
    return requests[position]
end

function done(summary, latency, _)
    local errors = summary.errors
    io.write(string.format(
        '\n{"requests": %d, "duration_us": %d, "p50_us": %d, "p99_us": %d, "refused": %d, "broken": %d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
