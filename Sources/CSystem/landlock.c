#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Spelled out here because the system's header may be older than the kernel. Values: Linux
 * Documentation/userspace-api/landlock.rst. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

#define CREATE_RULESET_VERSION 1u
#define RULE_PATH_BENEATH 1
#define SCOPE_ABSTRACT_UNIX_SOCKET 1u
#define SCOPE_SIGNAL 2u
#define NET_BIND_AND_CONNECT_TCP 3u
#define FS_READ_FILE (1ull << 2)
#define FS_READ_DIR (1ull << 3)
#define FS_EXECUTE (1ull << 0)
#define FS_IOCTL_DEV (1ull << 15)

struct ruleset {
  uint64_t handled_access_fs;
  uint64_t handled_access_net;
  uint64_t scoped;
};

struct path_rule {
  uint64_t allowed_access;
  int32_t parent_fd;
} __attribute__((packed));

/* Version 1 knows 13 rights; 2 adds REFER, 3 TRUNCATE, 5 IOCTL_DEV. */
static uint64_t file_rights(int abi) {
  if (abi >= 5) return (1ull << 16) - 1;
  if (abi >= 3) return (1ull << 15) - 1;
  if (abi >= 2) return (1ull << 14) - 1;
  return (1ull << 13) - 1;
}

int assay_shim_landlock_abi(void) {
  long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
  return abi < 0 ? 0 : (int)abi;
}

int assay_shim_landlock_begin(int abi) {
  struct ruleset rules = {.handled_access_fs = file_rights(abi)};
  size_t size = sizeof(uint64_t);
  if (abi >= 4) {
    rules.handled_access_net = NET_BIND_AND_CONNECT_TCP;
    size = 2 * sizeof(uint64_t);
  }
  if (abi >= 6) {
    rules.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL;
    size = 3 * sizeof(uint64_t);
  }
  long layer = syscall(SYS_landlock_create_ruleset, &rules, size, 0);
  return layer < 0 ? -errno : (int)layer;
}

static int allow(int layer, const char *path, uint64_t rights) {
  int fd = open(path, O_PATH | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : -errno;
  /* Of a file this right makes no sense, and the kernel says so. */
  struct stat status;
  if (fstat(fd, &status) == 0 && !S_ISDIR(status.st_mode)) rights &= ~FS_READ_DIR;
  struct path_rule rule = {.allowed_access = rights, .parent_fd = fd};
  long result = syscall(SYS_landlock_add_rule, layer, RULE_PATH_BENEATH, &rule, 0);
  int error = result < 0 ? -errno : 0;
  close(fd);
  return error;
}

int assay_shim_landlock_allow_reading(int layer, const char *path) {
  return allow(layer, path, FS_READ_FILE | FS_READ_DIR);
}

int assay_shim_landlock_allow_all(int layer, int abi, const char *path) {
  return allow(layer, path, file_rights(abi) & ~(FS_EXECUTE | FS_IOCTL_DEV));
}

int assay_shim_landlock_enforce(int layer) {
  int error = syscall(SYS_landlock_restrict_self, layer, 0) == 0 ? 0 : -errno;
  close(layer);
  return error;
}
