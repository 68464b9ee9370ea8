//! Simulated time: the machine's time, faster and further on if asked. Retries over four hours and tokens of a day
//! then pass in seconds.

use jiff::{SignedDuration, Timestamp};

/// How simulated time follows from the machine's time. At first both are the same.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    machine: Timestamp,
    simulated: Timestamp,
    pace: u32,
}

impl Default for Clock {
    fn default() -> Self {
        Self { machine: Timestamp::UNIX_EPOCH, simulated: Timestamp::UNIX_EPOCH, pace: 1 }
    }
}

impl Clock {
    /// The simulated time at this time of the machine.
    pub(crate) fn at(&self, machine: Timestamp) -> Timestamp {
        let passed = machine.duration_since(self.machine);
        let pace = i32::try_from(self.pace).unwrap_or(i32::MAX);
        add(self.simulated, passed.checked_mul(pace).unwrap_or(SignedDuration::MAX))
    }

    /// From now on so many simulated seconds pass in a second; 0 stops the time.
    pub(crate) fn set_pace(&mut self, pace: u32, machine: Timestamp) {
        *self = Self { machine, simulated: self.at(machine), pace };
    }

    /// Jumps ahead by so many simulated seconds.
    pub(crate) fn skip(&mut self, seconds: u32) {
        self.simulated = add(self.simulated, SignedDuration::from_secs(i64::from(seconds)));
    }

    /// Simulated seconds that pass in a second.
    pub(crate) fn pace(&self) -> u32 {
        self.pace
    }
}

fn add(time: Timestamp, span: SignedDuration) -> Timestamp {
    time.checked_add(span).unwrap_or(Timestamp::MAX)
}
