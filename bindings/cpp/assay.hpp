// assay.hpp: method plugins in C++20, on top of assay.h
//
//     c++ -std=c++20 -O2 -shared -fPIC -I<folder of this file> my_method.cpp -o libassay-my-method.so
//
// A method is a class with a constructor and two member functions:
//
//     struct MyMethod {
//       MyMethod(const assay::Host& host, const assay::Run& run, const assay::Config& config);
//       void fit(const assay::Call& call);
//       void predict(const assay::Call& call);
//     };
//
// `assay::method<MyMethod>(about)` makes its table, ASSAY_LIBRARY the entry of the library. What a
// method throws becomes a status and its sentence: no exception crosses the border. Nothing here is
// part of the ABI, and there is nothing to link.
#ifndef ASSAY_HPP
#define ASSAY_HPP

#include "assay.h"
#include "assay_helpers.h"

#include <cstdint>
#include <exception>
#include <initializer_list>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace assay {

constexpr assay_str str(std::string_view text) { return {text.data(), text.size()}; }

inline std::string_view view(assay_str text) {
  return text.len == 0 ? std::string_view() : std::string_view(text.ptr, text.len);
}

// ------------------------------------------------------------------------------------ Failures

// Ends a call with a status other than ASSAY_OK and a sentence.
class Error : public std::exception {
 public:
  Error(assay_status status, std::string sentence)
      : status_(status), sentence_(std::move(sentence)) {}
  assay_status status() const noexcept { return status_; }
  const char* what() const noexcept override { return sentence_.c_str(); }

 private:
  assay_status status_;
  std::string sentence_;
};

// ------------------------------------------------------------------------------------ Tensors

// The dtype of a tensor of `T`: f32 and f64, i8 to i64, u8 to u64, bool.
template <class T>
constexpr assay_dtype dtype() {
  static_assert(std::is_arithmetic_v<T>, "a tensor holds numbers");
  constexpr std::uint8_t code = std::is_same_v<T, bool>       ? ASSAY_DTYPE_BOOL
                                : std::is_floating_point_v<T> ? ASSAY_DTYPE_FLOAT
                                : std::is_signed_v<T>         ? ASSAY_DTYPE_INT
                                                              : ASSAY_DTYPE_UINT;
  return {code, static_cast<std::uint8_t>(8 * sizeof(T)), 1};
}

// A view of the host's memory, row by row, that is valid until the call returns.
template <class T>
class Tensor {
 public:
  explicit Tensor(const assay_dl_tensor& tensor)
      : data_(static_cast<T*>(tensor.data)),
        shape_(tensor.shape, static_cast<std::size_t>(tensor.ndim)) {
    for (std::int64_t extent : shape_) count_ *= static_cast<std::size_t>(extent);
  }

  std::span<const std::int64_t> shape() const { return shape_; }
  // The extent of an axis.
  std::size_t extent(std::size_t axis) const { return static_cast<std::size_t>(shape_[axis]); }
  // All elements.
  std::span<T> elements() const { return {data_, count_}; }
  // The elements of one index of the first axis.
  std::span<T> row(std::size_t index) const {
    std::size_t width = extent(0) == 0 ? 0 : count_ / extent(0);
    return elements().subspan(index * width, width);
  }
  // The element of a scalar.
  T& value() const { return *data_; }

 private:
  T* data_;
  std::span<const std::int64_t> shape_;
  std::size_t count_ = 1;
};

// ------------------------------------------------------------------------------------ The host

// The circumstances of a run.
class Run {
 public:
  explicit Run(const assay_run* run) : run_(run) {}
  std::uint64_t seed() const { return run_->seed; }
  std::uint64_t stream() const { return run_->stream; }
  std::uint32_t max_threads() const { return run_->max_threads; }
  std::uint64_t memory_budget() const { return run_->memory_budget; }
  std::int64_t deadline_ns() const { return run_->deadline_ns; }
  std::string_view scratch_dir() const { return view(run_->scratch_dir); }
  std::string_view task() const { return view(run_->task); }

 private:
  const assay_run* run_;
};

