foreach(part schema graph_build graph_check graph_clone graph_order cloud_init lxc)
	phx_unit_test(${part}
		SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_${part}.c ${CMAKE_CURRENT_LIST_DIR}/model_text.c
		LINK phx_model phx_base)
endforeach()
phx_unit_test(marker SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_marker.c LINK phx_model phx_base)
phx_unit_test(access SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_access.c LINK phx_model phx_base)
