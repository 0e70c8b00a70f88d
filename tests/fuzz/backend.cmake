phx_fuzz(http_reply SOURCES ${CMAKE_CURRENT_LIST_DIR}/fuzz_http_reply.c
	LINK phx_backend_api phx_backend_core phx_base CURL::libcurl)
phx_fuzz(guest_conf SOURCES ${CMAKE_CURRENT_LIST_DIR}/fuzz_guest_conf.c
	LINK phx_backend_pvesh phx_backend_core phx_base PkgConfig::JANSSON)
