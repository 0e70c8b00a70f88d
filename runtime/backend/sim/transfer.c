/* Files that come to a storage: uploads, and downloads by the node (which touch no network here). */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "backend/sim/auth.h"
#include "backend/sim/durations.h"
#include "backend/sim/guest.h"
#include "backend/sim/jobs.h"
#include "backend/sim/seed.h"
#include "backend/sim/volume.h"
#include "model/normalise.h"

/* A file name that the content takes; else a 400 is set. */
static bool name_fits(struct phx_sim_request *r, const char *content, const char *name)
{
	static const struct {
		const char *content, *pattern;
	} rules[] = {{"iso", "^[^/]+\\.(iso|img)$"},
		     {"vztmpl", "^[^/]+\\.tar\\.(gz|xz|zst|bz2)$|^[^/]+\\.tgz$"},
		     {"import", "^[^/]+\\.(ova|ovf|qcow2|raw|vmdk)$"}};

	for (size_t i = 0; i < PHX_COUNTOF(rules); i++)
		if (strcmp(rules[i].content, content) == 0 && phx_sim_regex(rules[i].pattern, name))
			return true;
	phx_sim_fail_param(r, "filename", "wrong file extension");
	return false;
}

static bool storage_takes(struct phx_sim_request *r, const char *content)
{
	json_t *st = phx_sim_storage_of(r);

	if (st == NULL)
		return false;
	if (phx_sim_storage_holds(st, content))
		return true;
	phx_sim_fail(r, 500, "storage '%s' does not support '%s' content", phx_sim_p(r, "storage"), content);
	return false;
}

/* Facts about a file's inside: what the seed says of its name; else a plausible system for disk images. */
static void describe(struct phx_sim *s, json_t *vol, const char *url, const char *name)
{
	json_t *image = phx_sim_seed_image(s, url != NULL ? url : name), *os = json_object_get(image, "os");
	const char *format = phx_sim_format_of(name), *text = phx_sim_s(image, "virtual");
	uint64_t virtual = 0;

	if (image == NULL && url != NULL)
		image = phx_sim_seed_image(s, name), os = json_object_get(image, "os");
	if (os != NULL)
		json_object_set_new(vol, "os", json_deep_copy(os));
	else if (strcmp(format, "tzst") != 0 && strcmp(format, "tgz") != 0 && strcmp(format, "txz") != 0)
		json_object_set_new(vol, "os", json_pack("{s:b, s:s}", "agent", 1, "type", "linux"));
	if (text != NULL && phx_disk_size_parse(phx_str_c(text), &virtual))
		phx_sim_set_int(vol, "virtual", (int64_t) virtual);
	else if (phx_json_int(image, "virtual", 0) > 0)
		phx_sim_set_int(vol, "virtual", phx_json_int(image, "virtual", 0));
	else if (strcmp(format, "qcow2") == 0 || phx_sim_ends(name, ".img"))
		phx_sim_set_int(vol, "virtual", (int64_t)3584 << 20);
}

static bool store(struct phx_sim_worker *w, const char *name, uint64_t size, const char *sha256,
		  const char *url)
{
	const char *storage = phx_sim_so(w->ctx, "storage", ""),
		   *content = phx_sim_so(w->ctx, "content", "iso");
	const char *volid = phx_sim_fmt(&w->arena, "%s:%s/%s", storage, content, name);
	struct phx_sim_vol_request q = {
		.storage = storage, .node = w->node, .content = content, .size = size, .used = size};
	struct phx_buf why = {0};
	json_t *vol;

	(void)phx_sim_vol_free(w->sim, w->node, volid, &why);
	phx_buf_clear(&why);
	q.filename = NULL;
	q.format = strcmp(content, "iso") == 0 ? "iso" : phx_sim_format_of(name);
	q.filename = phx_sim_fmt(&w->arena, "%s", name);
	if (!phx_sim_vol_store_file(w->sim, &w->arena, &q, volid, &why)) {
		(void)phx_sim_task_fail(w, "%s", why.ptr != NULL ? why.ptr : "no space");
		phx_buf_done(&why);
		return false;
	}
	phx_buf_done(&why);
	vol = phx_sim_vol(w->sim, w->node, volid);
	if (sha256 != NULL)
		phx_sim_set(vol, "sha256", sha256);
	describe(w->sim, vol, url, name);
	phx_sim_vol_dirty(w->sim, vol);
	return true;
}

/* ---- upload ---- */

