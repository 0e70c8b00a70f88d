phx_unit_test(option_recordings
	SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_option_recordings.c ${CMAKE_CURRENT_LIST_DIR}/options_recorded.c
	LINK phx_model phx_base)
foreach(part pattern option_table option_check)
	phx_unit_test(${part} SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_${part}.c LINK phx_model phx_base)
endforeach()
