/// How an index in Redis works.
struct RedisIndexSettings: Sendable, Hashable {
    /// Elements that a graph search looks at, at least.
    var exploration = 100
    /// Elements of a vector set above which the partition gets another one.
    var shardSize = 100_000
    /// How many more candidates are asked for than are wanted, since some may be gone.
    var spare = 3
    /// Elements that may wait to be added or removed; what does not fit is left to whoever follows the change log.
    var waiting = 1024
    /// Searches that may be under way.
    var searches = 1024
    /// When it is looked again whether another replica has added what it has claimed, before that is done for it.
    var grace: [Duration] = [.milliseconds(5), .milliseconds(20), .milliseconds(50)]
    /// How long others are let before between two steps of a long work.
    var pause = Duration.milliseconds(2)
    /// How long others are let before between two steps of a look at all that is in the index.
    var lookPause = Duration.milliseconds(10)
    /// How long it rests between two looks at all that is in the index.
    var rest = Duration.seconds(10)
    /// Milliseconds after which another replica takes over from the one that carries changes over and was not heard of.
    var lockMilliseconds = 10_000
    /// How often that one says that it is there, and the others look.
    var interval = Duration.seconds(1)
}