static void upload(struct phx_sim_request *r)
{
	const char *content = phx_sim_p(r, "content"), *name, *algorithm = phx_sim_p(r, "checksum-algorithm");

	if (!storage_takes(r, content))
		return;
	name = r->upload.given ? phx_sim_fmt(&r->arena, "%s",
					     r->upload.filename.ptr != NULL ? r->upload.filename.ptr : "")
			       : phx_sim_p(r, "filename");
	if (name == NULL || !name_fits(r, content, name))
		return;
	if (!phx_sim_need(r, phx_sim_fmt(&r->arena, "/storage/%s", phx_sim_p(r, "storage")),
			  "Datastore.AllocateTemplate"))
		return;
	if (!r->upload.given) {
		phx_sim_fail(r, 500, "upload failed: no file data");
		return;
	}
	phx_sim_ok(r, json_string(phx_sim_task_start(
			      r, &phx_sim_job_imgcopy, "imgcopy", "",
			      json_pack("{s:s, s:s, s:s, s:I, s:s, s:s?, s:s?, s:s}", "storage",
					phx_sim_p(r, "storage"), "content", content, "name", name, "size",
					(json_int_t)r->upload.size, "sha256", r->upload.sha256, "algorithm",
					algorithm, "checksum", phx_sim_p(r, "checksum"), "tmp",
					phx_sim_fmt(&r->arena, "/var/tmp/pveupload-%016llx",
						    (unsigned long long)phx_sim_random(r->sim))))));
}

static int64_t imgcopy_step(struct phx_sim_worker *w)
{
	const char *name = phx_sim_so(w->ctx, "name", ""), *storage = phx_sim_so(w->ctx, "storage", ""),
		   *content = phx_sim_so(w->ctx, "content", "iso");
	const char *want = phx_sim_s(w->ctx, "checksum"),
		   *algorithm = phx_sim_so(w->ctx, "algorithm", "sha256"),
		   *have = phx_sim_so(w->ctx, "sha256", "");
	const char *tmp = phx_sim_so(w->ctx, "tmp", ""), *path;

	if (w->step == 0)
		return phx_sim_duration(w->sim, PHX_SIM_D_FORK);
	path = phx_sim_storage_path(&w->arena, phx_sim_storage(w->sim, storage),
				    phx_sim_fmt(&w->arena, "%s/%s", content, name));
	phx_sim_task_log(w, "starting file import from: %s", tmp);
	/* Only SHA-256 was taken of the bytes; other sums are believed. */
	if (want != NULL && strcmp(algorithm, "sha256") == 0 && strcasecmp(want, have) != 0) {
		phx_sim_task_log(w, "calculating checksum...");
		return phx_sim_task_fail(w, "checksum mismatch: got '%s' != expect '%s'", have, want);
	}
	if (want != NULL)
		phx_sim_task_log(w, "calculating checksum...OK, checksum verified");
	phx_sim_task_log(w, "target node: %s", w->node);
	phx_sim_task_log(w, "target file: %s", path);
	phx_sim_task_log(w, "file size is: %lld", (long long)phx_json_int(w->ctx, "size", 0));
	phx_sim_task_log(w, "command: cp -- %s %s", tmp, path);
	if (!store(w, name, (uint64_t)phx_json_int(w->ctx, "size", 0), have, NULL))
		return PHX_SIM_FAILED;
	phx_sim_task_log(w, "finished file import successfully");
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_imgcopy = {.name = "imgcopy", .step = imgcopy_step};

/* ---- download ---- */

static void download(struct phx_sim_request *r)
{
	const char *content = phx_sim_p(r, "content"), *name = phx_sim_p(r, "filename");

	if (!storage_takes(r, content) || !name_fits(r, content, name))
		return;
	phx_sim_ok(r, json_string(phx_sim_task_start(
			      r, &phx_sim_job_download, "download", name,
			      json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s?}", "storage",
					phx_sim_p(r, "storage"), "content", content, "name", name, "url",
					phx_sim_p(r, "url"), "checksum", phx_sim_p(r, "checksum"),
					"algorithm", phx_sim_p(r, "checksum-algorithm")))));
}

static uint64_t image_size(const json_t *image, const char *url)
{
	const char *text = phx_sim_s(image, "size");
	uint64_t size = 0;

	if (text != NULL && phx_disk_size_parse(phx_str_c(text), &size))
		return size;
	if (phx_json_int(image, "size", 0) > 0)
		return (uint64_t)phx_json_int(image, "size", 0);
	/* Derived from the URL, so that it is the same every time: 300 to 700 MiB. */
	return ((uint64_t)300 << 20) + (uint64_t)phx_str_hash(phx_str_c(url)) % ((uint64_t)400 << 20);
}

static const char *known_sum(const json_t *image, const char *algorithm)
{
	return phx_sim_s(json_object_get(image, "checksums"), algorithm);
}

