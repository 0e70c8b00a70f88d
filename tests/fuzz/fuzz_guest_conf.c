/* Any guest configuration file is read to a whole document, or not at all: then Proxmox is asked. The first byte says which
 * view, and of which kind of guest. */
#include "fuzz.h"

#include <string.h>

#include "backend/pvesh/conf.h"

static void check(const char *key, const json_t *value)
{
	FUZZ_CHECK(*key);
	if (json_is_string(value)) {
		FUZZ_CHECK(strcmp(key, "description") == 0 || json_string_length(value) > 0);
		/* What was hidden stays hidden. */
		if (strcmp(key, "cipassword") == 0)
			FUZZ_CHECK(strcmp(json_string_value(value), "**********") == 0);
		return;
	}
	FUZZ_CHECK(strcmp(key, "lxc") == 0 && json_is_array(value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct phx_str text = {(const char *)data + 1, size - 1};
	struct phx_buf again = {0}, first = {0};
	json_t *doc, *value;
	const char *key;

	if (size == 0)
		return 0;
	doc = phx_conf_json(text, data[0] & 1, data[0] & 2 ? PHX_CONF_PENDING : PHX_CONF_CONFIG);
	if (!doc)
		return 0;
	FUZZ_CHECK(data[0] & 2 ? json_is_array(doc) : json_is_object(doc));
	if (json_is_object(doc)) {
		FUZZ_CHECK(json_string_length(json_object_get(doc, "digest")) == 40);
		json_object_foreach(doc, key, value)
		{
			check(key, value);
		}
	}
	phx_json_dump(doc, 0, &first);
	json_decref(doc);
	doc = phx_conf_json(text, data[0] & 1, data[0] & 2 ? PHX_CONF_PENDING : PHX_CONF_CONFIG);
	phx_json_dump(doc, 0, &again);
	FUZZ_CHECK(phx_str_eq(phx_buf_view(&first), phx_buf_view(&again)));
	json_decref(doc);
	phx_buf_done(&first);
	phx_buf_done(&again);
	return 0;
}
