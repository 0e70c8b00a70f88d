#include "backend/sim/seed.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backend/sim/guest.h"
#include "backend/sim/power.h"
#include "backend/sim/volume.h"
#include "base/sys.h"
#include "model/normalise.h"

static const char lab[] =
	"{\"nodes\":[{\"name\":\"pve\",\"ip\":\"10.0.0.13\",\"cores\":32,\"memory\":\"128G\",\"bridges\":["
	"\"vmbr0\",\"vmbr100\"]}],"
	"\"storages\":["
	"{\"storage\":\"local\",\"type\":\"dir\",\"path\":\"/var/lib/"
	"vz\",\"size\":\"500G\",\"content\":\"iso,vztmpl,backup,import,snippets,images,rootdir\"},"
	"{\"storage\":\"local-lvm\",\"type\":\"lvmthin\",\"vgname\":\"pve\",\"thinpool\":\"data\",\"size\":"
	"\"800G\",\"content\":\"images,rootdir\"},"
	"{\"storage\":\"quickOS-vm-disks\",\"type\":\"zfspool\",\"pool\":\"quickOS/"
	"vm-disks\",\"size\":\"800G\",\"content\":\"images\"},"
	"{\"storage\":\"quickOS-lxc-disks\",\"type\":\"zfspool\",\"pool\":\"quickOS/"
	"lxc-disks\",\"size\":\"600G\",\"content\":\"images,rootdir\"},"
	"{\"storage\":\"quickOS-lxc-persistent-data\",\"type\":\"zfspool\",\"pool\":\"quickOS/"
	"lxc-persistent-data\",\"size\":\"100G\",\"content\":\"images,rootdir\"},"
	"{\"storage\":\"quickOS-vm-persistent-data\",\"type\":\"dir\",\"path\":\"/quickOS/"
	"vm-persistent-data\",\"size\":\"100G\",\"content\":\"images,rootdir\"},"
	"{\"storage\":\"quickOS-shared-prod-data\",\"type\":\"zfspool\",\"pool\":\"quickOS/"
	"shared-prod-data\",\"size\":\"400G\",\"content\":\"images,rootdir\"},"
	"{\"storage\":\"quickOS-shared-prod-data-sync\",\"type\":\"zfspool\",\"pool\":\"quickOS/"
	"shared-prod-data-sync\",\"size\":\"100G\",\"content\":\"images\"},"
	"{\"storage\":\"fastData-shared-test-data\",\"type\":\"zfspool\",\"pool\":\"fastData/"
	"shared-test-data\",\"size\":\"500G\",\"content\":\"images,rootdir\"},"
	"{\"storage\":\"fastData-shared-backups\",\"type\":\"dir\",\"path\":\"/fastData/"
	"shared-backups\",\"size\":\"2T\",\"content\":\"backup\"},"
	"{\"storage\":\"fastData-shared-iso\",\"type\":\"dir\",\"path\":\"/fastData/"
	"shared-iso\",\"size\":\"100G\",\"content\":\"iso,vztmpl,import,snippets\"},"
	"{\"storage\":\"fastData-shared-bulk-data\",\"type\":\"zfspool\",\"pool\":\"fastData/"
	"shared-bulk-data\",\"size\":\"1400G\",\"content\":\"images,rootdir\"}],"
	"\"volumes\":["
	"{\"volid\":\"local:vztmpl/ubuntu-24.04-standard_24.04-2_amd64.tar.zst\",\"size\":142000000},"
	"{\"volid\":\"fastData-shared-iso:vztmpl/"
	"ubuntu-24.04-standard_24.04-2_amd64.tar.zst\",\"size\":142000000}],"
	"\"aplinfo\":[{\"template\":\"ubuntu-24.04-standard_24.04-2_amd64.tar.zst\",\"package\":\"ubuntu-24."
	"04-standard\",\"version\":\"24.04-2\","
	"\"os\":\"ubuntu-24.04\",\"section\":\"system\",\"type\":\"lxc\",\"headline\":\"Ubuntu 24.04 Noble "
	"(standard)\",\"size\":142000000},"
	"{\"template\":\"debian-12-standard_12.7-1_amd64.tar.zst\",\"package\":\"debian-12-standard\","
	"\"version\":\"12.7-1\",\"os\":\"debian-12\","
	"\"section\":\"system\",\"type\":\"lxc\",\"headline\":\"Debian 12 Bookworm "
	"(standard)\",\"size\":126000000}],"
	"\"kvm\":true}";

