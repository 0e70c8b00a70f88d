phx_fuzz(plan_file SOURCES ${CMAKE_CURRENT_LIST_DIR}/fuzz_plan_file.c
	LINK phx_report phx_plan phx_observe phx_model phx_base)
