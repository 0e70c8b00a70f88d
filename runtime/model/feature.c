#include "model/feature.h"

static const struct phx_str builtins[] = {
	{"base-setup", 10},
	{"docker", 6},
	{"nfs-client", 10},
	{"nvidia", 6},
	{"ollama", 6},
	{"python-api-service", 18},
	{"qemu-guest-agent", 16},
	{"step-ca", 7},
	{"step-cli", 8},
	{"traefik", 7},
	{"trusted-ca", 10},
	{"vllm", 4},
};

const struct phx_str *phx_feature_builtins(uint32_t *out_n)
{
	*out_n = PHX_COUNTOF(builtins);
	return builtins;
}

bool phx_feature_is_builtin(struct phx_str name)
{
	for (size_t i = 0; i < PHX_COUNTOF(builtins); i++) {
		if (phx_str_eq(builtins[i], name))
			return true;
	}
	return false;
}
