set(plan_lab
	${CMAKE_CURRENT_LIST_DIR}/plan_lab.c
	${CMAKE_CURRENT_LIST_DIR}/plan_report_lab.c
	${CMAKE_CURRENT_LIST_DIR}/plan_chance.c
	${CMAKE_CURRENT_LIST_DIR}/plan_cluster.c
	${CMAKE_CURRENT_LIST_DIR}/plan_endpoint.c
	${CMAKE_CURRENT_LIST_DIR}/model_text.c)
foreach(part observe plan_create plan_file plan_own plan_preflight plan_random plan_state plan_steps plan_update report)
	phx_unit_test(${part}
		SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_${part}.c ${plan_lab}
		LINK phx_report phx_plan phx_observe phx_model phx_base)
endforeach()
