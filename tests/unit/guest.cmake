phx_unit_test(guest_work SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_guest_work.c LINK phx_guest_work phx_backend_core phx_base)