/* Sizes in a seed: a number of bytes, or text such as "32G". */
static int64_t size_of(const json_t *obj, const char *key, int64_t otherwise)
{
	const char *text = phx_sim_s(obj, key);
	uint64_t bytes;

	if (text != NULL && phx_disk_size_parse(phx_str_c(text), &bytes))
		return (int64_t)bytes;
	return phx_json_int(obj, key, otherwise);
}

static bool need(const json_t *obj, const char *key, const char *what, struct phx_err *err)
{
	if (phx_sim_s(obj, key) != NULL)
		return true;
	return phx_err_set(err, PHX_ERR_DATA, "cluster.json: %s without `%s`", what, key);
}

static bool seed_nodes(struct phx_sim *s, const json_t *root, struct phx_err *err)
{
	json_t *list = json_object_get(root, "nodes"), *n;
	size_t i;

	if (json_array_size(list) == 0)
		return phx_err_set(err, PHX_ERR_DATA, "cluster.json: at least one node is needed in `nodes`");
	json_array_foreach(list, i, n)
	{
		json_t *doc = json_deep_copy(n);

		if (!need(n, "name", "a node", err)) {
			json_decref(doc);
			return false;
		}
		phx_sim_set_int(doc, "boot", phx_sim_now_s(s) - phx_json_int(n, "uptime", 3600));
		phx_sim_set_int(doc, "memory", size_of(n, "memory", (int64_t)64 << 30));
		phx_sim_set_int(doc, "id", (int64_t)i + 1);
		if (json_object_get(doc, "cores") == NULL)
			phx_sim_set_int(doc, "cores", 16);
		phx_sim_put(s, "node", phx_sim_s(n, "name"), doc);
	}
	return true;
}

static bool seed_storages(struct phx_sim *s, const json_t *root, struct phx_err *err)
{
	json_t *n;
	size_t i;

	json_array_foreach(json_object_get(root, "storages"), i, n)
	{
		json_t *doc = json_deep_copy(n);

		if (!need(n, "storage", "a storage", err) || !need(n, "type", "a storage", err)) {
			json_decref(doc);
			return false;
		}
		phx_sim_set_int(doc, "total", size_of(n, "size", (int64_t)100 << 30));
		phx_sim_set_int(doc, "base_used", size_of(n, "used", 0));
		json_object_del(doc, "size");
		json_object_del(doc, "used");
		phx_sim_put(s, "storage", phx_sim_s(n, "storage"), doc);
	}
	return true;
}

static const char *first_node(struct phx_sim *s)
{
	return json_object_iter_key(json_object_iter(phx_sim_all(s, "node")));
}

static bool seed_volumes(struct phx_sim *s, const json_t *root, struct phx_err *err)
{
	json_t *n;
	size_t i;

	json_array_foreach(json_object_get(root, "volumes"), i, n)
	{
		const char *volid = phx_sim_s(n, "volid"), *storage, *name, *slash;
		struct phx_sim_vol_request q = {0};
		struct phx_buf why = {0};
		json_t *vol;
		bool ok;

		if (!need(n, "volid", "a volume", err))
			return false;
		storage = phx_sim_volid_storage(&s->arena, volid);
		name = phx_sim_volid_name(volid);
		if (storage == NULL || phx_sim_storage(s, storage) == NULL)
			return phx_err_set(err, PHX_ERR_DATA,
					   "cluster.json: volume `%s` is on no storage of the seed", volid);
		slash = strrchr(name, '/');
		q.storage = storage;
		q.node = phx_sim_so(n, "node", first_node(s));
		q.vmid = phx_sim_volid_owner(volid);
		q.size = (uint64_t)size_of(n, "size", 1);
		q.used = (uint64_t)size_of(n, "used", (int64_t)q.size);
		q.format = phx_sim_so(n, "format", phx_sim_format_of(name));
		q.os = json_object_get(n, "os");
		q.content = q.vmid > 0
				    ? "images"
				    : phx_sim_fmt(&s->arena, "%.*s", slash != NULL ? (int)(slash - name) : 6,
						  slash != NULL ? name : "images");
		q.filename = q.vmid > 0 && slash != NULL ? slash + 1 : name;
		ok = phx_sim_vol_store_file(s, &s->arena, &q, volid, &why);
		vol = ok ? phx_sim_vol(s, q.node, volid) : NULL;
		if (vol != NULL && json_object_get(n, "virtual") != NULL)
			phx_sim_set_int(vol, "virtual", size_of(n, "virtual", 0));
		if (vol != NULL && json_object_get(n, "ctime") != NULL)
			phx_sim_set_int(vol, "ctime", phx_json_int(n, "ctime", 0));
		phx_buf_done(&why);
		if (!ok || vol == NULL)
			return phx_err_set(err, PHX_ERR_DATA, "cluster.json: volume `%s` cannot be made",
					   volid);
	}
	return true;
}

