#include "worker_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((no_sanitize("address", "thread"))), \
                             apply_to = function)
#endif

/* Makes the folders above the last name of a path. */
static int make_parents(char *path, size_t from) {
  for (char *slash = strchr(path + from + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    int result = mkdir(path, 0755);
    *slash = '/';
    if (result != 0 && errno != EEXIST) return -errno;
  }
  return 0;
}

/* A bind mount takes its flags only when it is mounted again, and what was set by somebody with more
 * rights has to stay. */
static int make_read_only(const char *path) {
  struct statvfs status;
  if (statvfs(path, &status) != 0) return -errno;
  unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV;
  if (status.f_flag & ST_NOEXEC) flags |= MS_NOEXEC;
  if (status.f_flag & ST_NOATIME) flags |= MS_NOATIME;
  if (status.f_flag & ST_NODIRATIME) flags |= MS_NODIRATIME;
  if (status.f_flag & ST_RELATIME) flags |= MS_RELATIME;
  return mount(NULL, path, NULL, flags, NULL) == 0 ? 0 : -errno;
}

static int add(const char *root, const char *kind, const char *source, const char *destination) {
  char path[PATH_MAX];
  int length = snprintf(path, sizeof path, "%s%s", root, destination);
  if (destination[0] != '/' || length < 0 || (size_t)length >= sizeof path) return -ENAMETOOLONG;
  int is_tree = strcmp(kind, "tree") == 0;
  struct stat status;
  if (stat(source, &status) != 0) return is_tree ? 0 : -errno;
  int error = make_parents(path, strlen(root));
  if (error != 0) return error;
  if (S_ISDIR(status.st_mode)) {
    if (!is_tree) return -EISDIR;
    if (mkdir(path, 0755) != 0 && errno != EEXIST) return -errno;
  } else {
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0444);
    if (fd < 0 && errno == EEXIST) return 0;
    if (fd < 0) return -errno;
    close(fd);
  }
  unsigned long flags = MS_BIND | (is_tree ? MS_REC : 0);
  if (mount(source, path, NULL, flags, NULL) != 0) return -errno;
  return make_read_only(path);
}

static int add_scratch(const struct assay_tree *tree, const char *root, int user) {
  char path[PATH_MAX], options[160];
  int length = snprintf(path, sizeof path, "%s%s/", root, tree->scratch);
  if (length < 0 || (size_t)length >= sizeof path) return -ENAMETOOLONG;
  int error = make_parents(path, strlen(root));
  if (error != 0) return error;
  path[length - 1] = 0;
  snprintf(options, sizeof options, "size=%llu,nr_inodes=%llu,mode=0700,uid=%d",
           (unsigned long long)tree->scratch_bytes, (unsigned long long)tree->scratch_files, user);
  return mount("scratch", path, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0 ? 0 : -errno;
}

int assay_tree_build(const struct assay_tree *tree, int user, const char **step) {
  /* The folder outside stays empty; here it carries the new root. */
  const char *root = tree->scratch;
  *step = "private mounts";
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) return -errno;
  *step = "root";
  if (mount("worker", root, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,nr_inodes=4096,mode=0755") != 0)
    return -errno;
  const char *at = tree->items;
  while (at < tree->end) {
    const char *kind = at, *source = kind + strlen(kind) + 1;
    if (source >= tree->end) return -EINVAL;
    const char *destination = source + strlen(source) + 1;
    if (destination >= tree->end) return -EINVAL;
    at = destination + strlen(destination) + 1;
    *step = "libraries";
    int error = add(root, kind, source, destination);
    if (error != 0) return error;
  }
  *step = "scratch";
  int error = add_scratch(tree, root, user);
  if (error != 0) return error;
  *step = "new root";
  if (chdir(root) != 0) return -errno;
  if (mkdir("outside", 0) != 0) return -errno;
  if (syscall(SYS_pivot_root, ".", "outside") != 0 || chdir("/") != 0) return -errno;
  /* Covered and not taken away, which would wait for every processor. Nobody in the room may unmount
   * anything, and the kernel keeps covered mounts covered in namespaces made from this one. */
  if (mount("outside", "/outside", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY,
            "size=4k,nr_inodes=1,mode=0000") != 0)
    return -errno;
  if ((error = make_read_only("/")) != 0) return error;
  return chdir(tree->scratch) == 0 ? 0 : -errno;
}

#if defined(__clang__)
#pragma clang attribute pop
#endif
