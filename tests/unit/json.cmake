phx_unit_test(json_corpus
	SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_json_corpus.c ${CMAKE_CURRENT_LIST_DIR}/json_text.c
	LINK phx_json phx_sema phx_grammar phx_ast phx_model phx_base)
