#include "sealed_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

int assay_shim_memfd(const char *name) {
  int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  return fd < 0 ? -errno : fd;
}

int assay_shim_seal_size(int fd) {
  return fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0 ? 0 : -errno;
}

int assay_shim_seal_contents(int fd) {
  int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
  return fcntl(fd, F_ADD_SEALS, seals) == 0 ? 0 : -errno;
}

int assay_shim_is_sealed(int fd) {
  int seals = fcntl(fd, F_GET_SEALS);
  return seals >= 0 && (seals & F_SEAL_WRITE) != 0;
}

int assay_shim_copy_data(int from, int to, uint64_t size) {
  off_t at = 0, total = (off_t)size;
  while (at < total) {
    off_t start = lseek(from, at, SEEK_DATA);
    if (start < 0) return errno == ENXIO ? 0 : -errno;
    off_t end = lseek(from, start, SEEK_HOLE);
    if (end < 0 || end > total) end = total;
    if (lseek(to, start, SEEK_SET) < 0) return -errno;
    for (at = start; at < end;) {
      /* It takes at most 2 GB at once. */
      ssize_t count = sendfile(to, from, &at, (size_t)(end - at));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return count == 0 ? -EIO : -errno;
    }
  }
  return 0;
}

int assay_shim_move_pages(void *from, size_t size, void *to) {
  return mremap(from, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to ? 0 : -errno;
}

/* The kernel takes at most 253 at once. */
#define MOST_AT_ONCE 64

struct parcel {
  struct msghdr header;
  struct iovec vector;
  char byte;
  union {
    char bytes[CMSG_SPACE(MOST_AT_ONCE * sizeof(int))];
    struct cmsghdr aligned;
  } control;
};

static void prepare(struct parcel *parcel, size_t count) {
  memset(parcel, 0, sizeof *parcel);
  parcel->vector = (struct iovec){&parcel->byte, 1};
  parcel->header.msg_iov = &parcel->vector;
  parcel->header.msg_iovlen = 1;
  if (count == 0) return;
  parcel->header.msg_control = parcel->control.bytes;
  parcel->header.msg_controllen = CMSG_SPACE(count * sizeof(int));
}

/* One message even without descriptors, as the answer that is waited for. */
int assay_shim_send_descriptors(int socket, const int *descriptors, size_t count) {
  size_t sent = 0;
  do {
    size_t now = count - sent < MOST_AT_ONCE ? count - sent : MOST_AT_ONCE;
    struct parcel parcel;
    prepare(&parcel, now);
    if (now > 0) {
      struct cmsghdr *item = CMSG_FIRSTHDR(&parcel.header);
      item->cmsg_level = SOL_SOCKET;
      item->cmsg_type = SCM_RIGHTS;
      item->cmsg_len = CMSG_LEN(now * sizeof(int));
      memcpy(CMSG_DATA(item), descriptors + sent, now * sizeof(int));
    }
    ssize_t result;
    do result = sendmsg(socket, &parcel.header, MSG_NOSIGNAL);
    while (result < 0 && errno == EINTR);
    if (result < 0) return -errno;
    sent += now;
  } while (sent < count);
  return 0;
}

int assay_shim_receive_descriptors(int socket, int *descriptors, size_t count) {
  size_t received = 0;
  do {
    struct parcel parcel;
    prepare(&parcel, MOST_AT_ONCE);
    ssize_t result;
    do result = recvmsg(socket, &parcel.header, MSG_CMSG_CLOEXEC);
    while (result < 0 && errno == EINTR);
    if (result < 0) return -errno;
    if (result == 0) return -EPIPE;
    struct cmsghdr *item = CMSG_FIRSTHDR(&parcel.header);
    size_t now = item && item->cmsg_type == SCM_RIGHTS
                     ? (item->cmsg_len - CMSG_LEN(0)) / sizeof(int)
                     : 0;
    /* The kernel leaves out what the process has no numbers for. */
    if (parcel.header.msg_flags & MSG_CTRUNC) {
      for (size_t i = 0; i < now; i++) {
        int extra;
        memcpy(&extra, CMSG_DATA(item) + i * sizeof extra, sizeof extra);
        close(extra);
      }
      return -EMFILE;
    }
    if (now > count - received || (now == 0 && count > 0)) return -EPROTO;
    if (now > 0) memcpy(descriptors + received, CMSG_DATA(item), now * sizeof(int));
    received += now;
  } while (received < count);
  return 0;
}
