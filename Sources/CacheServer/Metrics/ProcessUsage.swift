import Glibc

/// What the operating system says of this process, for the metrics that every Prometheus client has (`process_*`).
struct ProcessUsage {
    /// User and system time, in seconds.
    var cpuSeconds = 0.0
    /// Bytes of address space.
    var virtualBytes = 0
    /// Bytes of memory in use.
    var residentBytes = 0
    /// When the process started, in seconds since 1970; nil when it cannot be read.
    var startSeconds: Double?
    /// Files and sockets that are open.
    var openDescriptors = 0
    /// How many may be.
    var maximumDescriptors = 0

    /// Reads all of it: some file operations in memory, more the more descriptors are open.
    static func now() -> ProcessUsage {
        var usage = ProcessUsage()
        var time = timespec()
        if clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 {
            usage.cpuSeconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let pages = text(of: "/proc/self/statm").split(separator: " ").compactMap { Int($0) }
        if pages.count > 1 {
            let pageSize = sysconf(Int32(_SC_PAGESIZE))
            usage.virtualBytes = pages[0] * pageSize
            usage.residentBytes = pages[1] * pageSize
        }
        usage.startSeconds = startSeconds()
        usage.openDescriptors = openDescriptors()
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            usage.maximumDescriptors = Int(clamping: limit.rlim_cur)
        }
        return usage
    }

    /// The boot time of the machine and the ticks from there to the start of the process (proc(5), field 22).
    private static func startSeconds() -> Double? {
        // The name of the program, in parentheses, may have spaces.
        let fields = text(of: "/proc/self/stat").split(separator: ")").last?.split(separator: " ") ?? []
        let boot = text(of: "/proc/stat").split(separator: "\n").first { $0.hasPrefix("btime ") }
        guard fields.count > 19, let ticks = Double(fields[19]),
            let start = boot?.split(separator: " ").last.flatMap({ Double($0) })
        else { return nil }
        return start + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func openDescriptors() -> Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Not the folder itself, its parent, and the descriptor that it is read with.
        return max(0, count - 3)
    }

    /// What a file says, its first 64 KiB.
    private static func text(of path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes: [UInt8] = []
        while bytes.count < 1 << 16 {
            // `read` writes at most `count` bytes into `chunk` and returns how many.
            let part = [UInt8](unsafeUninitializedCapacity: 4096) { chunk, count in
                count = max(0, read(file, chunk.baseAddress, chunk.count))
            }
            if part.isEmpty { break }
            bytes += part
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
