foreach(part pattern option_table option_check propstring normalise endpoint)
	phx_unit_test(${part} SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_${part}.c LINK phx_model phx_base)
endforeach()
phx_unit_test(option_recordings
	SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_option_recordings.c ${CMAKE_CURRENT_LIST_DIR}/options_recorded.c
	LINK phx_model phx_base)

add_test(NAME unit.option_generator
	COMMAND ${CMAKE_CURRENT_LIST_DIR}/options_generated.sh ${PROJECT_SOURCE_DIR})
set_tests_properties(unit.option_generator PROPERTIES SKIP_RETURN_CODE 77
	ENVIRONMENT "PHX_TEST_SHARED=${PROJECT_SOURCE_DIR}/../shared")
