// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let instrumentation = Target.Dependency.product(name: "Instrumentation", package: "swift-distributed-tracing")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let collections = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioConcurrency = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "semcached",
    products: [
        .executable(name: "semcached", targets: ["semcached"]),
        .executable(name: "semcachectl", targets: ["semcachectl"]),
        .library(name: "CacheClient", targets: ["CacheClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The product: values, seams, engine. No I/O.
        .target(name: "JSONScanning", swiftSettings: strict),
        .target(name: "CEnglishWords", exclude: ["COPYRIGHT.scowl", "names.txt", "words.txt"]),
        .target(
            name: "SemanticCache",
            dependencies: ["CEnglishWords", "JSONScanning", crypto],
            resources: [
                .embedInCode("Guard/WordLists/english.txt"), .embedInCode("Guard/WordLists/wordnet-antonyms.txt"),
            ],
            swiftSettings: strict
        ),

        // Redis and what is kept there.
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
        .target(
            name: "Redis",
            dependencies: ["CHiredis", collections, crypto, logging, nioConcurrency, nioCore, nioPosix, nioSSL],
            swiftSettings: strict
        ),
        .target(
            name: "RedisStorage",
            dependencies: [
                "SemanticCache", "Redis", "JSONScanning", "CZstd", crypto, logging, nioConcurrency, nioCore,
            ],
            swiftSettings: strict
        ),

        // The semantic tier: vectors and how to find near ones.
        .target(name: "CEncoderKernels"),
        .target(
            name: "Embedders",
            dependencies: [
                "SemanticCache", "CEncoderKernels", "JSONScanning", asyncHTTPClient, collections, crypto, logging,
                nioCore, nioHTTP1, nioPosix,
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "embedder-bench",
            dependencies: ["Embedders", "SemanticCache"],
            path: "Benchmarks/EmbedderBench",
            swiftSettings: strict
        ),
        .target(name: "CVectorKernels"),
        .systemLibrary(name: "CHnswlib", providers: [.apt(["libhnswlib-dev"])]),
        .target(name: "CGraphIndex", dependencies: ["CHnswlib", "CVectorKernels"]),
        .target(
            name: "VectorSearch",
            dependencies: ["SemanticCache", "CGraphIndex", "CVectorKernels", nioConcurrency],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "index-bench",
            dependencies: ["VectorSearch", "SemanticCache"],
            path: "Benchmarks/index",
            exclude: ["bench.py", "in_redis.py", "requirements.txt", "vectors.py"],
            swiftSettings: strict
        ),

        // HTTP.
        .target(
            name: "CacheAPI",
            dependencies: ["JSONScanning"],
            resources: [.embedInCode("OpenAPI/openapi.json")],
            swiftSettings: strict
        ),
        .target(
            name: "CacheServer",
            dependencies: [
                "CacheAPI", "SemanticCache", "JSONScanning", collections, crypto, instrumentation, logging, nioCore,
                nioHTTP1, nioPosix, nioSSL, tracing,
            ],
            resources: [
                "page.html", "style.css", "format.js", "elements.js", "client.js", "charts.js", "tables.js",
                "timeline.js", "similarity.js", "listings.js", "overview.js", "explain.js", "flush.js", "page.js",
                "main.js",
            ]
            .map { .embedInCode("Dashboard/Page/\($0)") },
            swiftSettings: strict
        ),

        // Spans to a collector.
        .target(
            name: "TraceExport",
            dependencies: ["JSONScanning", asyncHTTPClient, instrumentation, logging, nioCore, nioHTTP1, tracing],
            swiftSettings: strict
        ),

        // The daemon.
        .target(
            name: "SemcachedApp",
            dependencies: [
                "CacheServer", "RedisStorage", "Redis", "SemanticCache", "VectorSearch", "Embedders", "JSONScanning",
                "TraceExport", argumentParser, crypto, logging, nioCore, nioPosix, nioSSL, serviceLifecycle,
                unixSignals, yams,
            ],
            swiftSettings: strict
        ),
        .executableTarget(name: "semcached", dependencies: ["SemcachedApp"], swiftSettings: strict),

        // The API from Swift, for gateways and for the admin CLI.
        .target(
            name: "CacheClient",
            dependencies: ["CacheAPI", "JSONScanning", asyncHTTPClient, nioCore, nioHTTP1, nioPosix, nioSSL],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "swift-client-example",
            dependencies: ["CacheClient"],
            path: "Examples/swift-client",
            swiftSettings: strict
        ),

        // The admin CLI.
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .target(
            name: "SemcachectlCommands",
            dependencies: ["CSQLite", "CacheClient", "CacheAPI", "JSONScanning", argumentParser, crypto],
            swiftSettings: strict
        ),
        .executableTarget(name: "semcachectl", dependencies: ["SemcachectlCommands"], swiftSettings: strict),

        // Measuring.
        .executableTarget(
            name: "quality-bench",
            dependencies: ["Embedders", "SemanticCache"],
            path: "Benchmarks/QualityBench",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "scale-bench",
            dependencies: [
                "RedisStorage", "Redis", "SemanticCache", argumentParser, logging, nioConcurrency, nioCore, nioPosix,
            ],
            path: "Benchmarks/ScaleBench",
            exclude: ["scale.py"],
            swiftSettings: strict
        ),

        // Tests.
        .target(
            name: "SemanticCacheTesting",
            dependencies: ["SemanticCache", "JSONScanning", nioCore, nioHTTP1, nioPosix],
            path: "Tests/SemanticCacheTesting",
            swiftSettings: strict
        ),
        .target(
            name: "CSimdjson",
            path: "Tests/CSimdjson",
            linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("m")]
        ),
        .testTarget(
            name: "JSONScanningTests",
            dependencies: ["JSONScanning", "CSimdjson", "SemanticCacheTesting"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SemanticCacheTests",
            dependencies: ["SemanticCache", "JSONScanning", "SemanticCacheTesting", crypto],
            resources: [.copy("Guard/Fixtures")],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RedisTests",
            dependencies: ["Redis", "SemanticCacheTesting", logging, nioConcurrency, nioCore, nioPosix, nioSSL],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RedisStorageTests",
            dependencies: [
                "RedisStorage", "Redis", "SemanticCache", "JSONScanning", "SemanticCacheTesting", logging, nioCore,
                nioPosix,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EmbeddersTests",
            dependencies: [
                "Embedders", "CEncoderKernels", "SemanticCache", "JSONScanning", "SemanticCacheTesting", logging,
                nioCore,
            ],
            resources: [.copy("Resources")],
            swiftSettings: strict
        ),
        .testTarget(
            name: "VectorSearchTests",
            dependencies: [
                "VectorSearch", "CGraphIndex", "CVectorKernels", "SemanticCache", "SemanticCacheTesting",
                nioConcurrency,
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "CacheAPITests", dependencies: ["CacheAPI", "JSONScanning"], swiftSettings: strict),
        .testTarget(
            name: "CacheServerTests",
            dependencies: [
                "CacheServer", "CacheAPI", "SemanticCache", "JSONScanning", "SemanticCacheTesting", crypto, logging,
                nioCore, nioHTTP1, nioPosix, nioSSL,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TraceExportTests",
            dependencies: ["TraceExport", "JSONScanning", instrumentation, tracing],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SemcachedAppTests",
            dependencies: [
                "SemcachedApp", "CacheServer", "CacheClient", "CacheAPI", "SemanticCache", "SemanticCacheTesting",
                "JSONScanning", asyncHTTPClient, crypto, logging, nioCore, nioHTTP1, nioPosix, nioSSL,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CacheClientTests",
            dependencies: ["CacheClient", "SemanticCacheTesting", nioHTTP1],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SemcachectlCommandsTests",
            dependencies: [
                "SemcachectlCommands", "CacheClient", "CacheAPI", "JSONScanning", "SemanticCacheTesting",
                argumentParser, nioHTTP1,
            ],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
