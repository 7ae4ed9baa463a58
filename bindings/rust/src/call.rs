//! What a call gets: tensors, the run, and the services of the host.

use crate::{abi, Error};
use std::cell::RefCell;

mod sealed {
    pub trait Sealed {}
}

/// A number that tensors hold.
pub trait Element: sealed::Sealed + Copy + 'static {
    const DTYPE: abi::DType;
}

macro_rules! elements {
    ($($type:ty: $code:literal),+) => {$(
        impl sealed::Sealed for $type {}
        impl Element for $type {
            const DTYPE: abi::DType =
                abi::DType { code: $code, bits: (8 * std::mem::size_of::<$type>()) as u8, lanes: 1 };
        }
    )+};
}

elements!(i8: 0, i16: 0, i32: 0, i64: 0, u8: 1, u16: 1, u32: 1, u64: 1, f32: 2, f64: 2);

/// An input: the host's own memory, row by row.
#[derive(Clone, Copy)]
pub struct Tensor<'a, T> {
    pub shape: &'a [i64],
    pub data: &'a [T],
}

impl<'a, T> Tensor<'a, T> {
    /// The extent of an axis.
    pub fn extent(&self, axis: usize) -> usize {
        self.shape[axis] as usize
    }

    /// The elements of one index of the first axis.
    pub fn row(&self, index: usize) -> &'a [T] {
        let width = self.data.len() / self.extent(0).max(1);
        &self.data[index * width..(index + 1) * width]
    }
}

/// An output, to be written in full.
pub struct TensorMut<'a, T> {
    pub shape: &'a [i64],
    pub data: &'a mut [T],
}

impl<'a, T> TensorMut<'a, T> {
    /// The elements of one index of the first axis.
    pub fn row(&mut self, index: usize) -> &mut [T] {
        let width = self.data.len() / (self.shape[0] as usize).max(1);
        &mut self.data[index * width..(index + 1) * width]
    }
}

/// The circumstances of a run.
pub struct Run<'a>(pub(crate) &'a abi::Run);

impl<'a> Run<'a> {
    pub fn seed(&self) -> u64 {
        self.0.seed
    }
    pub fn stream(&self) -> u64 {
        self.0.stream
    }
    pub fn max_threads(&self) -> usize {
        self.0.max_threads as usize
    }
    pub fn memory_budget(&self) -> u64 {
        self.0.memory_budget
    }
    pub fn deadline_ns(&self) -> i64 {
        self.0.deadline_ns
    }
    pub fn scratch_dir(&self) -> &'a str {
        unsafe { self.0.scratch_dir.get() }
    }
    pub fn task(&self) -> &'a str {
        unsafe { self.0.task.get() }
    }
}

/// Services of the host, for as long as a call lasts.
pub struct Host<'a>(pub(crate) &'a abi::Host);

fn borrowed(text: &str) -> abi::Str {
    abi::Str { ptr: text.as_ptr(), len: text.len() }
}

impl<'a> Host<'a> {
    /// Keeps a fact that the reader of the trial must know.
    pub fn note(&self, text: &str) {
        (self.0.log)(self.0.ctx, 2, borrowed(text))
    }
    pub fn warn(&self, text: &str) {
        (self.0.log)(self.0.ctx, 3, borrowed(text))
    }
    /// Says how far the call has come, `fraction` in 0...1.
    pub fn progress(&self, fraction: f64, stage: &str) {
        (self.0.progress)(self.0.ctx, fraction, borrowed(stage))
    }
    /// Whether the call should give up with `E_CANCELLED`.
    pub fn is_cancelled(&self) -> bool {
        (self.0.cancelled)(self.0.ctx) != 0
    }
    /// Reports a number about the fit.
    pub fn metric(&self, name: &str, value: f64) {
        (self.0.metric)(self.0.ctx, borrowed(name), value)
    }
    pub(crate) fn fail(&self, error: &Error) -> abi::Status {
        (self.0.set_error)(self.0.ctx, error.status, borrowed(&error.sentence))
    }
}

/// What one call of fit or predict gets.
pub struct Call<'a> {
    host: &'a abi::Host,
    call: &'a abi::Call,
    /// Outputs that were handed out, so that no two references to one exist.
    taken: RefCell<Vec<String>>,
}

unsafe fn slice<'a, T>(tensors: *const T, count: usize) -> &'a [T] {
    if count == 0 {
        return &[];
    }
    std::slice::from_raw_parts(tensors, count)
}

