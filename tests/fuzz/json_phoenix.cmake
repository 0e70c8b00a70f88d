phx_fuzz(json_phoenix SOURCES ${CMAKE_CURRENT_LIST_DIR}/fuzz_json_phoenix.c
	LINK phx_json phx_grammar phx_ast phx_model phx_base PkgConfig::JANSSON)
