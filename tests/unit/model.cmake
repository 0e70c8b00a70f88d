foreach(part graph_build graph_check)
	phx_unit_test(${part}
		SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_${part}.c ${CMAKE_CURRENT_LIST_DIR}/model_text.c
		LINK phx_model phx_base)
endforeach()
