phx_unit_test(json_corpus
	SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_json_corpus.c ${CMAKE_CURRENT_LIST_DIR}/json_text.c
	LINK phx_json phx_sema phx_grammar phx_ast phx_model phx_base)
phx_unit_test(json_tree
	SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_json_tree.c
	LINK phx_json phx_model phx_base PkgConfig::JANSSON)
phx_unit_test(json_import
	SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_json_import.c ${CMAKE_CURRENT_LIST_DIR}/json_text.c
	LINK phx_json phx_sema phx_grammar phx_ast phx_model phx_base)