static void conf_text(json_t *conf, const json_t *from)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)from, key, v)
	{
		struct phx_buf b = {0};

		if (phx_json_text(v, &b))
			phx_sim_set(conf, key, b.ptr != NULL ? b.ptr : "");
		phx_buf_done(&b);
	}
}

static bool seed_guests(struct phx_sim *s, const json_t *root, struct phx_err *err)
{
	json_t *n, *g, *snap;
	const char *name;
	size_t i;

	json_array_foreach(json_object_get(root, "guests"), i, n)
	{
		int64_t vmid = phx_json_int(n, "vmid", 0);

		if (vmid < 100 || phx_sim_guest(s, vmid) != NULL)
			return phx_err_set(err, PHX_ERR_DATA,
					   "cluster.json: a guest needs a `vmid` of its own, 100 or more");
		g = phx_sim_guest_add(s, vmid, phx_sim_so(n, "kind", "qemu"),
				      phx_sim_so(n, "node", first_node(s)));
		conf_text(phx_sim_conf(g), json_object_get(n, "conf"));
		json_object_foreach(json_object_get(n, "snapshots"), name, snap)
		{
			json_t *doc =
				json_pack("{s:{}, s:I, s:s}", "conf", "time", (json_int_t)phx_sim_now_s(s),
					  "description", phx_sim_so(snap, "description", ""));

			conf_text(json_object_get(doc, "conf"), json_object_get(snap, "conf"));
			json_object_set_new(json_object_get(g, "snaps"), name, doc);
		}
		if (json_object_get(n, "files") != NULL)
			json_object_set_new(g, "fs", json_deep_copy(json_object_get(n, "files")));
		if (phx_json_bool(n, "running", false))
			phx_sim_guest_power_on(s, g);
		phx_sim_set_int(g, "changed", 0); /* it was there before: nothing of it lags */
	}
	return true;
}

/* The groups that users are in. */
static void seed_groups(struct phx_sim *s, const json_t *user)
{
	json_t *v;
	size_t i;

	json_array_foreach(json_object_get(user, "groups"), i, v)
	{
		if (json_is_string(v) && phx_sim_get(s, "group", json_string_value(v)) == NULL)
			phx_sim_put(s, "group", json_string_value(v), json_object());
	}
}

static void seed_access(struct phx_sim *s, const json_t *root)
{
	json_t *v;
	const char *key;
	size_t i;

	phx_sim_put(s, "user", "root@pam", json_pack("{s:i, s:i}", "enable", 1, "expire", 0));
	json_array_foreach(json_object_get(root, "users"), i, v)
	{
		json_t *doc = json_deep_copy(v);

		if (json_object_get(doc, "enable") == NULL)
			phx_sim_set_int(doc, "enable", 1);
		phx_sim_put(s, "user", phx_sim_so(v, "userid", "nobody@pve"), doc);
		seed_groups(s, v);
	}
	json_array_foreach(json_object_get(root, "tokens"), i, v)
	{
		phx_sim_put(s, "token", phx_sim_so(v, "tokenid", "nobody@pve!x"), json_deep_copy(v));
	}
	json_object_foreach(json_object_get(root, "roles"), key, v)
	{
		phx_sim_put(s, "role", key, json_pack("{s:O}", "privs", v));
	}
	json_array_foreach(json_object_get(root, "acl"), i, v)
	{
		char id[24];
		json_t *doc = json_deep_copy(v);

		if (json_object_get(doc, "propagate") == NULL)
			phx_sim_set_int(doc, "propagate", 1);
		(void)snprintf(id, sizeof(id), "%lld", (long long)phx_sim_meta_count(s, "acl", 1));
		phx_sim_put(s, "acl", id, doc);
	}
}

