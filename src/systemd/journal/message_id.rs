//! The ids of messages that systemd's programs send: systemd.journal-fields(7), `MESSAGE_ID=`.

/// journald started.
pub const JOURNAL_START: &str = "f77379a8490b408bbe5f6940505a777b";
/// journald stopped.
pub const JOURNAL_STOP: &str = "d93fb3c9c24d451a97cea615ce59c00b";
/// journald tells how much room the journal takes.
pub const JOURNAL_USAGE: &str = "ec387f577b844b8fa948f33cad9a75e6";
/// Messages were dropped: a service wrote too many.
pub const JOURNAL_DROPPED: &str = "a596d6fe7bfa4994828e72309e95d61e";
/// A job of a unit began.
pub const UNIT_STARTING: &str = "7d4958e842da4a758f6c1cdc7b36dcc5";
/// A start job finished with success.
pub const UNIT_STARTED: &str = "39f53479d3a045ac8e11786248231fbf";
/// A stop job began.
pub const UNIT_STOPPING: &str = "de5b426a63be47a7b6ac3eaac82e2f6f";
/// A stop job finished.
pub const UNIT_STOPPED: &str = "9d1aaa27d60140bd96365438aad20286";
/// A start job failed.
pub const UNIT_FAILED: &str = "be02cf6855d2428ba40df7e9d022f03d";
/// A reload job began.
pub const UNIT_RELOADING: &str = "d34d037fff1847e6ae669a370e694725";
/// A reload job finished.
pub const UNIT_RELOADED: &str = "7b05ebc668384222baa8881179cfda54";
/// A restart was scheduled.
pub const UNIT_RESTART_SCHEDULED: &str = "5eb03494b6584870a536b337290809b3";
/// A unit entered the failed state.
pub const UNIT_FAILURE_RESULT: &str = "d9b373ed55a64feb8242e02dbe79a49c";
/// A unit ended with success.
pub const UNIT_SUCCESS: &str = "7ad2d189f7e94e70a38c781354912448";
/// A condition or assertion did not hold.
pub const UNIT_SKIPPED: &str = "0e4284a0caca4bfc81c0bb6786972673";
/// A process of a unit ended.
pub const UNIT_PROCESS_EXIT: &str = "98e322203f7a4ed290d09fe03c09fe15";
/// How much a unit used when it stopped.
pub const UNIT_RESOURCES: &str = "ae8f7b866b0347b9af31fe1c80b127c0";
/// A process of a unit was killed by the out-of-memory killer.
pub const UNIT_OUT_OF_MEMORY: &str = "fe6faa94e7774663a0da52717891d8ef";
/// A program could not be executed.
pub const SPAWN_FAILED: &str = "641257651c1b4ec9a8624d7a40a9e1e7";
/// The machine is up.
pub const STARTUP_FINISHED: &str = "b07a249cd024414a82dd00cd181378ff";
/// A user's manager is up.
pub const USER_STARTUP_FINISHED: &str = "eed00a68ffd84e31882105fd973abdd1";
/// A session began.
pub const SESSION_START: &str = "8d45620c1a4348dbb17410da57c60c66";
/// A session ended.
pub const SESSION_STOP: &str = "3354939424b4456d9802ca8333ed424a";
/// A seat appeared.
pub const SEAT_START: &str = "fcbefc5da23d428093f97c82a9290f7b";
/// The machine shuts down.
pub const SHUTDOWN: &str = "98268866d1d54a499c4e98921d93bc40";
