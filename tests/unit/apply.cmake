phx_unit_test(apply_schedule SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_apply_schedule.c LINK phx_apply)
phx_unit_test(apply_journal SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_apply_journal.c LINK phx_apply)
phx_unit_test(apply_lock SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_apply_lock.c LINK phx_apply)
foreach(part answers lost node probe run stack step wait)
	phx_unit_test(apply_${part}
		SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_apply_${part}.c
			${CMAKE_CURRENT_LIST_DIR}/apply_lab.c ${CMAKE_CURRENT_LIST_DIR}/fake_pve.c
		LINK phx_apply Threads::Threads)
endforeach()
phx_unit_test(apply_progress SOURCES ${CMAKE_CURRENT_LIST_DIR}/test_apply_progress.c LINK phx_apply)
