/* Replays files through a fuzz target without libFuzzer: each as it is, cut off at many lengths, and with bytes changed.
 * What is changed depends on the file only, so a failure comes again. */
#include "fuzz.h"

#include <string.h>

enum { CUTS = 64, CHANGES = 200 };

/* A copy of exactly this size: what is read behind it is then found by the address sanitizer. */
static void run(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	FUZZ_CHECK(copy);
	if (size)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void run_damaged(uint8_t *data, size_t size)
{
	static const char special[] = "\"\\{}[](),:=$#\n\r\t \0\x7f\x80\xc3\xff-0";
	uint32_t state = 0x9E3779B9U ^ (uint32_t)size;

	for (size_t i = 0; i < CUTS && i < size; i++)
		run(data, size <= CUTS ? i : size * i / CUTS);
	for (int i = 0; i < CHANGES && size; i++) {
		size_t at = next_random(&state) % size;
		uint8_t was = data[at];
		uint32_t how = next_random(&state);

		data[at] = how & 1 ? (uint8_t)special[how / 2 % (sizeof(special) - 1)] : (uint8_t)(how >> 8);
		run(data, size);
		data[at] = was;
	}
}

static uint8_t *read_file(const char *path, size_t *out_size)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t cap = 0, n;

	*out_size = 0;
	if (!f) {
		perror(path);
		exit(1);
	}
	do {
		cap = cap ? cap * 2 : 4096;
		data = realloc(data, cap);
		FUZZ_CHECK(data);
		n = fread(data + *out_size, 1, cap - *out_size, f);
		*out_size += n;
	} while (n && *out_size == cap);
	if (ferror(f)) {
		perror(path);
		exit(1);
	}
	fclose(f);
	return data;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s FILE…\n", argv[0]);
		return 64;
	}
	for (int i = 1; i < argc; i++) {
		size_t size;
		uint8_t *data = read_file(argv[i], &size);

		fprintf(stderr, "%s\n", argv[i]); /* stderr is there when the next step ends the process */
		run(data, size);
		run_damaged(data, size);
		free(data);
	}
	return 0;
}
