#include "base/library.h"

#include <dlfcn.h>
#include <string.h>

bool phx_library_load(const char *file, const char *package, const struct phx_library_symbol *symbols,
		      size_t n, struct phx_err *err)
{
	void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL);

	if (!library) {
		phx_err_set(err, PHX_ERR_IO, "a library cannot be loaded: %s", dlerror());
		phx_err_hint(err, "install it: apt-get install %s", package);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		void *symbol = dlsym(library, symbols[i].name);

		if (!symbol) {
			phx_err_set(err, PHX_ERR_IO, "%s has no function %s: it is too old", file,
				    symbols[i].name);
			phx_err_hint(err, "install a newer one (Debian 12 has it): apt-get install %s",
				     package);
			dlclose(library);
			return false;
		}
		memcpy(symbols[i].at, &symbol, sizeof(symbol));
	}
	return true;
}
