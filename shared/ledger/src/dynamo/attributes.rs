//! The attributes of an item in the records table, beside the keys that [`crate::tables`] names.
//!
//! | name | type | what it holds | present |
//! | --- | --- | --- | --- |
//! | `pk` | S | the record's key, `tenant/source/kind/id`, or `client/<digest>` | always |
//! | `sk` | S | `head`, `trail/000016` for a page of which 16 entries stand before, or `shared/<name>` | always |
//! | `v` | N | version: how often it was written | head, shared value |
//! | `w` | B | token of this write, drawn at random: by it a repeated put knows itself | head, shared value |
//! | `s` | S | the state, by its word | head |
//! | `p` | S | the step of the state | posting, in doubt |
//! | `t` | N | the time of the state: waiting until, in doubt since | waiting, in doubt |
//! | `y` | S | the reason of the state | waiting, skipped |
//! | `e` | S | findings, as compact JSON | rejected, failed, needs review |
//! | `f` | N | fence of the latest lease | head |
//! | `l` | N | end of the lease | held |
//! | `n` | S | the name that people use for the record | named |
//! | `a` | N | how often it was taken since it last came to an end | head, unless 0 |
//! | `r` | S | the customer of CloudSuite that it was written for | known |
//! | `i` | S | the company of CloudSuite that it was written in, `780` or `780/AAA` | planned |
//! | `z` | S | what kind of document was written for it | unusual |
//! | `x` | N | how many lines its document has | planned |
//! | `mn` | N | how many movements of goods, or journal entries, CloudSuite has | moved |
//! | `md` | S | what they come to, by the source's ids or by currency, as compact JSON | moved |
//! | `mu` | S | the movement that is under way, the same way | moving |
//! | `o` | S | CloudSuite's temporary number | known |
//! | `u` | S | CloudSuite's final number | known |
//! | `m` | N | the source's update time | known |
//! | `mt` | N | when the source began to tell of that | told |
//! | `b` | B | digest of the body that was last taken in | head |
//! | `d` | B | fingerprint: digest of the planned documents | planned |
//! | `c` | S | correlation: the delivery that was last taken in | head |
//! | `q` | N | when it was posted | posted |
//! | `k` | N | how often it was looked for | head, unless 0 |
//! | `kp` | N | how often in a row it was parked | parked |
//! | `er` | N | until when what was accepted is erased | erased |
//! | `g` | N | how many entries of the trail stand in pages | head, unless 0 |
//! | `h` | L | trail entries, each a list of time (N), event (S) and detail (S) | head, page |
//! | `j` | S | the value, a text of whoever keeps it | shared value |
//! | `gs`, `gr` | S | operators' index: `tenant/status` and when the first delivery was received | head |
//! | `ga`, `gt` | S | index of what awaits something: `await/<shard>` for confirmation, `doubt/<shard>` for settlement; and the next check | while awaiting |
//!
//! Times are numbers of milliseconds since 1970, except in index keys: there they are RFC 3339 in UTC with three
//! decimals, whose order as texts is their order in time.

pub(super) const HEAD: &str = "head";

pub(super) const VERSION: &str = "v";
pub(super) const TOKEN: &str = "w";
pub(super) const STATE: &str = "s";
pub(super) const STEP: &str = "p";
pub(super) const STATE_TIME: &str = "t";
pub(super) const REASON: &str = "y";
pub(super) const FINDINGS: &str = "e";
pub(super) const FENCE: &str = "f";
pub(super) const LEASE_END: &str = "l";
pub(super) const ATTEMPTS: &str = "a";
pub(super) const CUSTOMER: &str = "r";
pub(super) const COMPANY: &str = "i";
pub(super) const DOCUMENT: &str = "z";
pub(super) const LINES: &str = "x";
pub(super) const MOVEMENTS: &str = "mn";
pub(super) const MOVED: &str = "md";
pub(super) const MOVING: &str = "mu";
pub(super) const TEMPORARY: &str = "o";
pub(super) const NUMBER: &str = "u";
pub(super) const TRIGGERED_AT: &str = "mt";
pub(super) const BODY: &str = "b";
pub(super) const FINGERPRINT: &str = "d";
pub(super) const CORRELATION: &str = "c";
pub(super) const POSTED_AT: &str = "q";
pub(super) const CHECKS: &str = "k";
pub(super) const PARKED: &str = "kp";
pub(super) const ERASED_AT: &str = "er";
pub(super) const PAGED: &str = "g";
pub(super) const TRAIL: &str = "h";
pub(super) const SHARED: &str = "j";
