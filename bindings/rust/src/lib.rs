//! Method plugins for Assay.
//!
//! A method is a type that implements [`Method`]; [`library!`] makes the one exported function of
//! the dynamic library. Errors become a status and its sentence, and a panic becomes
//! `E_INTERNAL`: nothing unwinds across the border. `examples/nearest_mean.rs` is a whole plugin:
//!
//! ```text
//! cargo build --release --example nearest_mean
//! assay check target/release/examples/libnearest_mean.so
//! ```

pub mod abi;
mod call;
mod config;
#[doc(hidden)]
pub mod table;

pub use call::{Call, Element, Host, Run, Tensor, TensorMut};
pub use config::Config;

/// Why a call failed: a status other than `abi::OK`, and a sentence.
#[derive(Debug)]
pub struct Error {
    pub status: abi::Status,
    pub sentence: String,
}

impl Error {
    pub fn new(status: abi::Status, sentence: impl Into<String>) -> Error {
        Error { status, sentence: sentence.into() }
    }
}

/// One algorithm. Successive calls may come from different threads, but never overlap.
pub trait Method: Sized + Send {
    const ABOUT: About;

    fn new(host: &Host, run: &Run, config: &Config) -> Result<Self, Error>;
    /// Learns from the fit inputs; a second call replaces the first.
    fn fit(&mut self, call: &Call) -> Result<(), Error>;
    /// Answers the query inputs by writing every element of the outputs.
    fn predict(&mut self, call: &Call) -> Result<(), Error>;
}

/// What a method says of itself; see `assay_method` in the header.
pub struct About {
    pub id: &'static str,
    pub version: &'static str,
    pub summary: &'static str,
    pub license: &'static str,
    pub references: &'static str,
    /// JSON Schema of the config object, with a default for each property.
    pub config_schema: &'static str,
    pub flags: u32,
    pub claims: &'static [abi::Claim],
}

pub const NEEDS_FIT: u32 = 1;
pub const DETERMINISTIC: u32 = 2;
pub const ROW_INDEPENDENT: u32 = 4;
pub const CROSS_VALIDATES: u32 = 8;
pub const USES_THREADS: u32 = 16;

/// A tensor that the method cannot do without.
pub const fn required(name: &'static str) -> abi::Input {
    abi::Input { name: abi::Str::new(name), flags: 1, reserved: 0 }
}

/// A tensor that the method uses where it is offered.
pub const fn optional(name: &'static str) -> abi::Input {
    abi::Input { name: abi::Str::new(name), flags: 0, reserved: 0 }
}

/// A task with every input that the method may use: what is not listed is not mapped.
pub const fn claim(task: &'static str, inputs: &'static [abi::Input]) -> abi::Claim {
    abi::Claim {
        task: abi::Str::new(task),
        major: 1,
        minor: 0,
        inputs: inputs.as_ptr(),
        input_count: inputs.len(),
    }
}

/// Exports a library of the methods that are named.
#[macro_export]
macro_rules! library {
    ($($method:ty),+ $(,)?) => {
        extern "C" fn method_at(index: u32) -> *const $crate::abi::Method {
            let tables: &[&'static $crate::abi::Method] =
                &[$(&$crate::table::Table::<$method>::TABLE),+];
            tables.get(index as usize).map_or(std::ptr::null(), |table| *table)
        }

        #[no_mangle]
        pub extern "C" fn assay_plugin_entry(
            host_major: u32, _host_minor: u32,
        ) -> *const $crate::abi::Library {
            const COUNT: u32 = [$(stringify!($method)),+].len() as u32;
            const LIBRARY: $crate::abi::Library = $crate::abi::Library {
                struct_size: std::mem::size_of::<$crate::abi::Library>() as u32,
                abi_major: $crate::abi::MAJOR,
                abi_minor: $crate::abi::MINOR,
                method_count: COUNT,
                method_at,
                get_extension: std::ptr::null(),
            };
            if host_major == $crate::abi::MAJOR { &LIBRARY } else { std::ptr::null() }
        }
    };
}
