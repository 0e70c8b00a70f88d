/* Opening a plan file: checksum, signature, version; then every member is read. */
#include <string.h>

#include "base/sys.h"
#include "plan/plan_json.h"

enum { SUM_LEN = 64 };

static bool damaged(const char *path, struct phx_err *err, const char *what)
{
	phx_err_set(err, PHX_ERR_DATA, "%s is not a usable plan: %s", path, what);
	phx_err_hint(err, "make it again: phx plan -o %s", path);
	return false;
}

static bool tampered(const char *path, struct phx_err *err, const char *what)
{
	phx_err_set(err, PHX_ERR_DATA, "%s was tampered with, or is not from where it should be: %s", path,
		    what);
	phx_err_hint(err,
		     "do not apply it; make it again where PHX_PLAN_KEY is the right key: phx plan -o %s",
		     path);
	return false;
}

/* `…,\n  "NAME": "DIGITS"` at the end of `text`: cuts it off. */
static bool cut_member(struct phx_str *text, const char *before, struct phx_str *out_digits)
{
	size_t len = strlen(before), end;

	if (text->len < len + SUM_LEN + 1 || text->ptr[text->len - 1] != '"')
		return false;
	end = text->len - 1 - SUM_LEN;
	if (!phx_str_eqc(phx_str_slice(*text, end - len, len), before))
		return false;
	*out_digits = phx_str_slice(*text, end, SUM_LEN);
	*text = phx_str_slice(*text, 0, end - len);
	return true;
}

static bool check_signature(const char *path, bool is_signed, struct phx_str found,
			    struct phx_str signed_bytes, struct phx_str key, struct phx_arena *a,
			    struct phx_plan_file *out, struct phx_err *err)
{
	if (!key.len) {
		out->signature = is_signed ? PHX_PLAN_UNCHECKED : PHX_PLAN_UNSIGNED;
		return true;
	}
	if (!is_signed)
		return tampered(path, err, "PHX_PLAN_KEY is set, and the plan is not signed");
	if (!phx_same_bytes(phx_hmac_sha256_hex(a, key, signed_bytes), found))
		return tampered(path, err, "its signature does not fit PHX_PLAN_KEY");
	out->signature = PHX_PLAN_SIGNED;
	return true;
}

/* Only bytes that were written so are read any further. */
static bool check_seal(const char *path, struct phx_str text, struct phx_str key, struct phx_arena *a,
		       struct phx_plan_file *out, struct phx_err *err)
{
	const struct phx_str tail = PHX_STR("\n}\n");
	struct phx_str body = text, sum, sign = {0}, signed_bytes = {0};
	bool is_signed;

	if (!phx_str_ends(text, tail.ptr))
		return damaged(path, err, "it is cut off, or was written by something else");
	body.len -= tail.len;
	is_signed = cut_member(&body, PHX_PLAN_SIGN, &sign);
	signed_bytes = body;
	if (!cut_member(&body, PHX_PLAN_SEAL, &sum))
		return damaged(path, err, "it is cut off, or was written by something else");
	if (!phx_same_bytes(phx_sha256_hex(a, body), sum))
		return damaged(path, err, "its checksum does not fit: it was changed after it was written");
	out->sha256 = phx_str_dup(a, sum);
	return check_signature(path, is_signed, sign, signed_bytes, key, a, out, err);
}

/* A form that this phx does not know is refused before anything else of it is looked at. */
static bool check_format(const char *path, const json_t *doc, struct phx_err *err)
{
	struct phx_str format = phx_json_str(doc, "format"), made_by = phx_json_str(doc, "phx");
	int64_t minor = phx_json_int(doc, "minor", 0);

	if (!phx_str_eqc(format, PHX_PLAN_FORMAT)) {
		phx_err_set(err, PHX_ERR_DATA,
			    "%s has format `" PHX_STR_FMT "`, this phx reads `" PHX_PLAN_FORMAT "`", path,
			    PHX_STR_ARG(format));
		return false;
	}
	if (minor == PHX_PLAN_MINOR)
		return true;
	phx_err_set(err, PHX_ERR_DATA,
		    "%s was made by phx " PHX_STR_FMT " in form %s.%lld; this is phx " PHX_VERSION
		    ", which reads " PHX_PLAN_FORMAT ".%d",
		    path, PHX_STR_ARG(made_by), PHX_PLAN_FORMAT, (long long)minor, PHX_PLAN_MINOR);
	phx_err_hint(err, "use the phx that made it, or make the plan again: phx plan -o %s", path);
	return false;
}

static bool read_paths(const json_t *doc, struct phx_arena *a, struct phx_plan_file *out)
{
	const json_t *inputs = phx_json_get(doc, "inputs");
	const json_t *paths = inputs ? phx_json_get(inputs, "paths") : NULL;
	size_t i;
	json_t *x;

	json_array_foreach(paths, i, x)
	{
		if (!json_is_string(x))
			return false;
		phx_vec_push(a, &out->source_paths,
			     phx_str_dup(a, (struct phx_str){json_string_value(x), json_string_length(x)}));
	}
	return true;
}

bool phx_plan_file_read(const char *path, struct phx_str key, struct phx_arena *a, struct phx_plan_file *out,
			struct phx_err *err)
{
	struct phx_buf text = {0};
	struct phx_plan_file f = {0};
	bool ok = false;

	if (!phx_read_file(path, &text, err) || !check_seal(path, phx_buf_view(&text), key, a, &f, err))
		goto out;
	f.doc = phx_json_parse(phx_buf_view(&text), path, err);
	if (!f.doc || !check_format(path, f.doc, err) || !plan_from_json(f.doc, path, a, &f.plan, err))
		goto out;
	if (!read_paths(f.doc, a, &f)) {
		damaged(path, err, "`inputs.paths` is not a list of strings");
		goto out;
	}
	f.text = phx_str_dup(a, phx_buf_view(&text));
	*out = f;
	f.doc = NULL;
	ok = true;
out:
	json_decref(f.doc);
	phx_buf_done(&text);
	return ok;
}

void phx_plan_file_done(struct phx_plan_file *f)
{
	json_decref(f->doc);
	*f = (struct phx_plan_file){0};
}

bool phx_plan_file_may_apply(const struct phx_plan_file *f, struct phx_err *err)
{
	if (f->plan->offline) {
		phx_err_set(err, PHX_ERR_DATA,
			    "the plan was made without a cluster (--offline): it is for reading only");
		phx_err_hint(err, "plan again with the cluster, and review that");
		return false;
	}
	if (phx_str_eqc(f->plan->version, PHX_VERSION))
		return true;
	phx_err_set(err, PHX_ERR_DATA, "the plan was made by phx " PHX_STR_FMT ", this is " PHX_VERSION,
		    PHX_STR_ARG(f->plan->version));
	phx_err_hint(err,
		     "another version may plan otherwise; plan again with this one, or apply with that one");
	return false;
}