// Services of the host, from the constructor to the destructor.
class Host {
 public:
  explicit Host(const assay_host* host) : host_(host) {}
  void log(std::int32_t level, std::string_view text) const {
    host_->log(host_->ctx, level, str(text));
  }
  void note(std::string_view text) const { log(ASSAY_LOG_NOTE, text); }
  void warn(std::string_view text) const { log(ASSAY_LOG_WARNING, text); }
  void progress(double fraction, std::string_view stage = {}) const {
    host_->progress(host_->ctx, fraction, str(stage));
  }
  bool cancelled() const { return host_->cancelled(host_->ctx) != 0; }
  void metric(std::string_view name, double value) const {
    host_->metric(host_->ctx, str(name), value);
  }
  const assay_host* get() const { return host_; }

 private:
  const assay_host* host_;
};

// The settings, complete with their defaults. A key that the schema does not have is a defect.
class Config {
 public:
  explicit Config(assay_str text) : text_(text) {}
  double number(const char* key) const {
    double value = 0;
    return found(assay_config_number(text_, key, &value), key), value;
  }
  std::int64_t integer(const char* key) const {
    std::int64_t value = 0;
    return found(assay_config_integer(text_, key, &value), key), value;
  }
  bool boolean(const char* key) const {
    int value = 0;
    return found(assay_config_bool(text_, key, &value), key), value != 0;
  }
  // Whether the string under `key` is `choice`.
  bool is(const char* key, const char* choice) const {
    return assay_config_is(text_, key, choice) != 0;
  }
  std::vector<double> numbers(const char* key) const {
    std::vector<double> values(text_.len);
    std::int64_t count =
        assay_config_numbers(text_, key, values.data(), static_cast<std::int64_t>(text_.len));
    found(count >= 0, key);
    values.resize(static_cast<std::size_t>(count));
    return values;
  }
  // The whole object as JSON.
  std::string_view json() const { return view(text_); }

 private:
  void found(int is_there, const char* key) const {
    if (!is_there)
      throw Error(ASSAY_E_CONFIG, std::string("config has no fitting value for '") + key + "'");
  }
  assay_str text_;
};

// ------------------------------------------------------------------------------------ A call

// What one call of fit or predict gets.
class Call {
 public:
  Call(const assay_host* host, const assay_call* call) : host_(host), call_(call) {}

  Host host() const { return Host(host_); }
  Run run() const { return Run(call_->run); }

  // The input `name`; nothing where it is absent or of another dtype or rank.
  template <class T>
  std::optional<Tensor<const T>> find(const char* name, std::int32_t rank) const {
    const assay_dl_tensor* tensor = assay_find(call_->in, call_->in_count, name, dtype<T>().code,
                                               dtype<T>().bits, rank);
    if (!tensor) return std::nullopt;
    return Tensor<const T>(*tensor);
  }

  // The input `name`, which has to be there.
  template <class T>
  Tensor<const T> in(const char* name, std::int32_t rank) const {
    std::optional<Tensor<const T>> found = find<T>(name, rank);
    if (!found) throw missing("input", name, rank);
    return *found;
  }

  // The output `name`, to be written in full.
  template <class T>
  Tensor<T> out(const char* name, std::int32_t rank) const {
    const assay_dl_tensor* tensor = assay_find(call_->out, call_->out_count, name, dtype<T>().code,
                                               dtype<T>().bits, rank);
    if (!tensor) throw missing("output", name, rank);
    return Tensor<T>(*tensor);
  }

  // The output `name` whose shape the contract leaves open.
  template <class T>
  Tensor<T> allocate(std::string_view name, std::initializer_list<std::int64_t> shape) const {
    assay_tensor tensor = {};
    assay_status status =
        host_->alloc_output(host_->ctx, str(name), dtype<T>(),
                            static_cast<std::int32_t>(shape.size()), shape.begin(), &tensor);
    if (status != ASSAY_OK)
      throw Error(status, "output '" + std::string(name) + "' was not allocated");
    return Tensor<T>(tensor.tensor);
  }

  // The strings that travel as `name.bytes` and `name.offsets`.
  std::vector<std::string_view> strings(const std::string& name) const {
    Tensor<const std::uint8_t> bytes = in<std::uint8_t>((name + ".bytes").c_str(), 1);
    std::span<const std::int64_t> offsets =
        in<std::int64_t>((name + ".offsets").c_str(), 1).elements();
    std::vector<std::string_view> texts;
    const char* text = reinterpret_cast<const char*>(bytes.elements().data());
    for (std::size_t i = 0; i + 1 < offsets.size(); i++)
      texts.emplace_back(text + offsets[i], static_cast<std::size_t>(offsets[i + 1] - offsets[i]));
    return texts;
  }

