foreach(part store clock body connect)
	phx_unit_test(sim_${part} SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_sim_${part}.c LINK phx_sim)
endforeach()
