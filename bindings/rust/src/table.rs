//! The table of a method, and the functions in it.

use crate::{abi, Call, Config, Error, Host, Method, Run};
use std::ffi::c_void;
use std::marker::PhantomData;
use std::panic::{catch_unwind, AssertUnwindSafe};

pub struct Table<M>(PhantomData<M>);

struct Instance<M> {
    host: *const abi::Host,
    method: M,
}

impl<M: Method> Table<M> {
    pub const TABLE: abi::Method = abi::Method {
        struct_size: std::mem::size_of::<abi::Method>() as u32,
        flags: M::ABOUT.flags,
        id: abi::Str::new(M::ABOUT.id),
        version: abi::Str::new(M::ABOUT.version),
        summary: abi::Str::new(M::ABOUT.summary),
        license: abi::Str::new(M::ABOUT.license),
        references: abi::Str::new(M::ABOUT.references),
        config_schema: abi::Str::new(M::ABOUT.config_schema),
        claims: M::ABOUT.claims.as_ptr(),
        claim_count: M::ABOUT.claims.len(),
        create: create::<M>,
        destroy: destroy::<M>,
        fit: fit::<M>,
        predict: predict::<M>,
        get_extension: std::ptr::null(),
    };
}

/// Runs a body and makes a status of how it ends.
fn guarded(host: &abi::Host, body: impl FnOnce() -> Result<(), Error>) -> abi::Status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => abi::OK,
        Ok(Err(error)) => Host(host).fail(&error),
        Err(panic) => {
            let said = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("no text");
            Host(host).fail(&Error::new(abi::E_INTERNAL, format!("the plugin panicked: {}", said)))
        }
    }
}

unsafe extern "C" fn create<M: Method>(
    host: *const abi::Host, run: *const abi::Run, config: abi::Str, result: *mut *mut c_void,
) -> abi::Status {
    guarded(&*host, || {
        let method = M::new(&Host(&*host), &Run(&*run), &Config::new(config.get()))?;
        *result = Box::into_raw(Box::new(Instance { host, method })) as *mut c_void;
        Ok(())
    })
}

unsafe extern "C" fn destroy<M: Method>(instance: *mut c_void) {
    let instance = Box::from_raw(instance as *mut Instance<M>);
    let host = &*instance.host;
    guarded(host, || {
        drop(instance);
        Ok(())
    });
}

unsafe extern "C" fn fit<M: Method>(instance: *mut c_void, call: *const abi::Call) -> abi::Status {
    let instance = &mut *(instance as *mut Instance<M>);
    let host = &*instance.host;
    guarded(host, || instance.method.fit(&Call::new(host, &*call)))
}

unsafe extern "C" fn predict<M: Method>(
    instance: *mut c_void, call: *const abi::Call,
) -> abi::Status {
    let instance = &mut *(instance as *mut Instance<M>);
    let host = &*instance.host;
    guarded(host, || instance.method.predict(&Call::new(host, &*call)))
}