impl<'a> Call<'a> {
    pub(crate) fn new(host: &'a abi::Host, call: &'a abi::Call) -> Self {
        Call { host, call, taken: RefCell::new(Vec::new()) }
    }

    pub fn host(&self) -> Host<'a> {
        Host(self.host)
    }

    pub fn run(&self) -> Run<'a> {
        Run(unsafe { &*self.call.run })
    }

    /// The input `name`; nothing where it is absent or of another dtype or rank.
    pub fn find<T: Element>(&self, name: &str, rank: usize) -> Option<Tensor<'a, T>> {
        let tensors = unsafe { slice(self.call.inputs, self.call.in_count) };
        let (shape, data, count) = fitting::<T>(tensors, name, rank)?;
        Some(Tensor { shape, data: unsafe { slice(data, count) } })
    }

    /// The input `name`, which has to be there.
    pub fn input<T: Element>(&self, name: &str, rank: usize) -> Result<Tensor<'a, T>, Error> {
        self.find(name, rank).ok_or_else(|| missing("input", name, rank))
    }

    /// The output `name`, which a call may take once.
    pub fn output<T: Element>(&self, name: &str, rank: usize) -> Result<TensorMut<'a, T>, Error> {
        let tensors = unsafe { slice(self.call.out as *const abi::Tensor, self.call.out_count) };
        let found = fitting::<T>(tensors, name, rank);
        let (shape, data, count) = found.ok_or_else(|| missing("output", name, rank))?;
        self.take(name)?;
        Ok(TensorMut { shape, data: unsafe { slice_mut(data, count) } })
    }

    /// The output `name` whose shape the contract leaves open.
    pub fn allocate<T: Element>(
        &self, name: &str, shape: &[i64],
    ) -> Result<TensorMut<'a, T>, Error> {
        self.take(name)?;
        let mut tensor = std::mem::MaybeUninit::<abi::Tensor>::zeroed();
        let status = (self.host.alloc_output)(
            self.host.ctx, borrowed(name), T::DTYPE, shape.len() as i32, shape.as_ptr(),
            tensor.as_mut_ptr(),
        );
        if status != abi::OK {
            return Err(Error::new(status, format!("output '{}' was not allocated", name)));
        }
        let tensor = unsafe { tensor.assume_init() }.tensor;
        let shape = unsafe { slice(tensor.shape, tensor.ndim as usize) };
        let count = shape.iter().product::<i64>() as usize;
        Ok(TensorMut { shape, data: unsafe { slice_mut(tensor.data as *mut T, count) } })
    }

    /// The strings that travel as `name.bytes` and `name.offsets`.
    pub fn strings(&self, name: &str) -> Result<Vec<&'a str>, Error> {
        let bytes = self.input::<u8>(&format!("{}.bytes", name), 1)?.data;
        let offsets = self.input::<i64>(&format!("{}.offsets", name), 1)?.data;
        let text = |pair: &[i64]| {
            std::str::from_utf8(&bytes[pair[0] as usize..pair[1] as usize])
                .map_err(|_| Error::new(abi::E_CONTRACT, format!("'{}' is no UTF-8", name)))
        };
        offsets.windows(2).map(text).collect()
    }

    fn take(&self, name: &str) -> Result<(), Error> {
        let mut taken = self.taken.borrow_mut();
        if taken.iter().any(|other| other == name) {
            return Err(Error::new(abi::E_STATE, format!("output '{}' was taken before", name)));
        }
        taken.push(name.to_string());
        Ok(())
    }
}

unsafe fn slice_mut<'a, T>(data: *mut T, count: usize) -> &'a mut [T] {
    if count == 0 {
        return &mut [];
    }
    std::slice::from_raw_parts_mut(data, count)
}

fn fitting<'a, T: Element>(
    tensors: &'a [abi::Tensor], name: &str, rank: usize,
) -> Option<(&'a [i64], *mut T, usize)> {
    let found = tensors.iter().find(|tensor| unsafe { tensor.name.get() } == name)?.tensor;
    if found.dtype != T::DTYPE || found.ndim as usize != rank {
        return None;
    }
    let shape = unsafe { slice(found.shape, rank) };
    Some((shape, found.data as *mut T, shape.iter().product::<i64>() as usize))
}

fn missing(kind: &str, name: &str, rank: usize) -> Error {
    let sentence = format!("there is no {} '{}' of the wanted dtype and rank {}", kind, name, rank);
    Error::new(abi::E_CONTRACT, sentence)
}
