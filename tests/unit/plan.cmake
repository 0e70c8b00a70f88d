foreach(part create own update)
	phx_unit_test(plan_${part}
		SOURCES
			${CMAKE_CURRENT_LIST_DIR}/test_plan_${part}.c
			${CMAKE_CURRENT_LIST_DIR}/plan_lab.c
			${CMAKE_CURRENT_LIST_DIR}/plan_report_lab.c
			${CMAKE_CURRENT_LIST_DIR}/plan_cluster.c
			${CMAKE_CURRENT_LIST_DIR}/model_text.c
		LINK phx_report phx_plan phx_observe phx_model phx_base)
endforeach()
