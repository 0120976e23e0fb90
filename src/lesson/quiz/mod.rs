//! Questions as they are asked and judged; what they ask is in [`content::quiz`](super::content::quiz).

pub mod answer;
pub mod lived;
pub mod normal;
pub mod order;
pub mod placed;

pub use answer::{Answer, Marked, Remark, mark};
pub use lived::Played;
pub use order::order;
