#include "worker_process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static int is_self_or_parent(const char *name) {
  return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Removes what can be removed at once; the first folder that has something in it goes to `next`,
 * opened. Returns 1 with such a folder, 0 when nothing is left, or a negative errno. */
static int clear_folder(int folder, int *next) {
  fchmod(folder, 0700);
  int copy = openat(folder, ".", FOLDER);
  if (copy < 0) return -errno;
  DIR *entries = fdopendir(copy);
  if (!entries) {
    close(copy);
    return -errno;
  }
  int result = 0;
  struct dirent *entry;
  while (result == 0 && (entry = readdir(entries))) {
    if (is_self_or_parent(entry->d_name) || unlinkat(folder, entry->d_name, 0) == 0 ||
        unlinkat(folder, entry->d_name, AT_REMOVEDIR) == 0)
      continue;
    if (errno == ENOENT) continue;
    int error = errno;
    /* Its owner may open it up again. A link here was unlinked above. */
    fchmodat(folder, entry->d_name, 0700, 0);
    *next = openat(folder, entry->d_name, FOLDER);
    result = *next >= 0 ? 1 : -error;
  }
  closedir(entries);
  return result;
}

/* One open folder at a time, so that neither the depth nor the length of a path matters. The way up is
 * "..", which nobody changes any more: the worker is gone. */
int assay_shim_remove_tree(const char *path) {
  int folder = open(path, FOLDER);
  if (folder < 0 && errno == EACCES && chmod(path, 0700) == 0) folder = open(path, FOLDER);
  if (folder < 0) return -errno;
  int error = 0;
  for (unsigned long depth = 0;;) {
    int next = -1;
    int result = clear_folder(folder, &next);
    if (result < 0) error = result;
    if (result < 0 || (result == 0 && depth == 0)) break;
    if (result == 0) next = openat(folder, "..", FOLDER);
    if (next < 0) {
      error = -errno;
      break;
    }
    depth = result == 0 ? depth - 1 : depth + 1;
    close(folder);
    folder = next;
  }
  close(folder);
  return rmdir(path) == 0 ? 0 : error != 0 ? error : -errno;
}

#define MAX_DEPTH 64

struct measure {
  uint64_t count, bytes, most;
};

static void measure(int folder, int depth, struct measure *total) {
  DIR *entries = fdopendir(folder);
  if (!entries) {
    close(folder);
    return;
  }
  struct dirent *entry;
  while (total->count < total->most && (entry = readdir(entries))) {
    if (is_self_or_parent(entry->d_name)) continue;
    total->count++;
    struct stat status;
    if (fstatat(dirfd(entries), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    total->bytes += (uint64_t)status.st_blocks * 512;
    if (!S_ISDIR(status.st_mode)) continue;
    int next = openat(dirfd(entries), entry->d_name, FOLDER);
    /* What is hidden from a look, by depth or by permissions, counts as too much. */
    if (next < 0 || depth == MAX_DEPTH) total->count = total->most;
    if (next >= 0 && depth < MAX_DEPTH) measure(next, depth + 1, total);
    else if (next >= 0) close(next);
  }
  closedir(entries);
}

uint64_t assay_shim_measure_tree(const char *path, uint64_t most, uint64_t *bytes) {
  struct measure total = {.most = most};
  int folder = open(path, FOLDER);
  if (folder >= 0) measure(folder, 0, &total);
  *bytes = total.bytes;
  return total.count;
}
