/* Shell scripts on a simulated node: they really run, in a mount namespace whose root is a directory of the cluster
 * (DIR/host/NODE), with the machine's programs to read, `pvesm path` and Proxmox's files as far as containers go
 * (/etc/pve/lxc/ID.conf, read back into the store). What else is in it stays: /var/lib/vz/snippets, mounted directories. */
#pragma once

#include "backend/sim/request.h"

/* `argv` ("/bin/sh", "-s", …, NULL) with `input`. False: this process may not make namespaces; nothing ran. */
bool phx_sim_host_shell(struct phx_sim *s, const char *node, const char *const *argv, struct phx_str input,
			struct phx_buf *out, struct phx_buf *err, int *out_exit);
/* The bytes of a file of the node (a snippet); false when there is none. */
bool phx_sim_host_file(struct phx_sim *s, const char *node, const char *path, struct phx_buf *out);
/* Where a volume of a storage lies on a node, in `a`; NULL: the storage is unknown, or has no files. */
const char *phx_sim_host_path(struct phx_sim *s, struct phx_arena *a, const char *volid);
