/* What a fuzz target defines, and how it says that an invariant does not hold. */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Takes any bytes; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(condition)                                                                                \
	do {                                                                                                 \
		if (!(condition)) {                                                                          \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);       \
			abort();                                                                             \
		}                                                                                            \
	} while (0)
