//! The tables of `assay.h`, version 1.0, member by member.

use std::ffi::c_void;

pub type Status = i32;

pub const MAJOR: u32 = 1;
pub const MINOR: u32 = 0;

pub const OK: Status = 0;
pub const E_ARGUMENT: Status = 1;
pub const E_UNSUPPORTED: Status = 2;
pub const E_CONFIG: Status = 3;
pub const E_CONTRACT: Status = 4;
pub const E_STATE: Status = 5;
pub const E_NUMERIC: Status = 6;
pub const E_MEMORY: Status = 7;
pub const E_CANCELLED: Status = 8;
pub const E_DEADLINE: Status = 9;
pub const E_IO: Status = 10;
pub const E_INTERNAL: Status = 11;

#[derive(Clone, Copy)]
#[repr(C)]
pub struct Str {
    pub ptr: *const u8,
    pub len: usize,
}

impl Str {
    pub const fn new(text: &'static str) -> Str {
        Str { ptr: text.as_ptr(), len: text.len() }
    }

    /// # Safety
    /// The text lives for `'a` and is UTF-8, as the header says of all that the host passes.
    pub unsafe fn get<'a>(self) -> &'a str {
        if self.len == 0 {
            return "";
        }
        std::str::from_utf8_unchecked(std::slice::from_raw_parts(self.ptr, self.len))
    }
}

#[derive(Clone, Copy, PartialEq)]
#[repr(C)]
pub struct DType {
    pub code: u8,
    pub bits: u8,
    pub lanes: u16,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct Device {
    pub device_type: i32,
    pub device_id: i32,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct DLTensor {
    pub data: *mut c_void,
    pub device: Device,
    pub ndim: i32,
    pub dtype: DType,
    pub shape: *const i64,
    pub strides: *const i64,
    pub byte_offset: u64,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct Tensor {
    pub name: Str,
    pub flags: u64,
    pub tensor: DLTensor,
    pub reserved: [u64; 2],
}

#[repr(C)]
pub struct Host {
    pub struct_size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub reserved: u32,
    pub ctx: *mut c_void,
    pub log: extern "C" fn(*mut c_void, i32, Str),
    pub progress: extern "C" fn(*mut c_void, f64, Str),
    pub cancelled: extern "C" fn(*mut c_void) -> i32,
    pub set_error: extern "C" fn(*mut c_void, Status, Str) -> Status,
    pub alloc_output:
        extern "C" fn(*mut c_void, Str, DType, i32, *const i64, *mut Tensor) -> Status,
    pub scratch: extern "C" fn(*mut c_void, usize) -> *mut c_void,
    pub metric: extern "C" fn(*mut c_void, Str, f64),
    pub get_extension: extern "C" fn(*mut c_void, Str) -> *const c_void,
}

#[repr(C)]
pub struct Run {
    pub struct_size: u32,
    pub max_threads: u32,
    pub seed: u64,
    pub stream: u64,
    pub memory_budget: u64,
    pub deadline_ns: i64,
    pub scratch_dir: Str,
    pub task: Str,
    pub contract_major: u32,
    pub contract_minor: u32,
}

#[repr(C)]
pub struct Call {
    pub struct_size: u32,
    pub reserved: u32,
    pub inputs: *const Tensor,
    pub in_count: usize,
    pub out: *mut Tensor,
    pub out_count: usize,
    pub run: *const Run,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct Input {
    pub name: Str,
    pub flags: u32,
    pub reserved: u32,
}

#[derive(Clone, Copy)]
#[repr(C)]
pub struct Claim {
    pub task: Str,
    pub major: u32,
    pub minor: u32,
    pub inputs: *const Input,
    pub input_count: usize,
}

#[repr(C)]
pub struct Method {
    pub struct_size: u32,
    pub flags: u32,
    pub id: Str,
    pub version: Str,
    pub summary: Str,
    pub license: Str,
    pub references: Str,
    pub config_schema: Str,
    pub claims: *const Claim,
    pub claim_count: usize,
    pub create: unsafe extern "C" fn(*const Host, *const Run, Str, *mut *mut c_void) -> Status,
    pub destroy: unsafe extern "C" fn(*mut c_void),
    pub fit: unsafe extern "C" fn(*mut c_void, *const Call) -> Status,
    pub predict: unsafe extern "C" fn(*mut c_void, *const Call) -> Status,
    pub get_extension: *const c_void,
}

#[repr(C)]
pub struct Library {
    pub struct_size: u32,
    pub abi_major: u32,
    pub abi_minor: u32,
    pub method_count: u32,
    pub method_at: extern "C" fn(u32) -> *const Method,
    pub get_extension: *const c_void,
}

/// Fails to compile where a size differs from the header's.
#[cfg(target_pointer_width = "64")]
const _: () = {
    use std::mem::size_of;
    assert!(size_of::<Str>() == 16 && size_of::<DLTensor>() == 48 && size_of::<Tensor>() == 88);
    assert!(size_of::<Host>() == 88 && size_of::<Run>() == 80 && size_of::<Call>() == 48);
    assert!(size_of::<Input>() == 24 && size_of::<Claim>() == 40);
    assert!(size_of::<Method>() == 160 && size_of::<Library>() == 32);
};