static void seed_rest(struct phx_sim *s, const json_t *root)
{
	static const char *const kept[] = {"images", "exec",  "aplinfo", "durations",
					   "macros", "facts", "dhcp"};
	json_t *v, *id;
	size_t i, k;

	for (i = 0; i < PHX_COUNTOF(kept); i++)
		if ((v = json_object_get(root, kept[i])) != NULL)
			phx_sim_put(s, "meta", kept[i], json_deep_copy(v));
	json_array_foreach(json_object_get(root, "pools"), i, v)
	{
		json_t *doc =
			json_pack("{s:s?, s:{}, s:{}}", "comment", phx_sim_s(v, "comment"), "vms", "storage");
		struct phx_buf b = {0};

		json_array_foreach(json_object_get(v, "vms"), k, id)
		{
			phx_buf_clear(&b);
			if (phx_json_text(id, &b))
				json_object_set_new(json_object_get(doc, "vms"), b.ptr, json_true());
		}
		json_array_foreach(json_object_get(v, "storage"), k, id)
		{
			json_object_set_new(json_object_get(doc, "storage"), json_string_value(id),
					    json_true());
		}
		phx_buf_done(&b);
		phx_sim_put(s, "pool", phx_sim_so(v, "poolid", "pool"), doc);
	}
	phx_sim_meta_set(s, "kvm", json_integer(phx_json_bool(root, "kvm", true)));
	phx_sim_meta_set(s, "clustered",
			 json_integer(phx_json_bool(root, "clustered",
						    json_array_size(json_object_get(root, "nodes")) > 1)));
	phx_sim_meta_set(s, "quorate", json_integer(phx_json_bool(root, "quorate", true)));
	phx_sim_meta_set(s, "resources_phase_ms", json_integer(phx_json_int(root, "resources_phase_ms", 0)));
	phx_sim_meta_set(s, "resources_lag_ms",
			 json_integer((json_int_t)(phx_json_num(root, "resources_lag_s", 10) * 1000)));
	if (phx_sim_s(root, "guest_root") != NULL)
		phx_sim_meta_set(s, "guest_root", json_string(phx_sim_s(root, "guest_root")));
	if (phx_sim_s(root, "cluster") != NULL)
		phx_sim_meta_set(s, "cluster", json_string(phx_sim_s(root, "cluster")));
}

/* Not phx_json_parse: what guests answer may hold any byte, NUL as well. */
static json_t *parse(struct phx_str text, const char *what, struct phx_err *err)
{
	json_error_t why;
	json_t *root = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);

	if (root == NULL)
		phx_err_set(err, PHX_ERR_DATA, "%s: line %d, column %d: %s", what, why.line,
			    phx_json_column(&why), why.text);
	return root;
}

static json_t *load(struct phx_sim *s, struct phx_err *err)
{
	const char *path = phx_sim_fmt(&s->arena, "%s/cluster.json", s->options.dir);
	struct phx_buf text = {0};
	json_t *root = NULL;

	if (access(path, F_OK) != 0)
		return parse(phx_str_c(lab), "the default cluster", err);
	if (phx_read_file(path, &text, err))
		root = parse(phx_buf_view(&text), path, err);
	phx_buf_done(&text);
	return root;
}

bool phx_sim_seed(struct phx_sim *s, struct phx_err *err)
{
	json_t *root = load(s, err);
	bool ok;

	if (root == NULL)
		return false;
	phx_sim_meta_set(s, "seed", json_integer(phx_json_int(root, "seed", 1)));
	if (json_object_get(root, "clock") != NULL)
		phx_sim_clock_set(s, phx_json_int(root, "clock", 0) * PHX_SIM_SECOND);
	ok = seed_nodes(s, root, err) && seed_storages(s, root, err) && seed_volumes(s, root, err);
	if (ok) {
		seed_rest(s, root);
		seed_access(s, root);
		ok = seed_guests(s, root, err);
	}
	json_decref(root);
	return ok;
}

json_t *phx_sim_seed_image(struct phx_sim *s, const char *name)
{
	json_t *list = phx_sim_get(s, "meta", "images"), *v;
	size_t i;

	json_array_foreach(list, i, v)
	{
		if (phx_sim_regex(phx_sim_so(v, "match", "^$"), name))
			return v;
	}
	return NULL;
}
