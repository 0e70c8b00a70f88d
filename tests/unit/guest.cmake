phx_unit_test(guest_work SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_guest_work.c LINK phx_guest_work phx_backend_core phx_base)
phx_unit_test(guest_answers
	SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_guest_answers.c
		${CMAKE_CURRENT_LIST_DIR}/apply_lab.c ${CMAKE_CURRENT_LIST_DIR}/fake_pve.c
	LINK phx_apply)

# One suite, run once for each way into a guest.
add_executable(test_guest_channel ${CMAKE_CURRENT_LIST_DIR}/test_guest_channel.c)
target_link_libraries(test_guest_channel PRIVATE phx_guest phx_backend phx_base phx_options PkgConfig::CMOCKA)
foreach(way agent qm pct)
	add_test(NAME sim.channel_${way} COMMAND test_guest_channel ${way})
	add_test(NAME sim.channel_${way}_script COMMAND test_guest_channel ${way} script)
	set_tests_properties(sim.channel_${way} sim.channel_${way}_script PROPERTIES
		SKIP_RETURN_CODE 77 TIMEOUT 900 COST 60 ENVIRONMENT "PHX_ETC=${PROJECT_SOURCE_DIR}/etc")
endforeach()
