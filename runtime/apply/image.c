/* A file that another run brought to the storage after this one had planned: Proxmox refuses to write over it. Where a checksum is
 * declared Proxmox compares it itself; without one the sizes do, as far as they can be known. */
#include "apply/apply_priv.h"

static void not_the_same(struct phx_job *j, uint64_t there, uint64_t wanted)
{
	phx_job_failf(j, PHX_ERR_EXISTS,
		      "give the image another `filename`, or remove the file when nothing needs it",
		      "another file of that name is on the storage: it has %llu bytes, and this one %llu",
		      (unsigned long long)there, (unsigned long long)wanted);
}

/* Not every server may tell its size; then the name counts, as it does in a plan. */
static void url_read(struct phx_job *j, struct phx_answer *answer)
{
	uint64_t wanted = (uint64_t)phx_json_int(answer->data, "size", 0);

	if (wanted && j->size_there && wanted != j->size_there)
		not_the_same(j, j->size_there, wanted);
	else
		phx_job_done(j, PHX_OUT_ALREADY);
}

static void looked(struct phx_job *j, enum phx_verdict v)
{
	const struct phx_param *url = phx_job_param(j, "url");
	struct phx_params p = {0};

	if (v != PHX_VERDICT_YES) {
		phx_job_fail(j, &j->err);
		return;
	}
	phx_params_add(&j->arena, &p, PHX_STR("url"), url ? url->value : PHX_STR(""));
	phx_job_get(j,
		    phx_str_printf(&j->arena, "/nodes/" PHX_STR_FMT "/query-url-metadata",
				   PHX_STR_ARG(j->a->node)),
		    &p, url_read);
}

void phx_image_exists(struct phx_job *j, const struct phx_err *err)
{
	phx_err_copy(&j->err, err);
	phx_check_begin(j, looked);
}
