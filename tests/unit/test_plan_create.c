#include "plan_lab.h"

static const char base[] =
	"image noble { url = \"https://x.org/noble.img\"; storage = \"local\"; checksum = \"sha256:"
	"0123456789012345678901234567890123456789012345678901234567890123\" }\n"
	"vm base { id = 9000; template = true; image = image.noble; storage = \"ssd\"; disk = 8GiB; cores = "
	"2; memory = 2GiB\n"
	"  network { ip = dhcp } }\n"
	"vm web { id = 101; clone = vm.base; disk = 16GiB; network { ip = 10.0.0.2/24; gw = 10.0.0.1 }; tags "
	"= [\"prod\"] }\n";

static void a_template_and_its_clone_are_made_in_order(void **state)
{
	struct lab l = {0};
	struct phx_plan *p;

	(void)state;
	lab_open(&l, base);
	p = lab_good_plan(&l);
	puts(lab_text(&l, p));
	assert_true(lab_before(p, lab_action(p, 0, PHX_OP_IMAGE_DOWNLOAD, 0),
			       lab_action(p, 9000, PHX_OP_CREATE, 0)));
	assert_true(
		lab_before(p, lab_action(p, 9000, PHX_OP_TEMPLATE, 0), lab_action(p, 101, PHX_OP_CLONE, 0)));
	lab_converge(&l);
	lab_close(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_template_and_its_clone_are_made_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
