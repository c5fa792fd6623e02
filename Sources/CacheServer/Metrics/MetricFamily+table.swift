extension MetricFamily {
    /// Every family, in the order of the exposition.
    static let all = lookups + stores + http + redis + semantic + service + process

    private static let lookups = [
        lookupsTotal, lookupDuration, leases, waitingLookups, savedUSD, savedPromptTokens, savedCompletionTokens,
    ]
    private static let stores = [storesTotal, ticketsRefused, flushedEntries, feedback]
    private static let http = [requests, requestDuration, problems, connections, connectionsTotal]
    private static let redis = [
        redisUp, redisConnections, redisConnects, redisCommands, redisInFlight, redisRoundTrip, nearCacheEntries,
        nearCacheBytes, nearCacheReads,
    ]
    private static let semantic = [
        candidates, rejections, similarity, shadowHits, shadowComparisons, indexEntries, indexBytes, indexLag,
        indexUnread, indexCaughtUp, embedDuration, embeddings, embeddingsInFlight,
    ]
    private static let service = [
        ready, eventLoops, reloads, lastReload, spans, queuedSpans, droppedLogLines, buildInfo,
    ]
    private static let process = [
        processCPU, processResident, processVirtual, processStart, processOpen, processMaximum,
    ]

    static let lookupsTotal = MetricFamily(
        "semcached_lookups_total",
        .counter,
        by: ["namespace", "outcome"],
        "Lookups by outcome: hit_<tier>, miss_<reason>, bypass_<reason>."
    )
    static let lookupDuration = MetricFamily(
        "semcached_lookup_duration_seconds",
        .histogram,
        by: ["tier"],
        "Time from a complete request to its answer; bypasses and coalesced hits are left out."
    )
    static let leases = MetricFamily(
        "semcached_leases_total",
        .counter,
        by: ["namespace", "state"],
        "Misses by the lease in their answer: granted, held by another caller, or none."
    )
    static let waitingLookups = MetricFamily(
        "semcached_waiting_lookups",
        .gauge,
        "Lookups that wait for another caller's fill now."
    )
    static let savedUSD = MetricFamily(
        "semcached_saved_usd_total",
        .counter,
        by: ["namespace"],
        "Dollars that hits saved, by the configured prices."
    )
    static let savedPromptTokens = MetricFamily(
        "semcached_saved_prompt_tokens_total",
        .counter,
        by: ["namespace"],
        "Prompt tokens that hits saved."
    )
    static let savedCompletionTokens = MetricFamily(
        "semcached_saved_completion_tokens_total",
        .counter,
        by: ["namespace"],
        "Completion tokens that hits saved."
    )

    static let storesTotal = MetricFamily(
        "semcached_stores_total",
        .counter,
        by: ["namespace", "outcome"],
        "Stores by outcome: stored, or the reason of the refusal."
    )
    static let ticketsRefused = MetricFamily(
        "semcached_tickets_refused_total",
        .counter,
        by: ["reason"],
        "Tickets that were not taken: forged, expired, of another namespace, or the key is unknown yet."
    )
    static let flushedEntries = MetricFamily(
        "semcached_flushed_entries_total",
        .counter,
        by: ["namespace"],
        "Entries flushed through this process."
    )
    static let feedback = MetricFamily(
        "semcached_feedback_total",
        .counter,
        by: ["namespace", "verdict"],
        "Feedback of callers by verdict."
    )

    static let requests = MetricFamily(
        "semcached_http_requests_total",
        .counter,
        by: ["method", "route", "code"],
        "Answered requests by route and status; what no route took is counted as other."
    )
    static let requestDuration = MetricFamily(
        "semcached_http_request_duration_seconds",
        .histogram,
        by: ["method", "route"],
        "Time from a complete request to its answer."
    )
    static let problems = MetricFamily(
        "semcached_problems_total",
        .counter,
        by: ["code"],
        "Error answers by the code of their problem document."
    )
    static let connections = MetricFamily("semcached_connections", .gauge, "Open client connections.")
    static let connectionsTotal = MetricFamily(
        "semcached_connections_total",
        .counter,
        by: ["result"],
        "Client connections by result: accepted, or refused beyond limits.connections."
    )

    static let redisUp = MetricFamily("semcached_redis_up", .gauge, "Whether Redis answers every event loop.")
    static let redisConnections = MetricFamily(
        "semcached_redis_connections",
        .gauge,
        by: ["state"],
        "Event loops by the state of their connection to Redis."
    )
    static let redisConnects = MetricFamily(
        "semcached_redis_connects_total",
        .counter,
        "How often connections of event loops to Redis have come up."
    )
    static let redisCommands = MetricFamily(
        "semcached_redis_commands_total",
        .counter,
        by: ["result"],
        "Commands of event loops to Redis: ok, error (replied by Redis), or why there is no reply."
    )
    static let redisInFlight = MetricFamily(
        "semcached_redis_commands_in_flight",
        .gauge,
        "Commands of event loops that wait for a reply now."
    )
    static let redisRoundTrip = MetricFamily(
        "semcached_redis_round_trip_seconds",
        .histogram,
        "Time from a command of an event loop to its reply."
    )
    static let nearCacheEntries = MetricFamily(
        "semcached_near_cache_entries",
        .gauge,
        "Entries whose decoded form this process holds."
    )
    static let nearCacheBytes = MetricFamily(
        "semcached_near_cache_bytes",
        .gauge,
        "Bytes that they take, about."
    )
    static let nearCacheReads = MetricFamily(
        "semcached_near_cache_reads_total",
        .counter,
        by: ["result"],
        "Entries that Redis sent, by whether their decoded form was at hand: hit or miss."
    )

    static let candidates = MetricFamily(
        "semcached_candidates_total",
        .counter,
        by: ["namespace", "verdict"],
        "Best candidates of semantic lookups: served, guarded or below_threshold."
    )
    static let rejections = MetricFamily(
        "semcached_candidate_rejections_total",
        .counter,
        by: ["namespace", "rejected_by"],
        "Refused best candidates by what refused them: threshold, score or a guard's name."
    )
    static let similarity = MetricFamily(
        "semcached_candidate_similarity",
        .histogram,
        by: ["verdict"],
        "Cosine similarity of best candidates, counted by hundredths."
    )
    static let shadowHits = MetricFamily(
        "semcached_shadow_hits_total",
        .counter,
        by: ["namespace"],
        "Semantic hits that shadow mode would have served."
    )
    static let shadowComparisons = MetricFamily(
        "semcached_shadow_comparisons_total",
        .counter,
        by: ["namespace", "result"],
        "Shadow hits whose fill then agreed or disagreed."
    )
    static let indexEntries = MetricFamily("semcached_index_entries", .gauge, "Texts that can be found.")
    static let indexBytes = MetricFamily(
        "semcached_index_bytes",
        .gauge,
        "Bytes of this process' memory that the index takes."
    )
    static let indexLag = MetricFamily(
        "semcached_index_lag_seconds",
        .gauge,
        "How far this process' index may be behind; 0 until it has been read once."
    )
    static let indexUnread = MetricFamily(
        "semcached_index_unread_parts",
        .gauge,
        "Parts of the entries, of 64, that the index has yet to read."
    )
    static let indexCaughtUp = MetricFamily(
        "semcached_index_caught_up",
        .gauge,
        "Whether similar questions can be found: the embedder is there and the index is caught up."
    )
    static let embedDuration = MetricFamily(
        "semcached_embed_duration_seconds",
        .histogram,
        "Time that a lookup waited for the vector of its text."
    )
    static let embeddings = MetricFamily(
        "semcached_embeddings_total",
        .counter,
        by: ["result"],
        "Texts given to the embedder: ok, unavailable, too_long or malformed."
    )
    static let embeddingsInFlight = MetricFamily(
        "semcached_embeddings_in_flight",
        .gauge,
        "Texts that the embedder has not answered yet."
    )

    static let ready = MetricFamily("semcached_ready", .gauge, "Whether /readyz answers 200.")
    static let eventLoops = MetricFamily("semcached_event_loops", .gauge, "Event loops that serve.")
    static let reloads = MetricFamily(
        "semcached_config_reloads_total",
        .counter,
        by: ["result"],
        "Reloads of keys, namespaces and prices (SIGHUP): ok or failed."
    )
    static let lastReload = MetricFamily(
        "semcached_config_last_reload_successful",
        .gauge,
        "Whether the last reload succeeded; 1 without one."
    )
    static let spans = MetricFamily(
        "semcached_trace_spans_total",
        .counter,
        by: ["result"],
        "Sampled spans: exported, queue_full, rejected by the collector, or failed (it does not answer)."
    )
    static let queuedSpans = MetricFamily(
        "semcached_trace_queue_spans",
        .gauge,
        "Spans that wait to be exported."
    )
    static let droppedLogLines = MetricFamily(
        "semcached_request_log_dropped_total",
        .counter,
        "Lines of the request log that were dropped, as nobody read them fast enough."
    )
    static let buildInfo = MetricFamily(
        "semcached_build_info",
        .gauge,
        by: ["version"],
        "Always 1; the version is a label."
    )

    static let processCPU = MetricFamily(
        "process_cpu_seconds_total",
        .counter,
        "User and system time of the process."
    )
    static let processResident = MetricFamily("process_resident_memory_bytes", .gauge, "Memory in use.")
    static let processVirtual = MetricFamily("process_virtual_memory_bytes", .gauge, "Address space.")
    static let processStart = MetricFamily(
        "process_start_time_seconds",
        .gauge,
        "When the process started, in seconds since 1970."
    )
    static let processOpen = MetricFamily("process_open_fds", .gauge, "Open files and sockets.")
    static let processMaximum = MetricFamily("process_max_fds", .gauge, "How many may be open.")
}
