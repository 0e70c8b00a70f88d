phx_unit_test(backend_errors SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_backend_errors.c LINK phx_backend_core phx_base)
phx_unit_test(backend_inside SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_backend_inside.c LINK phx_backend_core phx_base)
phx_unit_test(backend_task SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_backend_task.c LINK phx_backend_core phx_base)
phx_unit_test(backend_api
	SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_backend_api.c ${CMAKE_CURRENT_LIST_DIR}/fake_http.c
	LINK phx_backend_api phx_backend_core phx_base OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
phx_unit_test(backend_tls
	SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_backend_tls.c ${CMAKE_CURRENT_LIST_DIR}/fake_http.c
	LINK phx_backend_api phx_backend_core phx_base OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
phx_unit_test(backend_recordings
	SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_backend_recordings.c ${CMAKE_CURRENT_LIST_DIR}/fake_http.c
	LINK phx_backend_api phx_backend_core phx_base OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
phx_unit_test(backend_process SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_backend_process.c LINK phx_backend_core phx_base)
phx_unit_test(backend_ssh SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_backend_ssh.c
	LINK phx_backend_api phx_backend_pvesh phx_backend_host phx_backend_core phx_base)
phx_unit_test(backend_pvesh SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_backend_pvesh.c
	LINK phx_backend_pvesh phx_backend_host phx_backend_core phx_base PkgConfig::JANSSON)
phx_unit_test(backend_tool SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_backend_tool.c
	LINK phx_backend_core phx_base PkgConfig::JANSSON)
