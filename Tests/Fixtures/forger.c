/* Methods that write to the worker's control channel themselves, or hand over odd texts. */
#define _GNU_SOURCE
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const assay_host *host;

static void send_bytes(const void *bytes, size_t count) {
  const char *at = bytes;
  while (count > 0) {
    ssize_t written = write(3, at, count);
    if (written <= 0) return;
    at += written;
    count -= (size_t)written;
  }
}

static void send_frame(const char *json, size_t count) {
  uint32_t length = (uint32_t)count;
  send_bytes(&length, 4);
  send_bytes(json, count);
}

static void say(const char *json) { send_frame(json, strlen(json)); }

/* A message whose text is `count` bytes of `fill`. */
static void say_long(const char *start, char fill, size_t count, const char *end) {
  size_t total = strlen(start) + count + strlen(end);
  char *text = malloc(total);
  memcpy(text, start, strlen(start));
  memset(text + strlen(start), fill, count);
  memcpy(text + strlen(start) + count, end, strlen(end));
  send_frame(text, total);
  free(text);
}

static void destroy(void *self) { (void)self; }

static assay_status fit(void *self, const assay_call *call) {
  (void)self;
  (void)call;
  return ASSAY_OK;
}

static assay_status predict(void *self, const assay_call *call) {
  (void)self;
  fill(call, 1);
  return ASSAY_OK;
}

static assay_status result_in_predict(void *self, const assay_call *call) {
  (void)self;
  fill(call, 1);
  say("{\"type\":\"result\"}");
  _exit(0);
}

#define CREATE(name, ...)                                                                          \
  static assay_status name(const assay_host *given, const assay_run *run, assay_str config,       \
                           void **self) {                                                          \
    (void)run;                                                                                     \
    (void)config;                                                                                  \
    (void)self;                                                                                    \
    host = given;                                                                                  \
    __VA_ARGS__                                                                                    \
    return ASSAY_OK;                                                                               \
  }

#define STAGE(stage, query) "{\"type\":\"stage\",\"stage\":" stage ",\"query\":" query "}"
#define ALLOCATED(shape, offset)                                                                   \
  "{\"type\":\"allocated\",\"query\":0,\"name\":\"logits\",\"dtype\":\"f32\",\"shape\":" shape     \
  ",\"offset\":" offset "}"

CREATE(plain, )
CREATE(count, say(STAGE("3", "9223372036854775807")); say(STAGE("3", "0"));)
CREATE(early_result, say("{\"type\":\"result\"}");)
CREATE(sandbox, say("{\"type\":\"sandbox\",\"landlock\":99,\"seccomp\":true,\"process\":true,"
                    "\"noNewPrivileges\":true,\"missing\":[]}");)
CREATE(time, say("{\"type\":\"timing\",\"stage\":2,\"seconds\":-1000}");)
CREATE(offset, say(ALLOCATED("[0]", "-9223372036854775808"));)
CREATE(shape, say(ALLOCATED("[-1,-5]", "-4096"));)
CREATE(stages, for (int query = 0;; query++) {
  char text[80];
  snprintf(text, sizeof text, STAGE("3", "%d"), query);
  say(text);
  usleep(50000);
})
CREATE(loads, for (int query = 0;; query++) {
  char text[80];
  snprintf(text, sizeof text, STAGE("0", "%d"), query);
  say(text);
  usleep(50000);
})
CREATE(long_notes, for (int i = 0; i < 20; i++)
  say_long("{\"type\":\"note\",\"text\":\"", 'x', 15 << 20, "\"}");)
CREATE(many_notes, for (int i = 0; i < 200; i++)
  say_long("{\"type\":\"note\",\"text\":\"", 'x', 100000, "\"}");)
CREATE(deep, say_long("", '[', 1 << 20, "");)
CREATE(progress, for (int i = 0; i < 1000000; i++)
  say("{\"type\":\"progress\",\"fraction\":0.5,\"stage\":\"x\"}");)
CREATE(infinite, say("{\"type\":\"metric\",\"name\":\"a\",\"value\":1e999}");)
CREATE(partial, uint32_t length = 1 << 19; send_bytes(&length, 4); say("");)
CREATE(garbage, send_bytes("\xff\xff\xff\xff garbage", 12);)
CREATE(fault, say("{\"type\":\"fault\",\"signal\":6,\"kind\":-1,\"index\":-7,\"memory\":1}"); abort();)

#define TEXT(text) ((assay_str){text, sizeof(text) - 1})
CREATE(odd_note, host->log(host->ctx, ASSAY_LOG_NOTE, TEXT("one\0two \x1b[31mred"));)
CREATE(odd_metric, host->metric(host->ctx, TEXT("alpha\0"), 2);)
CREATE(odd_error, return host->set_error(host->ctx, ASSAY_E_NUMERIC, TEXT("no\0reason"));)
CREATE(talkative, for (int i = 0; i < 100000; i++) {
  host->log(host->ctx, ASSAY_LOG_NOTE, TEXT("hello"));
  host->metric(host->ctx, TEXT("loss"), i);
})

#define FORGER(name, create) METHOD(name, create, destroy, fit, predict)
static const assay_method methods[] = {
    FORGER("plain", plain),
    FORGER("count", count),
    FORGER("early-result", early_result),
    METHOD("result-in-predict", plain, destroy, fit, result_in_predict),
    FORGER("sandbox", sandbox),
    FORGER("time", time),
    FORGER("offset", offset),
    FORGER("shape", shape),
    FORGER("stages", stages),
    FORGER("loads", loads),
    FORGER("long-notes", long_notes),
    FORGER("many-notes", many_notes),
    FORGER("deep", deep),
    FORGER("progress", progress),
    FORGER("infinite", infinite),
    FORGER("partial", partial),
    FORGER("garbage", garbage),
    FORGER("fault", fault),
    FORGER("odd-note", odd_note),
    FORGER("odd-metric", odd_metric),
    FORGER("odd-error", odd_error),
    FORGER("talkative", talkative),
};

#define METHOD_COUNT (sizeof methods / sizeof methods[0])

static const assay_method *method_at(uint32_t index) {
  return index < METHOD_COUNT ? &methods[index] : NULL;
}

static const assay_library library = {
    sizeof(assay_library), ASSAY_ABI_MAJOR, ASSAY_ABI_MINOR, METHOD_COUNT, method_at, NULL};

ASSAY_EXPORT const assay_library *assay_plugin_entry(uint32_t host_major, uint32_t host_minor) {
  (void)host_minor;
  return host_major == ASSAY_ABI_MAJOR ? &library : NULL;
}
