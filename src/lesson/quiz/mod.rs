//! Questions as they are asked and judged; what they ask is in [`content::quiz`](super::content::quiz).

pub mod answer;
pub mod normal;
pub mod order;

pub use answer::{Answer, Marked, Remark, mark};
pub use order::order;
