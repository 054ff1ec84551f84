import Testing

/// Tests of the program as its users meet it: the built binary, its standard streams, signals and exit codes.
///
/// One test at a time, because each starts a process with compute threads of its own. A process that hangs fails its
/// test by the time limit, which is far above what any of them takes.
@Suite(.serialized, .timeLimit(.minutes(2))) enum DaemonTests {}
