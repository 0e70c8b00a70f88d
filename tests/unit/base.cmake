foreach(part arena buf diag err json map secret snippet source str sys utf8 yaml)
	phx_unit_test(base_${part} SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_base_${part}.c LINK phx_base)
endforeach()
