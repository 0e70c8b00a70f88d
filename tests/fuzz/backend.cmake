phx_fuzz(http_reply SOURCES ${CMAKE_CURRENT_LIST_DIR}/fuzz_http_reply.c
	LINK phx_backend_api phx_backend_core phx_base CURL::libcurl)
