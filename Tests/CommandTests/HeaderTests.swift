import Foundation
import Testing

@Suite("The headers for plugins in C")
struct HeaderTests {
  private func run(_ assay: Assay, _ program: String, _ compiler: [String]) throws -> Assay.Result {
    let source = assay.path(compiler[0] == "c++" ? "try.cpp" : "try.c")
    try program.write(toFile: source, atomically: true, encoding: .utf8)
    let include = Assay.root.appendingPathComponent("Sources/CAssay/include").path
    let built = try assay.run(
      "/usr/bin/env",
      compiler + ["-Wall", "-Wextra", "-Werror", "-I\(include)", source, "-o", assay.path("try")],
      in: assay.folder)
    guard built.status == 0 else { return built }
    return try assay.run(assay.path("try"), [], in: assay.folder)
  }

  @Test(
    "compile without a warning in C and C++",
    arguments: [
      ["cc", "-std=c11", "-Wpedantic"], ["cc", "-std=c17"], ["c++", "-std=c++20"],
    ])
  func languages(_ compiler: [String]) throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let program = """
      #include "assay_helpers.h"
      static const assay_library library = {ASSAY_LIBRARY_TABLE, .method_count = 0,
                                            .method_at = 0, .get_extension = 0};
      int main(void) {
        /* A host of today has all that it has; one that is shorter lacks its last member. */
        assay_host host;
        host.struct_size = sizeof host;
        if (!ASSAY_HAS(&host, get_extension) || !ASSAY_HAS(&host, log)) return 1;
        host.struct_size = sizeof host - 1;
        if (ASSAY_HAS(&host, get_extension) || !ASSAY_HAS(&host, metric)) return 2;
        return library.struct_size == sizeof library && library.abi_major == 1 ? 0 : 3;
      }
      """.replacing(".method_at = 0", with: ".method_at = nowhere")
      .replacing(
        "static const assay_library",
        with: "static const assay_method *nowhere(uint32_t i) { (void)i; return 0; }\n"
          + "static const assay_library")
    let result = try run(assay, program, compiler)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }

  @Test("read what a config holds, and nothing where it holds something else")
  func config() throws {
    let assay = try Assay.small()
    defer { assay.cleanUp() }
    let program = """
      #include "assay_helpers.h"
      #include <assert.h>
      static const char text[] =
          "{\\"a\\":-1.5e-3,\\"b\\":true,\\"c\\":\\"x,}\\\\\\"\\",\\"d\\":[1,2.5,-3],"
          "\\"e\\":{\\"a\\":7,\\"n\\":[{}]},\\"f\\":[],\\"g\\":false,\\"h\\":12,\\"i\\":\\"cv\\"}";
      int main(void) {
        assay_str c = {text, sizeof text - 1};
        double x = 9, list[3];
        int64_t n = 9;
        int flag = 9;
        assert(assay_config_number(c, "a", &x) && x == -1.5e-3);
        assert(assay_config_bool(c, "b", &flag) && flag == 1);
        assert(assay_config_bool(c, "g", &flag) && flag == 0);
        assert(assay_config_integer(c, "h", &n) && n == 12);
        assert(!assay_config_integer(c, "a", &n) && n == 12);
        assert(assay_config_is(c, "i", "cv") && !assay_config_is(c, "i", "c"));
        assert(assay_config_numbers(c, "d", list, 3) == 3 && list[1] == 2.5 && list[2] == -3);
        assert(assay_config_numbers(c, "d", list, 2) == -1);
        assert(assay_config_numbers(c, "f", list, 3) == 0);
        /* Other types, keys of inner objects, and keys that are not there. */
        assert(!assay_config_number(c, "b", &x) && !assay_config_number(c, "c", &x));
        assert(!assay_config_number(c, "n", &x) && !assay_config_number(c, "z", &x));
        assert(!assay_config_bool(c, "a", &flag) && assay_config_numbers(c, "a", list, 3) == -1);
        /* Every beginning of the text is refused or read, and nothing beyond it is touched. */
        for (size_t length = 0; length <= sizeof text - 1; length++) {
          char *part = malloc(length + 1);
          memcpy(part, text, length);
          assay_str cut = {part, length};
          assay_config_number(cut, "h", &x), assay_config_numbers(cut, "d", list, 3);
          assay_config_is(cut, "i", "cv"), assay_config_bool(cut, "g", &flag);
          free(part);
        }
        return 0;
      }
      """
    let result = try run(assay, program, ["cc", "-std=c11", "-fsanitize=address,undefined"])
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }
}
