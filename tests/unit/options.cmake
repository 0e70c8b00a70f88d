phx_unit_test(option_recordings
	SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_option_recordings.c ${CMAKE_CURRENT_LIST_DIR}/options_recorded.c
	LINK phx_model phx_base)
