#include "model_text.h"

static void an_image_vm_gets_what_makes_it_boot(void **state)
{
	struct world w = {0};

	(void)state;
	world_build(&w, "image noble { url = \"https://x.org/noble.img\"; storage = \"local\" }\n"
			"vm web { id = 100; image = image.noble; storage = \"ssd\"; disk = 32GiB; cores = 2; memory = 8GiB\n"
			"  network { ip = dhcp } }\n");
	assert_true(is_clean(&w));
	assert_string_equal(setting(&w, "vm.web", "cores"), "2");
	assert_string_equal(setting(&w, "vm.web", "memory"), "8192");
	assert_string_equal(setting(&w, "vm.web", "boot"), "order=scsi0");
	assert_string_equal(setting(&w, "vm.web", "scsihw"), "virtio-scsi-single");
	assert_string_equal(setting(&w, "vm.web", "agent"), "enabled=1");
	assert_true(guest(&w, "vm.web")->agent);
	assert_true(guest(&w, "vm.web")->cloud_init);
	assert_int_equal(volume(&w, "vm.web", "scsi0")->source, PHX_VOL_IMPORT);
	assert_int_equal(volume(&w, "vm.web", "ide2")->source, PHX_VOL_CLOUDINIT);
	assert_str(volume(&w, "vm.web", "ide2")->storage, "ssd");
	assert_true(volume(&w, "vm.web", "scsi0")->size == 32ull << 30);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_image_vm_gets_what_makes_it_boot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