/* A file that lies there already is compared where a checksum is given, and never written over. */
static int64_t lies_there(struct phx_sim_worker *w, const json_t *vol, const char *path, const char *want,
			  const char *known)
{
	const char *have = phx_sim_so(vol, "sha256", known);

	/* Of OS templates Proxmox knows the checksums. */
	if (want == NULL && !phx_sim_truth(json_object_get(w->ctx, "offered")))
		return phx_sim_task_fail(w, "refusing to override existing file '%s'", path);
	phx_sim_task_log(w, "calculating checksum of existing file...");
	if (want != NULL && have != NULL && strcasecmp(want, have) != 0)
		return phx_sim_task_fail(w, "checksum mismatch: got '%s' != expect '%s', aborting", have,
					 want);
	phx_sim_task_log(w, "OK, got correct file already, no need to download");
	return PHX_SIM_DONE;
}

static int64_t download_step(struct phx_sim_worker *w)
{
	const char *name = phx_sim_so(w->ctx, "name", ""), *url = phx_sim_so(w->ctx, "url", ""),
		   *storage = phx_sim_so(w->ctx, "storage", "");
	const char *content = phx_sim_so(w->ctx, "content", "iso"), *want = phx_sim_s(w->ctx, "checksum"),
		   *algorithm = phx_sim_so(w->ctx, "algorithm", "sha256");
	const char *volid = phx_sim_fmt(&w->arena, "%s:%s/%s", storage, content, name), *path, *have;
	json_t *image = phx_sim_seed_image(w->sim, url);

	path = phx_sim_storage_path(&w->arena, phx_sim_storage(w->sim, storage),
				    phx_sim_fmt(&w->arena, "%s/%s", content, name));
	if (w->step == 0) {
		phx_sim_task_log(w, "downloading %s to %s", url, path);
		if (phx_sim_vol(w->sim, w->node, volid) != NULL)
			return lies_there(w, phx_sim_vol(w->sim, w->node, volid), path, want,
					  known_sum(image, algorithm));
		if (phx_json_int(image, "status", 200) != 200) {
			phx_sim_task_log(w, "HTTP request sent, awaiting response... %lld",
					 (long long)phx_json_int(image, "status", 404));
			return phx_sim_task_fail(w, "download failed: exit code 8");
		}
		return phx_sim_duration_bytes(w->sim, PHX_SIM_D_DOWNLOAD_GIB, image_size(image, url));
	}
	have = known_sum(image, algorithm);
	if (want != NULL && have != NULL && strcasecmp(want, have) != 0) {
		phx_sim_task_log(w, "calculating checksum...");
		return phx_sim_task_fail(w, "checksum mismatch: got '%s' != expect '%s'", have, want);
	}
	if (want != NULL)
		phx_sim_task_log(w, "calculating checksum...OK, checksum verified");
	if (!store(w, name, image_size(image, url), strcmp(algorithm, "sha256") == 0 ? want : NULL, url))
		return PHX_SIM_FAILED;
	phx_sim_task_log(w, "download of '%s' to '%s' finished", url, path);
	return PHX_SIM_DONE;
}

const struct phx_sim_job phx_sim_job_download = {.name = "download", .step = download_step};

static void url_metadata(struct phx_sim_request *r)
{
	const char *url = phx_sim_p(r, "url"), *slash = strrchr(url, '/');
	json_t *image = phx_sim_seed_image(r->sim, url);

	if (phx_json_int(image, "status", 200) != 200) {
		phx_sim_fail(r, 500, "invalid server response: '%lld'",
			     (long long)phx_json_int(image, "status", 404));
		return;
	}
	phx_sim_ok(r, json_pack("{s:s, s:s, s:I}", "filename", slash != NULL ? slash + 1 : url, "mimetype",
				phx_sim_so(image, "mimetype", "application/octet-stream"), "size",
				(json_int_t)image_size(image, url)));
}

static void aplinfo_download(struct phx_sim_request *r)
{
	json_t *have = phx_sim_get(r->sim, "meta", "aplinfo"), *one;
	const char *template = phx_sim_p(r, "template");
	size_t i;

	json_array_foreach(have, i, one)
	{
		if (strcmp(phx_sim_so(one, "template", ""), template) == 0) {
			phx_sim_ok(r, json_string(phx_sim_task_start(
					      r, &phx_sim_job_download, "download", template,
					      json_pack("{s:i, s:s, s:s, s:s, s:s}", "offered", 1, "storage",
							phx_sim_p(r, "storage"), "content", "vztmpl", "name",
							template, "url",
							phx_sim_so(one, "location",
								   phx_sim_fmt(&r->arena,
									       "http://download.proxmox.com/"
									       "images/system/%s",
									       template))))));
			return;
		}
	}
	phx_sim_fail_param(r, "template", "no such template");
}

#define AT "/nodes/{node}/storage/{storage}"
const struct phx_sim_route phx_sim_routes_transfer[] = {
	{"POST", AT "/upload", upload},
	{"POST", AT "/download-url", download},
	{"GET", "/nodes/{node}/query-url-metadata", url_metadata},
	{"POST", "/nodes/{node}/aplinfo", aplinfo_download},
	{0}};
