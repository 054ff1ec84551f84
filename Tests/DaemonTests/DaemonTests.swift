import Testing

/// Tests of the program as its users meet it: the built binary, its standard streams, signals and exit codes.
///
/// One test at a time, because each starts a process with compute threads of its own. A process that hangs fails its
/// test by the time limit, which is far above what any of them takes: the other targets' tests, which compute, may keep
/// the cooperative pool from these for a minute at every `await`.
@Suite(.serialized, .timeLimit(.minutes(20))) enum DaemonTests {}