 private:
  static Error missing(const char* kind, const char* name, std::int32_t rank) {
    return Error(ASSAY_E_CONTRACT, std::string("there is no ") + kind + " '" + name +
                                       "' of the wanted dtype and rank " + std::to_string(rank));
  }
  const assay_host* host_;
  const assay_call* call_;
};

// ------------------------------------------------------------------------------------ Tables

constexpr assay_input required(std::string_view name) {
  return {str(name), ASSAY_INPUT_REQUIRED, 0};
}
constexpr assay_input optional(std::string_view name) {
  return {str(name), ASSAY_INPUT_OPTIONAL, 0};
}
// A claim of a task; `inputs` lives as long as the library.
constexpr assay_claim claim(std::string_view task, std::span<const assay_input> inputs,
                            std::uint32_t major = 1, std::uint32_t minor = 0) {
  return {str(task), major, minor, inputs.data(), inputs.size()};
}

// What a method says of itself; see assay_method.
struct About {
  std::string_view id = {};
  std::string_view version = {};
  std::string_view summary = {};
  std::string_view license = {};
  std::string_view references = {};
  std::string_view config_schema = R"({"type":"object","additionalProperties":false})";
  std::uint32_t flags = 0;
  std::span<const assay_claim> claims = {};
};

namespace detail {

// Runs a body and makes a status of what it throws.
template <class Body>
assay_status guarded(const assay_host* host, Body body) noexcept {
  try {
    body();
    return ASSAY_OK;
  } catch (const Error& error) {
    return assay_fail(host, error.status(), error.what());
  } catch (const std::bad_alloc&) {
    return assay_fail(host, ASSAY_E_MEMORY, "an allocation failed");
  } catch (const std::exception& error) {
    return assay_fail(host, ASSAY_E_INTERNAL, error.what());
  } catch (...) {
    return assay_fail(host, ASSAY_E_INTERNAL, "something that is no std::exception was thrown");
  }
}

template <class M>
struct Instance {
  const assay_host* host;
  M method;
};

}  // namespace detail

// The table of a method of class `M`.
template <class M>
constexpr assay_method method(const About& about) {
  using Instance = detail::Instance<M>;
  return {
      sizeof(assay_method),
      about.flags,
      str(about.id),
      str(about.version),
      str(about.summary),
      str(about.license),
      str(about.references),
      str(about.config_schema),
      about.claims.data(),
      about.claims.size(),
      [](const assay_host* host, const assay_run* run, assay_str config, void** self) {
        return detail::guarded(host, [&] {
          *self = new Instance{host, M(Host(host), Run(run), Config(config))};
        });
      },
      [](void* self) { delete static_cast<Instance*>(self); },
      [](void* self, const assay_call* call) {
        auto* instance = static_cast<Instance*>(self);
        return detail::guarded(instance->host,
                               [&] { instance->method.fit(Call(instance->host, call)); });
      },
      [](void* self, const assay_call* call) {
        auto* instance = static_cast<Instance*>(self);
        return detail::guarded(instance->host,
                               [&] { instance->method.predict(Call(instance->host, call)); });
      },
      nullptr,
  };
}

}  // namespace assay

// The entry of a library whose methods are the array `methods`.
#define ASSAY_LIBRARY(methods)                                                                    \
  extern "C" const assay_library* assay_plugin_entry(std::uint32_t host_major, std::uint32_t) {   \
    static constexpr assay_library library = {                                                    \
        sizeof(assay_library),                                                                    \
        ASSAY_ABI_MAJOR,                                                                          \
        ASSAY_ABI_MINOR,                                                                          \
        static_cast<std::uint32_t>(std::size(methods)),                                           \
        [](std::uint32_t index) -> const assay_method* {                                          \
          return index < std::size(methods) ? &methods[index] : nullptr;                          \
        },                                                                                        \
        nullptr,                                                                                  \
    };                                                                                            \
    return host_major == ASSAY_ABI_MAJOR ? &library : nullptr;                                    \
  }

#endif  // ASSAY_HPP
